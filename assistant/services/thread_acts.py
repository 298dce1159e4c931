"""What staff do with a thread: take it, give it, put it off, hand it back, note, and answer at a price shown before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from assistant.db import staff
from assistant.db.threads import Draft
from assistant.domain import phones, quiet_hours, reply_lint
from assistant.domain.consent import Blocked, BlockReason, MessageClass, may_mail, may_send
from assistant.domain.pan import redact
from assistant.domain.permissions import Permission
from assistant.domain.quiet_hours import Closed
from assistant.domain.words import sanitise
from assistant.messages import render
from assistant.messages.handover import PersonSays
from assistant.runtime import UnitOfWork
from assistant.services import consent, handovers, mail_out, reply_costs, reviews
from assistant.services.addressing import Addressee
from assistant.services.thread_views import Thread, Way

MOST_NOTE = 2_000


class CannotReply(StrEnum):
    """Why nothing can be said there."""

    NOT_THEIRS = "not_theirs"
    """No address of this thread."""
    ANOTHERS = "anothers"
    """A colleague has it."""
    SUPPRESSED = "suppressed"
    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    """They have not written for a day, and never agreed to be texted."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What a reply would be: by which way, in how many segments, at what price, and when."""

    way: Way
    words: str
    segments: int
    millicents: int
    not_before: datetime | None
    """When it goes, where that is not now."""
    mark: str
    """Of exactly this: what is sent is what was shown."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """It cannot be sent: because of what it says, or because of where it would go."""

    wrong: tuple[reply_lint.Refused, ...] = ()
    cannot: CannotReply | None = None


def quote(uow: UnitOfWork, thread: Thread, address: str, words: str, *, drafted: str = "") -> Quote | Stopped:
    """What sending it would be, or why it cannot be; nothing is sent. The assistant's own words, `drafted`, are
    made of templates: of them nothing is asked.
    """
    way = thread.way(address)
    if way is None:
        return Stopped(cannot=CannotReply.NOT_THEIRS)
    kind = MessageClass.CONVERSATION_REPLY
    if not handovers.heard_lately(uow, thread.spa_id, address):
        kind = MessageClass.TRANSACTIONAL
    if (cannot := _blocked(uow, thread, way, kind)) is not None:
        return Stopped(cannot=cannot)
    clean = sanitise(words).strip()
    if (not clean or clean != drafted) and (wrong := reply_lint.lint(clean)):
        return Stopped(wrong=wrong)
    size = render.sms(PersonSays(words=clean), thread.locale).size.segments if way.channel == "sms" else 0
    mark = sha256(f"{address}\0{' '.join(clean.split())}\0{size}".encode()).hexdigest()[:16]
    price = reply_costs.policy(uow, thread.spa_id).segment_millicents
    return Quote(way, clean, size, size * price, _not_before(uow, thread, way, kind), mark)


def _blocked(uow: UnitOfWork, thread: Thread, way: Way, kind: MessageClass) -> CannotReply | None:
    """As the gate would say: it says it again when it is sent."""
    if way.channel == "email":
        state, _ = mail_out.locked_state(uow, thread.spa_id, way.address)
        allowed = may_mail(kind, state)
    else:
        allowed = may_send(kind, consent.state(uow, thread.spa_id, way.address), uow.now)
    if not isinstance(allowed, Blocked):
        return None
    known = {
        BlockReason.SUPPRESSED: CannotReply.SUPPRESSED,
        BlockReason.NO_CONSENT: CannotReply.NO_CONSENT,
    }
    return known.get(allowed.reason, CannotReply.UNREACHABLE)


def _not_before(uow: UnitOfWork, thread: Thread, way: Way, kind: MessageClass) -> datetime | None:
    if way.channel == "email":
        return None
    row = uow.sql("SELECT zone FROM client WHERE spa_id = %s AND id = %s", (thread.spa_id, thread.client_id)).fetchone()
    found = quiet_hours.window(kind, phones.zones(way.address, row[0] if row else None), uow.now)
    return found.until if isinstance(found, Closed) else None


def reply(uow: UnitOfWork, thread: Thread, quoted: Quote, *, by: str) -> CannotReply | None:
    """Say it, as the one who has the thread: whoever answers takes it. None where it was said."""
    if not take(uow, thread, by=by):
        return CannotReply.ANOTHERS
    [[handover_id]] = uow.sql(
        "SELECT id FROM handover WHERE spa_id = %s AND channel = %s AND address = %s AND closed_at IS NULL",
        (thread.spa_id, quoted.way.channel, quoted.way.address),
    ).fetchall()
    if not handovers.say(uow, thread.spa_id, handover_id, quoted.words, by=by):
        return CannotReply.ANOTHERS
    reviews.replaced(uow, thread.spa_id, thread.addresses, by=by)
    return None


def send_draft(uow: UnitOfWork, thread: Thread, draft: Draft, quoted: Quote, *, by: str) -> CannotReply | None:
    """Send it, unchanged or not; the thread stays whose it is. None where it was sent, by them or just before."""
    if _anothers(uow, thread, by):
        return CannotReply.ANOTHERS
    if reviews.settle(uow, thread.spa_id, draft, quoted.words, by=by):
        to = Addressee(thread.spa_id, draft.address, draft.locale, draft.client_id, draft.channel)
        first = draft.event_id if draft.place == 0 else None
        key = reviews.key(draft.event_id, draft.place)
        handovers.send_draft(uow, to, quoted.words, key=key, event_id=first)
    return None


def take(uow: UnitOfWork, thread: Thread, *, by: str) -> bool:
    """All of its addresses, or none: False where a colleague has one."""
    if _anothers(uow, thread, by):
        return False
    wanted = _not_yet(uow, thread, by)
    return sum(_begin(uow, thread, each, by) for each in wanted) == len(wanted)


def _begin(uow: UnitOfWork, thread: Thread, way: Way, to: str, assigned_by: str | None = None) -> bool:
    held = handovers.begin(
        uow,
        thread.spa_id,
        channel=way.channel,
        address=way.address,
        client_id=thread.client_id,
        by=to,
        assigned_by=assigned_by,
    )
    return held is not None


HELD = """
    SELECT address, taken_by FROM handover
    WHERE spa_id = %s AND address = ANY(%s) AND closed_at IS NULL ORDER BY id FOR UPDATE"""


def _anothers(uow: UnitOfWork, thread: Thread, by: str) -> bool:
    return any(owner not in {None, by} for _, owner in uow.sql(HELD, (thread.spa_id, thread.addresses)).fetchall())


def _not_yet(uow: UnitOfWork, thread: Thread, by: str) -> list[Way]:
    """The ways that are not theirs already: taking a thread twice is written down once."""
    theirs = {address for address, owner in uow.sql(HELD, (thread.spa_id, thread.addresses)) if owner == by}
    return [each for each in thread.ways if each.address not in theirs]


def assign(uow: UnitOfWork, thread: Thread, user_id: int, *, by: str) -> bool:
    """It is a colleague's from now on, whoever had it. False for who does not work in this spa's inbox."""
    colleague = staff.post(uow, user_id, thread.spa_id)
    if colleague is None or not colleague.may(Permission.INBOX):
        return False
    for each in _not_yet(uow, thread, colleague.actor):
        _begin(uow, thread, each, colleague.actor, assigned_by=by)
    return True


def hand_back(uow: UnitOfWork, thread: Thread, *, by: str) -> bool:
    """The assistant answers again, and what it drafted is not waited for. False where nobody had it."""
    waited = _open(uow, thread)
    for each in reviews.waiting(uow, thread.spa_id, thread.addresses):
        reviews.settle(uow, thread.spa_id, each, None, by=by)
    for handover_id in waited:
        handovers.hand_back(uow, thread.spa_id, handover_id, by=by)
    return bool(waited)


def snooze(uow: UnitOfWork, thread: Thread, until: datetime | None, *, by: str) -> bool:
    """Out of sight until then, or until they write; None: back in sight. False where nobody has it or is asked to."""
    return sum(handovers.snooze(uow, thread.spa_id, each, until, by=by) for each in _open(uow, thread)) > 0


def _open(uow: UnitOfWork, thread: Thread) -> list[int]:
    rows = uow.sql(
        "SELECT id FROM handover WHERE spa_id = %s AND address = ANY(%s) AND closed_at IS NULL ORDER BY id",
        (thread.spa_id, thread.addresses),
    )
    return [number for (number,) in rows.fetchall()]


def note(uow: UnitOfWork, thread: Thread, words: str, *, by: str) -> bool:
    """For the staff alone. False for nothing; a card number is taken out of it."""
    clean = redact(sanitise(words)).text.strip()[:MOST_NOTE]
    if not clean:
        return False
    address = None if thread.client_id else thread.addresses[0]
    uow.sql(
        "INSERT INTO thread_note (spa_id, client_id, address, words, at, actor) VALUES (%s, %s, %s, %s, %s, %s)",
        (thread.spa_id, thread.client_id, address, clean, uow.now, by),
    )
    return True
