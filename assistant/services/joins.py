"""Joining: quoted with every term, agreed to with proof, and a member from the first payment on (`features.md` G1, G3).

What is agreed to on a page waits for its card; what is agreed to at the desk begins at once.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from psycopg.types.json import Jsonb

from assistant.db import billing as table
from assistant.db import spas
from assistant.db.reach import Reach, reach
from assistant.domain.billing import Cause, Collection, InvoiceStatus, PaidBy
from assistant.domain.calendar import local_day
from assistant.domain.joining import JoinQuote, JoinRefusal, Refusal
from assistant.messages.joining import JoinLink
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import attempts, cards, collecting, joining, links, messaging
from assistant.services.cards import NotOpened, Redirect
from assistant.services.joining import Member, quote_join, terms
from assistant.services.links import LIFE, Link, Purpose, State
from assistant.services.messaging import Addressee

__all__ = ["Agreed", "Begun", "Consent", "Member", "Stale", "agree", "begin", "joined", "quote_join", "terms"]

ON_ITS_WAY = timedelta(minutes=2)
"""Asked for again within so long, the link that is on its way is the one."""


@dataclass(frozen=True, slots=True)
class Stale:
    """It is not as it was quoted any more: this is how it is now."""

    quote: JoinQuote


@dataclass(frozen=True, slots=True)
class Begun:
    """A link to the terms is on its way to them."""

    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """That somebody said yes: to which words, when, where and how (`rules.md` 5.14, 6.3)."""

    hash: str
    version: int
    locale: str
    at: str
    channel: str
    by: str
    ip: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a page's form says: what the member typed and ticked, the words they saw, and from where."""

    typed: str
    agreed: bool
    hash: str
    locale: str
    ip: str | None
    user_agent: str | None


# ── by a link ──


def begin(uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote, *, actor: str) -> Begun | Stale | Refusal:
    """Text them the link to the terms; whatever they were offered before is off."""
    joining.lock(uow, spa_id, client_id)
    fresh = quote_join(uow, spa_id, client_id, quote.plan_code)
    if isinstance(fresh, Refusal):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    to = reach(uow, spa_id, client_id)
    if to.number is None:
        return Refusal(JoinRefusal.NO_PHONE)
    if (known := _on_its_way(uow, spa_id, client_id, quote)) is not None:
        return Begun(known)
    drop_open(uow, spa_id, client_id)
    [[request_id]] = uow.sql(
        "INSERT INTO join_request (spa_id, client_id, plan_version_id, quote, status, asked_at)"
        " VALUES (%s, %s, %s, %s, 'offered', %s) RETURNING id",
        (spa_id, client_id, quote.version_id, Jsonb(quote.facts()), uow.now),
    ).fetchall()
    send_link(uow, spa_id, client_id, request_id, quote.plan, to)
    joining.note(uow, spa_id, actor, "join_offered", f"join:{request_id}", quote.facts())
    return Begun(request_id)


def _on_its_way(uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote) -> int | None:
    row = uow.sql(
        "SELECT id FROM join_request WHERE spa_id = %s AND client_id = %s AND status = 'offered' AND quote = %s"
        " AND asked_at > %s",
        (spa_id, client_id, Jsonb(quote.facts()), uow.now - ON_ITS_WAY),
    ).fetchone()
    return row[0] if row else None


