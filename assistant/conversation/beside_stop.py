"""What was asked for in one breath with a STOP: no text answers it any more, mail and a person do (`rules.md` 1.11)."""

from dataclasses import replace

from assistant.conversation import dialogue, to_person
from assistant.conversation.acting import BARE_ENDS
from assistant.conversation.turn import Turn
from assistant.db import members, reach
from assistant.db.clients import Speaker
from assistant.domain import stored
from assistant.domain.calendar import local_day
from assistant.domain.evidence import Freshness
from assistant.domain.leaving import LeaveQuote
from assistant.domain.words import matchable
from assistant.messages.handover import LeaveByMail
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, leave_notices, messaging
from assistant.services.addressing import Addressee

NOTHING_MORE = frozenset({"stop", "leave", "wrong_number", "thanks", "yes", "no", "unknown", "help"})
"""Of these nothing is left to do."""


def follow(uow: UnitOfWork, turn: Turn) -> None:
    """The membership's end is quoted by mail, and a person's dated case until it is settled; the rest is a person's."""
    event = turn.event
    if "leave" in turn.reading.wanted and turn.reading.opt_out:
        for person in turn.people:
            leave_notices.asked_with_the_texts(
                uow, event.spa_id, person.client_id, event_id=event.id, asked_at=event.received_at
            )
        if len(turn.people) == 1 and turn.fresh is Freshness.FRESH:  # of two nobody knows whose is meant
            _quote_by_mail(uow, turn, turn.people[0])
    if turn.people and set(turn.reading.wanted) - NOTHING_MORE:
        to_person.hand_over(uow, turn, "beside_stop")


def _quote_by_mail(uow: UnitOfWork, turn: Turn, person: Speaker) -> None:
    """With a token that counts from that address: whoever reads their mail ends it with one answer."""
    spa_id = turn.event.spa_id
    address = reach.mail_address(uow, spa_id, person.client_id)
    membership_id = members.live(uow, spa_id, person.client_id, "leave")
    if address is None or membership_id is None:
        return
    quote = cancellations.quote_cancel(uow, spa_id, membership_id)
    if not isinstance(quote, LeaveQuote):
        return
    by_mail = replace(turn, event=replace(turn.event, channel="email", sender=address, body="LEAVE"), questions=())
    facts = {"membership": membership_id, "quote": stored.written(quote)}
    message = LeaveByMail(
        first_name=person.first_name,
        plan=members.plan(uow, spa_id, membership_id),
        token=dialogue.ask(uow, by_mail, person, "leave", facts),
        effective_on=quote.effective_on if quote.effective_on > local_day(uow.now, turn.house.zone) else None,
        charges_left=quote.charges_left,
        sure=matchable(turn.event.body) not in BARE_ENDS,
        help_phone=turn.house.help_phone,
    )
    to = Addressee(spa_id, address, person.locale, person.client_id, "email")
    messaging.tell(uow, to, message, key=f"leave-by-mail:{turn.event.id}")
