"""Two clients who are one person become one: all that is of the one is the other's, set by set, in one transaction.

What is in the books stays where it was posted: credit changes hands by entries of its own. Whoever went stays as a row
that says who they are now, so that nothing that names them leads nowhere.
"""

from dataclasses import dataclass
from typing import Any

from assistant.db import credits as lots
from assistant.domain import ledger as books
from assistant.domain.merging import MergeRefusal, Side, cannot_merge
from assistant.runtime import UnitOfWork
from assistant.services import audit, credits, ledger

MOVED = (
    "membership",
    "invoice",
    "ticket",
    "outbound_message",
    "mail_thread",
    "question",
    "handover",
    "thread_note",
    "draft_reply",
    "staff_task",
    "dunning_case",
    "dispute",
    "credit_claim",
)
"""Tables whose rows are the other's from now on."""
APART = (
    *("client_phone", "client_email", "payer", "card", "credit_lot", "household_member", "campaign_recipient"),
    "held_sale",
)
"""Tables whose rows are moved by rules of their own: `_reach`, `_card`, `_credit`, `_end`."""
ENDED = ("approval", "secure_link", "member_session", "card_page", "join_request", "roll_off")
"""What was begun for the one who goes is over, and is begun anew for the other where it is wanted."""
STAY = ("ledger_posting", "ledger_account", "membership_move", "credit_hold", "short_link")
"""What happened under the old number, as it happened."""


