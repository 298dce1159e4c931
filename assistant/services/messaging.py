"""Saying something, by text or by mail: a row first, sent afterwards, each once, and never past the gate."""

from datetime import datetime, timedelta

from assistant.db.messages import Leased, in_doubt, known_ids, lease_next
from assistant.domain import phones, quiet_hours
from assistant.domain.consent import Allowed, Blocked, ContactState, MessageClass, may_send
from assistant.domain.delivery import Act, Status, backoff, remedy
from assistant.domain.quiet_hours import Closed, Open
from assistant.doorbells import Doorbell
from assistant.gateways.email_port import Mail
from assistant.gateways.ports import Accepted, Answer, Refused, Text, Unanswered
from assistant.messages import render
from assistant.messages.about_money import ABOUT_MONEY
from assistant.messages.catalog import Message
from assistant.runtime import Runtime, UnitOfWork
from assistant.sealing import Seal
from assistant.services import consent, mail_out, message_errors
from assistant.services.addressing import Addressee

__all__ = ["Addressee", "deliver_next", "heard", "resolve_doubt", "tell"]

LEASE = timedelta(seconds=60)
"""How long a worker has to ask the provider and write its answer: well above the provider's own time-outs."""
DOUBT = timedelta(seconds=60)
"""How long a callback has to resolve a lost answer before the provider is looked up."""
LIFE = {
    MessageClass.OPTOUT_CONFIRM: timedelta(minutes=5),
    MessageClass.CONVERSATION_REPLY: timedelta(hours=24),
    MessageClass.TRANSACTIONAL: timedelta(hours=24),
    MessageClass.MARKETING: timedelta(hours=24),
}
"""After this a message is too old to be worth reading; a confirmation of STOP is presumed consented to for five minutes
(`rules.md` 1.7)."""
NOBODY_ELSES = """NOT EXISTS (
    SELECT 1 FROM outbound_message o WHERE o.spa_id = outbound_message.spa_id AND o.provider_id = %s)"""
"""A provider's id names one message of ours: another that has it was there first."""
MOST_ATTEMPTS = 8
SENDER_AWAY = timedelta(minutes=15)
"""How long everything waits when the spa's own number may not send."""