def drop_open(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    uow.sql(
        "UPDATE join_request SET status = 'dropped', settled_at = %s"
        " WHERE spa_id = %s AND client_id = %s AND status IN ('offered', 'agreed')",
        (uow.now, spa_id, client_id),
    )


def send_link(uow: UnitOfWork, spa_id: int, client_id: int, request_id: int, plan: str, to: Reach) -> None:
    """A new link for a request, to the number on file."""
    assert to.number is not None  # noqa: S101 - whoever asks has looked
    address = links.make(uow, spa_id, client_id, Purpose.JOIN, sent_to=to.number)
    [[link_id]] = uow.sql(
        "UPDATE join_request SET link_id = (SELECT max(id) FROM secure_link WHERE spa_id = %s AND client_id = %s)"
        " WHERE spa_id = %s AND id = %s RETURNING link_id",
        (spa_id, client_id, spa_id, request_id),
    ).fetchall()
    good_until = local_day(uow.now + LIFE, spas.house(uow, spa_id).zone)
    message = JoinLink(first_name=to.first_name, plan=plan, link=address, good_until=good_until)
    messaging.tell(uow, Addressee(spa_id, to.number, to.locale, client_id), message, key=f"join-link:{link_id}")


def send_anew(uow: UnitOfWork, link: Link, to: Reach) -> bool:
    """Another link for the terms they were offered; False where that is over."""
    row = uow.sql(
        "SELECT r.id, p.name FROM join_request r"
        " JOIN plan_version v ON (v.spa_id, v.id) = (r.spa_id, r.plan_version_id)"
        " JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)"
        " WHERE r.spa_id = %s AND r.client_id = %s AND r.status IN ('offered', 'agreed')",
        (link.spa_id, link.client_id),
    ).fetchone()
    if row is None:
        return False
    send_link(uow, link.spa_id, link.client_id, row[0], row[1], to)
    return True


def open_request(uow: UnitOfWork, link: Link) -> tuple[int, str] | None:
    """The request that a link is for, while it is open: its id, and the plan's code."""
    row = uow.sql(
        "SELECT id, quote ->> 'plan_code' FROM join_request"
        " WHERE spa_id = %s AND link_id = %s AND status IN ('offered', 'agreed')",
        (link.spa_id, link.id),
    ).fetchone()
    return (row[0], row[1]) if row else None


def agree(rt: Runtime, token: str, said: Consent, *, return_url: str) -> Redirect | NotOpened:
    """They have read the terms and say yes: that is kept first, and only then is a card asked for (`rules.md` 6.1)."""
    refused = rt.transact(lambda uow: _agree(uow, token, said))
    return refused or cards.open_page(rt, token, said.typed, return_url=return_url)


def _agree(uow: UnitOfWork, token: str, said: Consent) -> NotOpened | None:
    link = links.find(uow, token, lock=True)
    if link is None or link.purpose is not Purpose.JOIN or link.state is not State.GOOD:
        return NotOpened(link.state if link and link.purpose is Purpose.JOIN else State.UNKNOWN)
    if not links.check(uow, link, said.typed):
        return NotOpened("wrong")
    if not said.agreed:
        return NotOpened("unticked")
    request = open_request(uow, link)
    quote = quote_join(uow, link.spa_id, link.client_id, request[1]) if request else None
    if request is None or not isinstance(quote, JoinQuote):
        return NotOpened("desk")
    words = terms(uow, link.spa_id, quote, said.locale)
    if words.hash != said.hash:
        return NotOpened("changed")
    kept = Agreed(
        hash=words.hash,
        version=words.version,
        locale=said.locale,
        at=uow.now.isoformat(),
        channel="link",
        by=f"client:{link.client_id}",
        ip=said.ip,
        user_agent=said.user_agent,
    )
    uow.sql(
        "UPDATE join_request SET status = 'agreed', agreement = %s, agreed_at = %s, quote = %s, plan_version_id = %s"
        " WHERE spa_id = %s AND id = %s",
        (Jsonb(asdict(kept)), uow.now, Jsonb(quote.facts()), quote.version_id, link.spa_id, request[0]),
    )
    joining.note(uow, link.spa_id, "member", "join_consent", f"join:{request[0]}", asdict(kept))
    return None


# ── at the desk ──


def joined(
    uow: UnitOfWork,
    spa_id: int,
    client_id: int,
    quote: JoinQuote,
    *,
    actor: str,
    collection: Collection = Collection.CARD,
    paid_by: PaidBy | None = None,
    locale: str = "en",
) -> Member | Stale | Refusal:
    """They agree at the desk, with a card on file or paying there: a member at once, and charged as soon as may be.

    `paid_by` settles the first cycle with what was put on the desk. Twice is one membership: the second finds it there.
    """
    joining.lock(uow, spa_id, client_id)
    fresh = quote_join(uow, spa_id, client_id, quote.plan_code)
    if isinstance(fresh, Refusal):
        return fresh
    if fresh != quote:
        return Stale(fresh)
    by_card = collection is Collection.CARD and paid_by is None
    if by_card and quote.today_cents and not _has_card(uow, spa_id, client_id):
        return Refusal(JoinRefusal.NO_CARD)
    words = terms(uow, spa_id, quote, locale, by_card=collection is Collection.CARD)
    drop_open(uow, spa_id, client_id)
    made = joining.make(uow, spa_id, client_id, quote, collection, actor=actor)
    said = Agreed(
        hash=words.hash, version=words.version, locale=locale, at=uow.now.isoformat(), channel="desk", by=actor
    )
    _keep_request(uow, spa_id, client_id, quote, said, made.membership_id)
    if made.invoice_id is not None:
        _collect(uow, spa_id, made.invoice_id, paid_by, by_card=by_card)
    return made


def _has_card(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    known = "SELECT 1 FROM card WHERE spa_id = %s AND client_id = %s AND role = 'current'"
    return uow.sql(known, (spa_id, client_id)).fetchone() is not None


def _keep_request(
    uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote, said: Agreed, membership_id: int
) -> None:
    uow.sql(
        "INSERT INTO join_request (spa_id, client_id, plan_version_id, quote, status, agreement, asked_at, agreed_at,"
        " settled_at, membership_id) VALUES (%s, %s, %s, %s, 'joined', %s, %s, %s, %s, %s)",
        (
            spa_id,
            client_id,
            quote.version_id,
            Jsonb(quote.facts()),
            Jsonb(asdict(said)),
            uow.now,
            uow.now,
            uow.now,
            membership_id,
        ),
    )


def _collect(uow: UnitOfWork, spa_id: int, invoice_id: int, paid_by: PaidBy | None, *, by_card: bool) -> None:
    owed = table.owed(uow, spa_id, invoice_id)
    if owed is None or owed.status is not InvoiceStatus.OPEN:
        return
    if paid_by is not None:
        collecting.received(uow, owed, paid_by)
    elif by_card:
        attempts.ask_for(uow, owed, Cause.STAFF)
