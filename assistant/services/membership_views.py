"""What a member's own page shows of their membership: how it stands, what comes next, what they hold and owe."""

from dataclasses import dataclass, replace
from datetime import date

from assistant.db import members
from assistant.db.spas import credit_words
from assistant.domain.calendar import local_day
from assistant.domain.credits import Holding, holdings
from assistant.domain.membership import Standing
from assistant.messages.message import Credits
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, choices, credits, profile
from assistant.services.member_sessions import Session


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of credit, and what of it runs out first."""

    amount: Credits
    expiring: Credits | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One membership, as its member reads of it."""

    id: int
    plan: str
    standing: str
    """active, scheduled, card_needed, past_due, unpaid, paused, cancelled, checking, or ended."""
    next_cents: int | None
    """What the next charge is; None where none is to come."""
    next_on: date
    joined_on: date
    rests_from: date | None
    resumes_on: date | None
    leaves_on: date | None
    code: str
    """The number of the cancellation that stands."""
    owed_cents: int
    may_pause: bool
    may_resume: bool
    may_leave: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The whole page; and all that any page for one who is signed in needs to know."""

    spa_id: int
    client_id: int
    spa: str
    help_phone: str
    locale: str
    accent: str | None
    called: str
    number: str
    """Where the spa is texted."""
    card: str | None
    """Its brand and when it ends: no digit of it."""
    zone: str
    today: date
    lines: tuple[Line, ...] = ()
    held: tuple[Held, ...] = ()
    owed_cents: int = 0
    bank_waits: bool = False
    """Their bank wants to see them before it pays."""

    @property
    def now(self) -> tuple[Line, ...]:
        """Those they have."""
        return tuple(each for each in self.lines if each.standing != "ended")


WHO = """
    SELECT s.spa_id, c.id, s.name, s.help_phone, c.locale, s.accent, coalesce(c.called, c.first_name),
           coalesce(s.number, ''),
           (SELECT initcap(k.brand) || ', ' || lpad(k.exp_month::text, 2, '0') || '/' || k.exp_year
            FROM card k WHERE (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role = 'current'), s.zone
    FROM client c JOIN spa s ON s.spa_id = c.spa_id WHERE c.spa_id = %s AND c.id = %s"""


def who(uow: UnitOfWork, session: Session) -> Account:
    """For whom a page speaks, and nothing of what they hold."""
    [row] = uow.sql(WHO, (session.spa_id, session.client_id)).fetchall()
    spa_id, client_id, spa, help_phone, locale, accent, called, number, card, zone = row
    today = local_day(uow.now, zone)
    return Account(spa_id, client_id, spa, help_phone, locale, accent, called, number, card, zone, today)


def look(uow: UnitOfWork, session: Session, locale: str | None = None) -> Account:
    """All of it, its credits in a language or their own. Changes nothing."""
    spa_id, client_id = session.spa_id, session.client_id
    found = who(uow, session)
    lines = profile.lines_of(uow, spa_id, client_id, has_card=found.card is not None)
    words = credit_words(uow, spa_id, locale or found.locale)
    held = holdings(credits.lots(uow, spa_id, client_id), found.today)
    return replace(
        found,
        lines=tuple(_line(uow, each) for each in lines),
        held=tuple(_held(each, words) for each in held),
        owed_cents=sum(each.held.owed_cents for each in lines),
        bank_waits=choices.needs_authentication(uow, spa_id, client_id),
    )


def _held(each: Holding, words: dict[str, tuple[str, str]]) -> Held:
    amount, expiring = (Credits.of(words, each.unit, many) for many in (each.amount, each.expiring))
    return Held(amount, expiring if each.expires_on else None, each.expires_on)


def _line(uow: UnitOfWork, each: profile.Line) -> Line:
    held, ended = each.held, each.held.standing is Standing.ENDED
    pause = members.open_pause(uow, held.spa_id, held.membership_id)
    leaves = held.leaves_on is not None and not ended
    code = cancellations.standing_request(uow, held.spa_id, held.membership_id)[0] if leaves else ""
    rests = held.standing is Standing.PAUSED or pause is not None
    return Line(
        id=held.membership_id,
        plan=held.plan,
        standing="ended" if ended else each.standing.value,
        next_cents=each.next_cents,
        next_on=held.next_charge_on,
        joined_on=held.joined_on,
        rests_from=pause.starts_on if pause and not pause.begun else None,
        resumes_on=pause.resumes_on if pause else held.resumes_on,
        leaves_on=held.leaves_on,
        code=code,
        owed_cents=held.owed_cents,
        may_pause=held.standing is Standing.ACTIVE and not rests and not leaves,
        may_resume=rests and not ended and not leaves,
        may_leave=not ended and not leaves,
        may_undo=leaves and held.leaves_on is not None and held.leaves_on > held.today,
    )


def mine(uow: UnitOfWork, session: Session, membership_id: int) -> bool:
    """Whether a membership is theirs: a number in an address is anybody's guess."""
    theirs = "SELECT 1 FROM membership WHERE spa_id = %s AND client_id = %s AND id = %s"
    return uow.sql(theirs, (session.spa_id, session.client_id, membership_id)).fetchone() is not None