@dataclass(frozen=True, slots=True)
class Held:
    """So much credit of a unit changes hands."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class MergeQuote:
    """What would move."""

    goes_id: int
    stays_id: int
    goes: str
    stays: str
    phones: int
    emails: int
    memberships: int
    tickets: int
    card: bool
    credit: tuple[Held, ...]


SIDE = """
    SELECT c.id, c.first_name || ' ' || c.last_name, c.merged_into IS NOT NULL,
           EXISTS (SELECT 1 FROM membership m
                   WHERE (m.spa_id, m.client_id) = (c.spa_id, c.id) AND m.standing <> 'ended'),
           EXISTS (SELECT 1 FROM card k WHERE (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role <> 'old'),
           EXISTS (SELECT 1 FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
                   WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND a.status IN ('asked', 'unanswered'))
           OR EXISTS (SELECT 1 FROM invoice i JOIN refund r ON (r.spa_id, r.invoice_id) = (i.spa_id, i.id)
                      WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND r.status IN ('asked', 'unanswered')),
           EXISTS (SELECT 1 FROM dispute d WHERE (d.spa_id, d.client_id) = (c.spa_id, c.id) AND d.status = 'open')
           OR EXISTS (SELECT 1 FROM credit_lot l WHERE (l.spa_id, l.client_id) = (c.spa_id, c.id)
                      AND l.remaining > 0 AND l.frozen_at IS NOT NULL),
           EXISTS (SELECT 1 FROM credit_lot l WHERE (l.spa_id, l.client_id) = (c.spa_id, c.id)
                   AND l.remaining > 0 AND l.held > 0),
           EXISTS (SELECT 1 FROM ticket t WHERE (t.spa_id, t.client_id) = (c.spa_id, c.id) AND t.status = 'open'),
           (SELECT count(*) FROM client_phone x WHERE (x.spa_id, x.client_id) = (c.spa_id, c.id)),
           (SELECT count(*) FROM client_email x WHERE (x.spa_id, x.client_id) = (c.spa_id, c.id)),
           (SELECT count(*) FROM membership x WHERE (x.spa_id, x.client_id) = (c.spa_id, c.id)),
           (SELECT count(*) FROM ticket x WHERE (x.spa_id, x.client_id) = (c.spa_id, c.id))
    FROM client c WHERE c.spa_id = %s AND c.id = ANY(%s)"""
CREDIT = """
    SELECT unit, sum(remaining)::bigint FROM credit_lot WHERE spa_id = %s AND client_id = %s AND remaining > 0
    GROUP BY unit ORDER BY unit"""


def quote(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int) -> MergeQuote | MergeRefusal:
    """What would become of the one who goes. Changes nothing."""
    rows = {row[0]: row for row in uow.sql(SIDE, (spa_id, [goes_id, stays_id])).fetchall()}
    if goes_id not in rows or stays_id not in rows:
        return MergeRefusal.UNKNOWN
    goes, stays = rows[goes_id], rows[stays_id]
    if (why := cannot_merge(_side(goes), _side(stays))) is not None:
        return why
    phones, emails, memberships, tickets = goes[9:]
    return MergeQuote(
        goes_id,
        stays_id,
        goes[1],
        stays[1],
        phones,
        emails,
        memberships,
        tickets,
        card=goes[4],
        credit=tuple(Held(*row) for row in uow.sql(CREDIT, (spa_id, goes_id)).fetchall()),
    )


def _side(row: tuple[Any, ...]) -> Side:
    client_id, _, merged, member, card, in_doubt, disputed, held, ticket_open, *_ = row
    return Side(
        client_id=client_id,
        merged=merged,
        member=member,
        card=card,
        in_doubt=in_doubt,
        disputed=disputed,
        held=held,
        ticket_open=ticket_open,
    )


def merge(
    uow: UnitOfWork, spa_id: int, agreed: MergeQuote, *, actor: str, approved_by: str | None = None
) -> MergeQuote | MergeRefusal | None:
    """Exactly what was quoted; None once it is done. What has changed since is quoted anew, and nothing moves."""
    goes_id, stays_id = agreed.goes_id, agreed.stays_id
    uow.sql(
        "SELECT 1 FROM client WHERE spa_id = %s AND id = ANY(%s) ORDER BY id FOR UPDATE", (spa_id, [goes_id, stays_id])
    )
    lots.lock(uow, spa_id, [goes_id, stays_id])
    fresh = quote(uow, spa_id, goes_id, stays_id)
    if fresh != agreed:
        return fresh
    before = _known_as(uow, spa_id, goes_id, stays_id)
    moved = _reach(uow, spa_id, goes_id, stays_id)
    moved |= {table: _rows(uow, table, spa_id, goes_id, stays_id) for table in MOVED}
    moved["card"] = _card(uow, spa_id, goes_id, stays_id) if agreed.card else []
    moved["credit_lot"] = _credit(uow, spa_id, goes_id, stays_id)
    _end(uow, spa_id, goes_id, stays_id, actor)
    facts = {"moved": {table: ids for table, ids in moved.items() if ids}, "approved_by": approved_by}
    for subject in (stays_id, goes_id):
        audit.write(
            uow,
            spa_id,
            actor=actor,
            evidence="E3",
            act="clients_merged",
            subject=f"client:{subject}",
            before=before,
            after={"from": goes_id, "into": stays_id} | facts,
        )
    return None


def _known_as(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int) -> dict[str, Any]:
    """What is written of the one who goes fills what is not of the other; gives what it was, of both."""
    rows = uow.sql(
        "SELECT to_jsonb(c) FROM client c WHERE c.spa_id = %s AND c.id = ANY(%s)", (spa_id, [goes_id, stays_id])
    ).fetchall()
    uow.sql(
        """UPDATE client s SET born_on = coalesce(s.born_on, g.born_on), zone = coalesce(s.zone, g.zone),
               region = coalesce(s.region, g.region), location = coalesce(s.location, g.location),
               tags = ARRAY (SELECT DISTINCT t FROM unnest(s.tags || g.tags) t ORDER BY t),
               created_at = least(s.created_at, g.created_at)
           FROM client g WHERE (g.spa_id, g.id) = (s.spa_id, %s) AND s.spa_id = %s AND s.id = %s""",
        (goes_id, spa_id, stays_id),
    )
    uow.sql(
        "UPDATE client SET merged_into = %s, merged_at = %s WHERE spa_id = %s AND id = %s",
        (stays_id, uow.now, spa_id, goes_id),
    )
    uow.sql("UPDATE client SET merged_into = %s WHERE spa_id = %s AND merged_into = %s", (stays_id, spa_id, goes_id))
    return {"clients": [row[0] for row in rows]}


def _rows(uow: UnitOfWork, table: str, spa_id: int, goes_id: int, stays_id: int) -> list[int]:
    rows = uow.sql(
        f"UPDATE {table} SET client_id = %s WHERE spa_id = %s AND client_id = %s RETURNING id",
        (stays_id, spa_id, goes_id),
    )
    return sorted(row[0] for row in rows.fetchall())


def _reach(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int) -> dict[str, list[int]]:
    """Phones and addresses, and who they belong with. Notices go on to where the one who stays is reached."""
    moved = {}
    for table, column, more in (("client_phone", "phone_id", ", added_at"), ("client_email", "email_id", "")):
        rows = uow.sql(
            f"""WITH gone AS (
                    DELETE FROM {table} WHERE spa_id = %(spa)s AND client_id = %(goes)s RETURNING {column}{more})
                INSERT INTO {table} (spa_id, client_id, preferred, {column}{more})
                SELECT %(spa)s, %(stays)s, NOT EXISTS (
                    SELECT 1 FROM {table} x WHERE x.spa_id = %(spa)s AND x.client_id = %(stays)s AND x.preferred),
                    {column}{more} FROM gone ON CONFLICT DO NOTHING RETURNING {column}""",
            {"spa": spa_id, "goes": goes_id, "stays": stays_id},
        )
        moved[table] = sorted(row[0] for row in rows.fetchall())
    rows = uow.sql(
        """UPDATE household_member SET client_id = %(stays)s WHERE spa_id = %(spa)s AND client_id = %(goes)s
           AND NOT EXISTS (SELECT 1 FROM household_member x WHERE x.spa_id = %(spa)s AND x.client_id = %(stays)s)
           RETURNING household_id""",
        {"spa": spa_id, "goes": goes_id, "stays": stays_id},
    )
    moved["household_member"] = [row[0] for row in rows.fetchall()]
    rows = uow.sql(
        """UPDATE campaign_recipient r SET client_id = %(stays)s WHERE r.spa_id = %(spa)s AND r.client_id = %(goes)s
           AND r.place <> 'planned' AND NOT EXISTS (
               SELECT 1 FROM campaign_recipient x WHERE x.spa_id = r.spa_id AND x.campaign_id = r.campaign_id
               AND x.client_id = %(stays)s) RETURNING campaign_id""",
        {"spa": spa_id, "goes": goes_id, "stays": stays_id},
    )
    moved["campaign_recipient"] = sorted(row[0] for row in rows.fetchall())
    return moved


def _card(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int) -> list[int]:
    """Whoever stays has none: the processor's customer is theirs from now on, with its cards."""
    uow.sql("DELETE FROM payer WHERE spa_id = %s AND client_id = %s", (spa_id, stays_id))
    uow.sql("UPDATE payer SET client_id = %s WHERE spa_id = %s AND client_id = %s", (stays_id, spa_id, goes_id))
    return _rows(uow, "card", spa_id, goes_id, stays_id)


MADE = """
    WITH lot AS (
        INSERT INTO credit_lot (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, expires_on,
                                entry_id, paid_cents, cents_left, reference_cents, source_lot_id, reason)
        SELECT o.spa_id, %(stays)s, o.unit, o.lot_class, o.remaining, o.remaining, o.granted_on, o.expires_on,
               n.entry_id, o.cents_left, o.cents_left, o.reference_cents * o.remaining / o.granted, o.id, o.reason
        FROM unnest(%(lots)s::bigint[], %(entries)s::bigint[]) AS n (lot_id, entry_id)
        JOIN credit_lot o ON (o.spa_id, o.id) = (%(spa)s, n.lot_id)
        RETURNING spa_id, id, entry_id, granted)
    INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount) SELECT spa_id, entry_id, 2, id, -granted FROM lot"""


def _credit(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int) -> list[int]:
    """A lot becomes another's lot, as it is: its class, its last day, the dues behind it and its list value."""
    rows = uow.sql(
        "SELECT id, unit, remaining, cents_left FROM credit_lot"
        " WHERE spa_id = %s AND client_id = %s AND remaining > 0 ORDER BY id",
        (spa_id, goes_id),
    ).fetchall()
    if not rows:
        return []
    key = f"merge:{goes_id}:{stays_id}"
    entries = [
        books.transferred(f"{key}:{lot_id}", uow.now, goes_id, stays_id, unit, amount)
        for lot_id, unit, amount, _ in rows
    ]
    posted = [each.entry_id for each in ledger.post(uow, spa_id, entries)]
    uow.sql(MADE, {"spa": spa_id, "stays": stays_id, "lots": [row[0] for row in rows], "entries": posted})
    credits.allocate(
        uow,
        spa_id,
        [
            (entry_id, 1, lot_id, amount, cents)
            for entry_id, (lot_id, _, amount, cents) in zip(posted, rows, strict=True)
        ],
    )
    return [row[0] for row in rows]


def _end(uow: UnitOfWork, spa_id: int, goes_id: int, stays_id: int, actor: str) -> None:
    """Links, pages, offers to join and requests that were begun for the one who goes are over."""
    asked = {"spa": spa_id, "goes": goes_id, "stays": stays_id, "now": uow.now, "actor": actor}
    for statement in ENDS:
        uow.sql(statement, asked)


ENDS = (
    """UPDATE held_sale SET client_id = %(stays)s WHERE spa_id = %(spa)s AND client_id = %(goes)s AND NOT EXISTS (
           SELECT 1 FROM held_sale h WHERE h.spa_id = %(spa)s AND h.client_id = %(stays)s)""",
    "DELETE FROM held_sale WHERE spa_id = %(spa)s AND client_id = %(goes)s",
    "DELETE FROM household_member WHERE spa_id = %(spa)s AND client_id = %(goes)s",
    """UPDATE secure_link SET revoked_at = %(now)s
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND revoked_at IS NULL AND used_at IS NULL""",
    "DELETE FROM member_session WHERE spa_id = %(spa)s AND client_id = %(goes)s",
    """UPDATE card_page SET close = true
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND status IN ('asked', 'open')""",
    """UPDATE join_request SET status = 'dropped', settled_at = %(now)s
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND status IN ('offered', 'agreed')""",
    """UPDATE roll_off SET settled_at = %(now)s
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND settled_at IS NULL""",
    """UPDATE approval SET status = 'lapsed', decided_by = %(actor)s, decided_at = %(now)s, said = 'merged'
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND status = 'waiting'""",
    """UPDATE campaign_recipient SET place = 'dropped', reason = 'merged'
       WHERE spa_id = %(spa)s AND client_id = %(goes)s AND place = 'planned'""",
)
