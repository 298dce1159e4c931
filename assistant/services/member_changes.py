"""What a member changes of their membership on its own page: the same quotes and acts as by text, and told of likewise.

Each is told of by text or mail as well: who has somebody's phone for a minute does nothing that its owner never hears.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.db import members, questions
from assistant.domain.changing import ChangeKind, ChangeQuote
from assistant.domain.leaving import LeaveQuote, SaveOffer
from assistant.domain.pausing import PauseQuote, Refusal, ResumeQuote
from assistant.messages.catalog import LeaveUndone, PauseDone, ResumeDone
from assistant.messages.message import Credits, Message
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, leave_notices, messaging, pauses, plan_changes, saves
from assistant.services.addressing import way_to
from assistant.services.cancellations import Left, Stays
from assistant.services.member_sessions import Session
from assistant.services.pauses import Paused, Resumed
from assistant.services.plan_changes import Changed, Scheduled
from assistant.services.saves import Save

CHANNEL = "page"
ONCE_IN = timedelta(days=365)
MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, and from when on it may be."""

    why: str
    possible_on: date | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """A cancellation that can be taken back, and what is then next."""

    code: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page for leaving says beside the quote: what stays theirs, and one thing that may suit better."""

    kept: tuple[Credits, ...]
    save: Save | None


def _tell(uow: UnitOfWork, session: Session, message: Message, what: str) -> None:
    """By text, or else by mail; nobody where neither may be."""
    if way := way_to(uow, session.spa_id, session.client_id):
        messaging.tell(uow, way.to, message, key=f"page:{what}:{session.client_id}:{uow.now.isoformat()}")


def _first_name(uow: UnitOfWork, session: Session) -> str:
    way = way_to(uow, session.spa_id, session.client_id)
    return way.first_name if way else ""


# ── to rest, and back ──


def pauses_to_choose(uow: UnitOfWork, session: Session, membership_id: int) -> tuple[PauseQuote, ...] | Refused:
    """Every number of months that may be, as each would be; or why none may."""
    held = members.held(uow, session.spa_id, membership_id, uow.now)
    most = min(held.terms.pause.most_months, MOST_MONTHS) if held else 0
    quotes = [
        pauses.quote_pause(uow, session.spa_id, membership_id, months=months) for months in range(1, max(most, 1) + 1)
    ]
    first = quotes[0]
    if isinstance(first, Refusal):
        return Refused(first.reason.value, first.next_possible_on)
    return tuple(each for each in quotes if isinstance(each, PauseQuote))


def quote_pause(
    uow: UnitOfWork, session: Session, membership_id: int, *, months: int | None, until: date | None
) -> PauseQuote | Refused:
    """What it would be."""
    quote = pauses.quote_pause(uow, session.spa_id, membership_id, months=months, until=until)
    return Refused(quote.reason.value, quote.next_possible_on) if isinstance(quote, Refusal) else quote


def pause(uow: UnitOfWork, session: Session, membership_id: int, quote: PauseQuote) -> str | None:
    """Agree to it; None where it is not so any more."""
    done = pauses.pause(uow, session.spa_id, membership_id, quote, actor="member")
    if not isinstance(done, Paused):
        return None
    message = PauseDone(
        first_name=_first_name(uow, session),
        starts_on=quote.starts_on,
        resumes_on=quote.resumes_on,
        next_charge_on=quote.next_charge_on,
        credits_usable=quote.benefits_usable,
    )
    _tell(uow, session, message, "paused")
    return "paused"


def quote_resume(uow: UnitOfWork, session: Session, membership_id: int) -> ResumeQuote | Refused:
    """What coming back would be."""
    quote = pauses.quote_resume(uow, session.spa_id, membership_id)
    return quote if isinstance(quote, ResumeQuote) else Refused(quote.value)


def resume(uow: UnitOfWork, session: Session, membership_id: int, quote: ResumeQuote) -> str | None:
    """Come back as it was quoted."""
    done = pauses.resume(uow, session.spa_id, membership_id, quote, actor="member")
    if not isinstance(done, Resumed):
        return None
    held = members.held(uow, session.spa_id, membership_id, uow.now)
    message = ResumeDone(
        first_name=_first_name(uow, session),
        charge_cents=quote.charge_cents,
        resumes_on=quote.resumes_on if held and quote.resumes_on > held.today else None,
        next_charge_on=quote.next_charge_on,
    )
    _tell(uow, session, message, "resumed")
    return "resumed"


# ── to leave, and to stay ──


def quote_leave(uow: UnitOfWork, session: Session, membership_id: int) -> LeaveQuote | Refused:
    """What leaving now would be."""
    quote = cancellations.quote_cancel(uow, session.spa_id, membership_id)
    return quote if isinstance(quote, LeaveQuote) else Refused(quote.value)


def leave(uow: UnitOfWork, session: Session, membership_id: int, quote: LeaveQuote) -> str | None:
    """End it as it was quoted; the service tells them the number that proves it."""
    done = cancellations.cancel(uow, session.spa_id, membership_id, quote, channel=CHANNEL, actor="member")
    return "cancelled" if isinstance(done, Left) else None


OFFERED = """
    SELECT 1 FROM cancellation x JOIN membership m ON (m.spa_id, m.id) = (x.spa_id, x.membership_id)
    WHERE x.spa_id = %s AND m.client_id = %s AND x.offered IS NOT NULL AND x.asked_at > %s LIMIT 1"""


def beside_leaving(uow: UnitOfWork, session: Session, membership_id: int, locale: str | None) -> Beside:
    """What stays, and one offer at most, once a year (`rules.md` 6.5)."""
    spa_id, client_id = session.spa_id, session.client_id
    held = members.held(uow, spa_id, membership_id, uow.now)
    quote = cancellations.quote_cancel(uow, spa_id, membership_id)
    if held is None or not isinstance(quote, LeaveQuote):
        return Beside((), None)
    spoken = locale or _locale(uow, session)
    kept = leave_notices.kept(uow, spa_id, client_id, spoken, held.zone)
    since = uow.now - ONCE_IN
    asked = questions.had(uow, spa_id, client_id, "save_offer", since=since, until=uow.now, now=uow.now)
    had = asked or uow.sql(OFFERED, (spa_id, client_id, since)).fetchone() is not None
    return Beside(kept, None if had else saves.quote_save(uow, spa_id, membership_id, quote.offer))


def _locale(uow: UnitOfWork, session: Session) -> str:
    [[locale]] = uow.sql(
        "SELECT locale FROM client WHERE spa_id = %s AND id = %s", (session.spa_id, session.client_id)
    ).fetchall()
    return str(locale)


def quote_undo(uow: UnitOfWork, session: Session, membership_id: int) -> Undo | Refused:
    """The cancellation that stands, while its day has not come."""
    held = members.held(uow, session.spa_id, membership_id, uow.now)
    if held is None or held.leaves_on is None or held.leaves_on <= held.today:
        return Refused("nothing_to_undo")
    return Undo(*cancellations.standing_request(uow, session.spa_id, membership_id))


def undo(uow: UnitOfWork, session: Session, membership_id: int, _quote: Undo) -> str | None:
    """Stay after all."""
    done = cancellations.undo_cancel(uow, session.spa_id, membership_id, actor="member")
    if not isinstance(done, Stays):
        return None
    told = LeaveUndone(first_name=_first_name(uow, session), next_charge_on=done.next_charge_on)
    _tell(uow, session, told, "stays")
    return "stays"


def quote_smaller(uow: UnitOfWork, session: Session, membership_id: int) -> ChangeQuote | Refused:
    """The plan that costs less, from the next billing date on; only where leaving would offer it."""
    leaving = cancellations.quote_cancel(uow, session.spa_id, membership_id)
    if not isinstance(leaving, LeaveQuote) or leaving.offer is not SaveOffer.SMALLER_PLAN:
        return Refused("not_offered")
    save = saves.quote_save(uow, session.spa_id, membership_id, leaving.offer)
    return save.quote if save and isinstance(save.quote, ChangeQuote) else Refused("not_offered")


def take_smaller(uow: UnitOfWork, session: Session, membership_id: int, quote: ChangeQuote) -> str | None:
    """Go over to it; the service tells them. Nothing is charged for it now."""
    if quote.kind is not ChangeKind.DOWNGRADE or quote.due_cents:
        return None
    done = plan_changes.begin(uow, session.spa_id, membership_id, quote, actor="member")
    return "smaller" if isinstance(done, Scheduled | Changed) else None
