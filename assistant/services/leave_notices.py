"""What is said when somebody leaves, and when nothing may ever be said again."""

from datetime import datetime
from functools import partial

from assistant.db import members
from assistant.db.members import Held
from assistant.db.spas import credit_words, house
from assistant.domain.calendar import local_day
from assistant.domain.credits import LotClass, holdings
from assistant.domain.leaving import LeaveQuote
from assistant.messages import render
from assistant.messages.catalog import Credits, LeaveConfirmed
from assistant.runtime import UnitOfWork
from assistant.services import audit, consent, credits, messaging, tasks
from assistant.services.addressing import way_to
from assistant.services.consent import Source


def kept(uow: UnitOfWork, spa_id: int, client_id: int, locale: str, zone: str) -> tuple[Credits, ...]:
    """What was paid for, in words: it stays theirs with no end (`rules.md` 6.12)."""
    words = credit_words(uow, spa_id, locale)
    paid = (each for each in credits.lots(uow, spa_id, client_id) if each.lot_class is not LotClass.PROMO)
    return tuple(Credits.of(words, each.unit, each.amount) for each in holdings(paid, local_day(uow.now, zone)))


def acknowledge(uow: UnitOfWork, held: Held, quote: LeaveQuote, code: str, *, told_by: str) -> None:
    """Who left by another way than a text is told by one: the number, the day, and what stays (`rules.md` 6.4).

    `told_by`: the channel on which they were told already.
    """
    way = way_to(uow, held.spa_id, held.client_id)
    if way is None or way.to.channel == told_by:
        return
    said = partial(
        LeaveConfirmed,
        first_name=way.first_name,
        plan=held.plan,
        code=code,
        effective_on=quote.effective_on,
        ended=quote.effective_on <= held.today,
        charges_left=quote.charges_left,
        credits_until=quote.credits_until,
        cash_out_cents=quote.cash_out_cents,
        help_phone=house(uow, held.spa_id).help_phone,
    )
    full = said(kept=kept(uow, held.spa_id, held.client_id, way.locale, held.zone))
    fits = way.to.channel == "email" or render.sms(full, way.locale).size.segments <= render.MOST_SEGMENTS
    messaging.tell(uow, way.to, full if fits else said(kept=()), key=f"left:{code}")


def asked_with_the_texts(uow: UnitOfWork, spa_id: int, client_id: int, *, event_id: int, asked_at: datetime) -> None:
    """A bare CANCEL ended the texts, and may have meant the membership too: a person asks, and nothing is charged until
    then (`features.md` N19, `rules.md` 1.11). Not of one who has no membership, or leaves already.
    """
    if (membership_id := members.live(uow, spa_id, client_id, "leave")) is None:
        return
    held = members.held(uow, spa_id, membership_id, uow.now)
    if held is not None and held.leaves_on is None:
        facts = {"membership": membership_id, "asked_at": asked_at.isoformat()}
        key = f"cancel_asked:{client_id}:{event_id}"
        tasks.open_task(uow, spa_id, key=key, kind="cancel_asked", client_id=client_id, facts=facts)


def answered(uow: UnitOfWork, spa_id: int, client_id: int, *, by: str) -> None:
    """They have left: nobody needs to ask any more."""
    rows = uow.sql(
        "SELECT key FROM staff_task WHERE spa_id = %s AND client_id = %s AND kind = 'cancel_asked'"
        " AND closed_at IS NULL",
        (spa_id, client_id),
    )
    for (key,) in rows.fetchall():
        tasks.close_task(uow, spa_id, key, by=by, resolution="left")


PHONES = """
    DELETE FROM client_phone x USING phone p
    WHERE x.spa_id = %s AND x.client_id = %s AND (p.spa_id, p.id) = (x.spa_id, x.phone_id)
    RETURNING p.number, NOT EXISTS (
        SELECT 1 FROM client_phone o
        WHERE (o.spa_id, o.phone_id) = (x.spa_id, x.phone_id) AND o.client_id <> x.client_id)"""


def silence(uow: UnitOfWork, spa_id: int, client_id: int, *, actor: str) -> None:
    """They have died: no text goes to them ever again, and none that waits (`features.md` B19).

    Their phones are theirs no more; one that nobody else has is opted out for good. A family's stays the family's.
    """
    phones = uow.sql(PHONES, (spa_id, client_id)).fetchall()
    emails = uow.sql(
        "DELETE FROM client_email WHERE spa_id = %s AND client_id = %s RETURNING email_id", (spa_id, client_id)
    ).fetchall()
    for number, theirs_alone in phones:
        if theirs_alone:
            consent.stop(uow, spa_id, number, Source("staff", {"client": client_id, "why": "deceased"}))
    uow.sql(
        "UPDATE outbound_message SET status = 'dropped', reason = 'deceased', settled_at = %s, leased_until = NULL"
        " WHERE spa_id = %s AND client_id = %s AND status = 'waiting' AND asked_at IS NULL",
        (uow.now, spa_id, client_id),
    )
    facts = {"phones": len(phones), "emails": [row[0] for row in emails]}
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="silenced", subject=f"client:{client_id}", after=facts)
