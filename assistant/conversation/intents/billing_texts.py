"""BILLING: texts about payments and no others, after a STOP too; and who wants fewer texts gets no offers."""

from assistant.conversation import to_person
from assistant.conversation.normalise import plain
from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db import inbox, plans
from assistant.domain.calendar import local_day
from assistant.domain.membership import Standing
from assistant.domain.words import matchable
from assistant.messages.catalog import Help, UnknownNumber
from assistant.messages.talk import BillingTexts, PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import consent

MONEY = frozenset("billing bill payment payments account cobro cobros pago pagos cuenta".split())
WISH = frozenset("only just keep want continue solo solamente nomas quiero sigan".split())
DENIAL = frozenset("no not stop never quit without nothing ni nunca sin nada quitar cancelar".split())
COURTESY = frozenset("please thanks thank you yes ok si por favor gracias".split())
ASKS = frozenset("what what's how why que cuantos cada por".split())


def asks_for_it(body: str, wanted: tuple[str, ...]) -> bool:
    """Whether words plainly ask for texts about payments: of one who opted out nothing less counts.

    `wanted` is what they were understood as: this, and nothing else.
    """
    said = plain(body).split()
    bare = " ".join(word for word in said if word not in COURTESY)
    if bare in {matchable(word) for words in billing_texts.words.values() for word in words}:
        return True
    words = set(said)
    return wanted == ("billing_texts",) and bool(words & MONEY and words & WISH) and words.isdisjoint(DENIAL)


@intent(
    "billing_texts",
    en=("BILLING", "BILLING TEXTS", "BILLING ONLY", "ONLY BILLING"),
    es=("COBROS", "SOLO COBROS", "MENSAJES DE COBROS"),
)
def billing_texts(uow: UnitOfWork, turn: Turn) -> Answer:
    """A number's wish, whoever of several has it; offers end in any case (`features.md` E5)."""
    event, house = turn.event, turn.house
    if turn.channel == "email":  # which of their phones is meant, only a person can ask
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    if not turn.people:
        return say(UnknownNumber(spa=house.name, help_phone=house.help_phone))
    if turn.stopped_at is not None:
        return _after_a_stop(uow, turn)
    if _only_asks(event.body):
        return say(Help(spa=house.name, help_phone=house.help_phone, help_email=house.help_email))
    held = consent.hold_offers(uow, house.spa_id, event.sender, _source(turn))
    return say(BillingTexts(spa=house.name, already=not held, after_stop=False))


def _after_a_stop(uow: UnitOfWork, turn: Turn) -> Answer:
    """Only where we can send at all: what the carrier itself has blocked takes a START."""
    event, house = turn.event, turn.house
    if turn.billing:
        return say(BillingTexts(spa=house.name, already=True, after_stop=True))
    if event.facts.get("OptOutType") != "START" and _carrier_blocks(uow, turn):
        return Silence("carrier_blocks")
    if not has_membership(uow, turn):
        return Silence("opted_out")
    asked = consent.billing_only(
        uow, house.spa_id, event.sender, _source(turn), said_at=event.received_at, event_id=event.id
    )
    if not asked:
        return Silence("stopped_since")
    return say(BillingTexts(spa=house.name, already=False, after_stop=True))


def has_membership(uow: UnitOfWork, turn: Turn) -> bool:
    """Whether there is any payment of anyone's on this phone to tell of."""
    today = local_day(uow.now, turn.house.zone)
    found = (plans.enrolment(uow, turn.house.spa_id, each.client_id, today) for each in turn.people)
    return any(each is not None and each.standing is not Standing.ENDED for each in found)


def _carrier_blocks(uow: UnitOfWork, turn: Turn) -> bool:
    assert turn.stopped_at is not None  # noqa: S101 - whoever asks has looked
    confirmed = inbox.last_stop(uow, turn.event, since=turn.stopped_at)
    return confirmed == inbox.CARRIER_CONFIRMS or consent.stopped_by_carrier(uow, turn.event.spa_id, turn.event.sender)


def _only_asks(body: str) -> bool:
    """A question about the texts is answered, and ends nothing."""
    first = plain(body).split()[:1]
    return body.rstrip().endswith("?") or not ASKS.isdisjoint(first)


def _source(turn: Turn) -> consent.Source:
    return consent.Source("member", {"event": turn.event.id, "external_id": turn.event.external_id})
