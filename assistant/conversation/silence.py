"""Which texts are rightly not answered: of an opted-out phone, of no phone at all, reactions, a person's thread."""

from assistant.conversation.intents.billing_texts import asks_for_it
from assistant.conversation.turn import Turn
from assistant.domain import compliance, phones
from assistant.domain.compliance import Compliance

SAME = {"retry": "pay", "no": "undo", "wrong_number": "stop"}
"""Finer intents that another one's handler answers."""
EVEN_SO = frozenset({"stop", "start", "help", "medical"})
"""What is answered though a person has the thread."""


def reason(turn: Turn, *, owned: bool) -> str | None:
    """Why this text is not to be answered, if it is not. Who has opted out is heard on nothing but STOP and START."""
    if turn.channel == "sms" and not _is_phone(turn):
        return "not_a_phone"
    if compliance.read(turn.event.body, turn.event.facts.get("OptOutType")) is Compliance.TAPBACK:
        return "tapback"
    meant, billing = outranking(turn), turn.opted_out and asks_for_billing(turn)
    if turn.opted_out and not {"stop", "start"} & meant and not billing:
        return "opted_out"
    return "person_has_it" if owned and EVEN_SO.isdisjoint(meant) and not billing else None


def outranking(turn: Turn) -> set[str]:
    """What was meant; and a stop, where one was heard when the text was kept, whatever else was understood."""
    stops = {"stop"} if _stopped_when_kept(turn) and turn.channel == "sms" else set[str]()
    named = {SAME.get(name, name) for name in turn.reading.wanted} | stops
    return named - {"start"} if asks_for_billing(turn) else named


def asks_for_billing(turn: Turn) -> bool:
    """The one wish of an opted-out phone beside START. A carrier that takes BILLING for a START word hints so."""
    hinted = turn.event.facts.get("OptOutType") in {None, "", "START"}
    return turn.channel == "sms" and bool(turn.people) and hinted and asks_for_it(turn.event.body, turn.reading.wanted)


def _stopped_when_kept(turn: Turn) -> bool:
    return compliance.read(turn.event.body, turn.event.facts.get("OptOutType")) is Compliance.STOP


def _is_phone(turn: Turn) -> bool:
    """Something that can be texted back: not a short code, and not a name."""
    return phones.parse(turn.event.sender) == turn.event.sender
