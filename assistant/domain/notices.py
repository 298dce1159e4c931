"""Notices the law wants: of a new price, with proof, and of the membership once a year (`rules.md` 6.3, 6.6, 6.9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.domain.calendar import cycle_date
from assistant.domain.jurisdiction import STATES

NOTICE_DAYS = 21
EARLIEST_DAYS, LATEST_DAYS = 30, 7
"""The window before a new price that fits every state (`rules.md` 6.3, 6.6, 6.7, 6.9)."""
ANNUAL_DAYS = 28


class NoticeKind(StrEnum):
    """What the law wants a member told of, with proof."""

    ANNUAL = "annual"
    PRICE = "price"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Notice:
    """When to tell."""

    send_on: date


class NoticeRefusal(StrEnum):
    """Why a notice cannot be given so."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, and the first day on which a price told of then may hold."""

    reason: NoticeRefusal
    earliest_effective_on: date


def price_notice(effective_on: date, decided_on: date, *, send_on: date | None = None) -> Notice | Refused:
    """When to tell members of a price that holds from a day on: 21 days before it, or at once where that is past.

    `send_on` asks for a day of one's own. The notice is given 7 to 30 days ahead, or there is no new price.
    """
    told_on = max(effective_on - timedelta(days=NOTICE_DAYS), decided_on) if send_on is None else send_on
    earliest_on = max(told_on, decided_on) + timedelta(days=LATEST_DAYS)
    if told_on < decided_on or _late(told_on, effective_on):
        return Refused(NoticeRefusal.TOO_LATE, earliest_on)
    if _early(told_on, effective_on):
        return Refused(NoticeRefusal.TOO_EARLY, earliest_on)
    return Notice(told_on)


def _late(told_on: date, effective_on: date) -> bool:
    return told_on > effective_on - timedelta(days=LATEST_DAYS)


def _early(told_on: date, effective_on: date) -> bool:
    return told_on < effective_on - timedelta(days=EARLIEST_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeProof:
    """What we can show for one member's notice, in days of the spa."""

    effective_on: date
    from_cents: int
    to_cents: int
    sent_on: date | None = None
    delivered_on: date | None = None
    """When the carrier or the mail server says it arrived."""
    agreed_on: date | None = None
    """When the member said yes to the new price."""


@dataclass(frozen=True, slots=True)
class Raise:
    """The new price holds."""


class KeepReason(StrEnum):
    """Why a member keeps the old price."""

    NOT_SENT = "not_sent"
    NOT_DELIVERED = "not_delivered"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class KeepOld:
    """The old price holds: a task for staff."""

    reason: KeepReason


CONSENT_STATES = frozenset({"NY"})
"""Where a higher price wants a yes (`rules.md` 6.6)."""


def may_raise(proof: NoticeProof, state: str | None) -> Raise | KeepOld:
    """Whether a member's price may become the new one. A lower one, or the same, needs no notice.

    The notice was delivered 7 to 30 days before; in New York, and where the state is unknown, the member agreed too.
    """
    if proof.to_cents <= proof.from_cents:
        return Raise()
    reason = _lacking(proof) or (KeepReason.NO_CONSENT if needs_consent(state) and not _agreed(proof) else None)
    return KeepOld(reason) if reason else Raise()


def _lacking(proof: NoticeProof) -> KeepReason | None:
    """What the notice lacks in any state."""
    if proof.sent_on is None:
        return KeepReason.NOT_SENT
    if proof.delivered_on is None:
        return KeepReason.NOT_DELIVERED
    if _early(proof.delivered_on, proof.effective_on):
        return KeepReason.TOO_EARLY
    return KeepReason.TOO_LATE if _late(proof.delivered_on, proof.effective_on) else None


def _agreed(proof: NoticeProof) -> bool:
    return proof.agreed_on is not None and proof.agreed_on <= proof.effective_on


def needs_consent(state: str | None) -> bool:
    return state in CONSENT_STATES or state not in STATES


def annual_notice_on(joined_on: date, year: int) -> date:
    """When to remind a member of the membership: 28 days before the day they joined on comes round in `year`.

    Raises `ValueError` for a year in which it does not.
    """
    if year <= joined_on.year:
        raise ValueError(f"nobody who joined on {joined_on} has an anniversary in {year}")
    return cycle_date(joined_on, 12 * (year - joined_on.year)) - timedelta(days=ANNUAL_DAYS)