def tell(
    uow: UnitOfWork,
    to: Addressee,
    message: Message,
    *,
    key: str,
    answers: int | None = None,
    owed_invoice: int | None = None,
) -> None:
    """Write down what is to be said, once for its key; it is sent after the commit.

    What asks for an invoice to be paid (`owed_invoice`) is not sent once that is settled.
    """
    if to.channel == "email":
        mail_out.write(uow, to, message, key=key, answers=answers, owed_invoice=owed_invoice)
        return
    words = render.sms(message, to.locale)
    uow.sql(
        """INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale,
                                         body, segments, answers_event_id, owed_invoice_id, created_at, due_at,
                                         expires_at)
           VALUES (%s, %s, 'sms', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
        (
            to.spa_id,
            key,
            to.client_id,
            to.number,
            words.name,
            message.message_class.value,
            to.locale,
            uow.links.seal.close(words.body),
            words.size.segments,
            answers,
            owed_invoice,
            uow.now,
            uow.now,
            uow.now + LIFE[message.message_class],
        ),
    )
    uow.later(Doorbell.DELIVER)


def deliver_next(rt: Runtime) -> bool:
    """Send the next waiting message: lease it past the gate, ask the provider, write the answer. False when none waits.

    The provider is asked between two transactions. A worker that dies in between leaves the message in doubt, never
    lost and never blindly repeated.
    """
    with rt.unit_of_work() as uow:
        leased = lease_next(uow, uow.now, uow.now + LEASE)
        message = None if leased is None else _past_the_gate(uow, leased)
    if leased is None:
        return False
    if message is not None:
        answer = rt.emails.send(message) if isinstance(message, Mail) else rt.texts.send(message)
        with rt.unit_of_work() as uow:
            _answered(uow, leased, answer)
    return True


def _past_the_gate(uow: UnitOfWork, leased: Leased) -> Text | Mail | None:
    """The one gate, in the transaction that commits the intention: None when it may not be sent now, or ever."""
    verdict = mail_out.verdict(uow, leased) if leased.channel == "email" else _verdict(uow, leased)
    match verdict:
        case str() as reason:
            finish(uow, leased, Status.DROPPED, reason=reason)
            mail_out.not_sent(uow, leased, reason)
        case datetime() as until:
            wait(uow, leased, until)
        case Open():
            uow.sql(
                "UPDATE outbound_message SET asked_at = %s, attempts = attempts + 1 WHERE spa_id = %s AND id = %s",
                (uow.now, leased.spa_id, leased.id),
            )
            if leased.channel == "email":
                return mail_out.compose(uow, leased)
            return text_of(uow.links.seal, leased, validity_seconds=quiet_hours.validity_seconds(verdict))
    return None


def _verdict(uow: UnitOfWork, leased: Leased) -> Open | datetime | str:
    """Open; or when to try again; or why never. An opt-out that is being kept at this instant is waited for."""
    message_class = MessageClass(leased.message_class)
    contact = consent.locked_state(uow, leased.spa_id, leased.recipient)
    if leased.expires_at <= uow.now:
        return "too_old"
    if leased.settled:
        return "settled"
    if isinstance(allowed := _may_send(leased, contact, uow.now), Blocked):
        return allowed.reason
    if leased.sending_stopped:
        return uow.now + SENDER_AWAY
    match quiet_hours.window(message_class, phones.zones(leased.recipient, leased.zone), uow.now):
        case Closed(until):
            return until
        case opening:
            return opening


def _may_send(leased: Leased, contact: ContactState, now: datetime) -> Allowed | Blocked:
    about_money = leased.message in ABOUT_MONEY
    return may_send(MessageClass(leased.message_class), contact, now, about_money=about_money)


def text_of(seal: Seal, leased: Leased, *, validity_seconds: int) -> Text:
    return Text(
        spa_id=leased.spa_id,
        message_id=leased.id,
        sender=leased.sender,
        recipient=leased.recipient,
        body=seal.open(leased.body),
        validity_seconds=validity_seconds,
    )


def wait(uow: UnitOfWork, leased: Leased, until: datetime) -> None:
    """Its turn comes later: nobody was asked, or nobody took it."""
    uow.sql(
        "UPDATE outbound_message SET due_at = %s, leased_until = NULL, asked_at = NULL"
        " WHERE spa_id = %s AND id = %s AND epoch = %s AND status = 'waiting'",
        (until, leased.spa_id, leased.id, leased.epoch),
    )


def finish(
    uow: UnitOfWork, leased: Leased, status: Status, *, reason: str | None = None, code: int | None = None
) -> bool:
    """The last word on a message, unless someone else has had it."""
    done = uow.sql(
        "UPDATE outbound_message SET status = %s, reason = %s, error_code = %s, leased_until = NULL, settled_at = %s"
        " WHERE spa_id = %s AND id = %s AND epoch = %s AND status = 'waiting'",
        (status.value, reason, code, uow.now, leased.spa_id, leased.id, leased.epoch),
    )
    return done.rowcount == 1


def _answered(uow: UnitOfWork, leased: Leased, answer: Answer) -> None:
    """Write what the provider said, if the lease is still ours; a callback may have said more already."""
    match answer:
        case Accepted(provider_id):
            uow.sql(
                "UPDATE outbound_message SET provider_id = %s, leased_until = NULL,"
                " status = CASE WHEN status = 'waiting' THEN 'accepted' ELSE status END"
                f" WHERE spa_id = %s AND id = %s AND provider_id IS NULL AND {NOBODY_ELSES}",
                (provider_id, leased.spa_id, leased.id, provider_id),
            )
        case Unanswered(reason):
            uow.sql(
                "UPDATE outbound_message SET leased_until = NULL, reason = %s"
                " WHERE spa_id = %s AND id = %s AND epoch = %s AND status = 'waiting'",
                (reason, leased.spa_id, leased.id, leased.epoch),
            )
        case Refused(code, _):
            refused(uow, leased, code)


def refused(uow: UnitOfWork, leased: Leased, code: int) -> None:
    match remedy(code, leased.channel).act:
        case Act.SLOW_DOWN if leased.attempts + 1 < MOST_ATTEMPTS:
            wait(uow, leased, uow.now + backoff(leased.attempts + 1))
        case Act.HOLD:
            wait(uow, leased, uow.now + SENDER_AWAY)
            mail_out.held(uow, leased, code)
        case _ if finish(uow, leased, Status.FAILED, reason="refused", code=code):
            message_errors.act_on(uow, leased.spa_id, leased.id, code, leased.channel)
            mail_out.not_sent(uow, leased, "refused")
        case _:
            pass


def heard(uow: UnitOfWork, spa_id: int, message_id: int, *, provider_id: str, status: Status, code: int | None) -> bool:
    """A provider's callback: the status moves forward or stays. Also what resolves a send whose answer was lost.

    False when we know no such message, or have it under another provider id.
    """
    row = uow.sql(
        """UPDATE outbound_message SET provider_id = %(provider_id)s, error_code = coalesce(%(code)s, error_code),
                  leased_until = NULL, status = %(status)s,
                  settled_at = CASE WHEN %(final)s THEN %(now)s ELSE settled_at END
           WHERE spa_id = %(spa)s AND id = %(id)s AND coalesce(provider_id, %(provider_id)s) = %(provider_id)s
             AND status_rank(status) < status_rank(%(status)s) AND NOT EXISTS (
                 SELECT 1 FROM outbound_message o
                 WHERE o.spa_id = %(spa)s AND o.provider_id = %(provider_id)s AND o.id <> %(id)s)
           RETURNING id""",
        {
            "provider_id": provider_id,
            "code": code,
            "status": status.value,
            "final": status in {Status.DELIVERED, Status.UNDELIVERED, Status.FAILED},
            "now": uow.now,
            "spa": spa_id,
            "id": message_id,
        },
    ).fetchone()
    if row is not None and code and status in {Status.UNDELIVERED, Status.FAILED}:
        message_errors.act_on(uow, spa_id, message_id, code)
    return row is not None


def resolve_doubt(rt: Runtime) -> int:
    """Look up every message whose answer was lost and whose callback has not come. Returns how many were settled.

    Found: it was sent. Not found: it was not, and is sent once more; an offer is dropped (`reliability.md` F27). Mail
    cannot be looked up: its events have longer to come.
    """
    with rt.unit_of_work() as uow:
        doubted = in_doubt(uow, uow.now, uow.now - DOUBT)
        mails = in_doubt(uow, uow.now, uow.now - mail_out.DOUBT, "email")
    return sum(_resolve(rt, each) for each in doubted) + sum(_resolve_mail(rt, each) for each in mails)


def _resolve_mail(rt: Runtime, doubted: Leased) -> bool:
    """No event has come. It is sent once more, an offer never: one Message-ID, so two copies read as one."""
    with rt.unit_of_work() as uow:
        if doubted.message_class == MessageClass.MARKETING:
            return finish(uow, doubted, Status.DROPPED, reason="in_doubt")
        if doubted.attempts < mail_out.MOST_SENDS:
            wait(uow, doubted, uow.now)
            uow.later(Doorbell.DELIVER)
            return True
        finished = finish(uow, doubted, Status.FAILED, reason="in_doubt")
        mail_out.not_sent(uow, doubted, "in_doubt")
        return finished


def _resolve(rt: Runtime, doubted: Leased) -> bool:
    """Look one up. What is known is read anew for each: two alike may both be in doubt, and are two messages."""
    with rt.unit_of_work() as uow:
        known = known_ids(uow, doubted.spa_id, doubted.recipient)
        since = doubted.asked_at or uow.now
    found = rt.texts.find(text_of(rt.seal, doubted, validity_seconds=1), since=since, known=known)
    with rt.unit_of_work() as uow:
        return _resolved(uow, doubted, found)


def _resolved(uow: UnitOfWork, leased: Leased, found: Answer | None) -> bool:
    match found:
        case Accepted():
            _answered(uow, leased, found)
        case None if leased.message_class == MessageClass.MARKETING:
            finish(uow, leased, Status.DROPPED, reason="in_doubt")
        case None if leased.attempts >= MOST_ATTEMPTS:
            finish(uow, leased, Status.FAILED, reason="never_taken")
        case None:
            wait(uow, leased, uow.now)
            uow.later(Doorbell.DELIVER)
        case _:
            return False
    return True
