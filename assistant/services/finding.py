"""The desk's one search box: by name, phone, email or the last four digits of the card, each by an index."""

import re
from dataclasses import dataclass
from datetime import date

from assistant.domain.membership import Standing
from assistant.domain.staff_words import Seen, StaffStanding, staff_standing
from assistant.runtime import UnitOfWork

MOST = 25
LONGEST = 80
ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")


@dataclass(frozen=True, slots=True)
class Found:
    """One client that was found."""

    client_id: int
    name: str
    phone: str | None
    email: str | None
    last4: str | None
    plan: str | None
    standing: StaffStanding | None
    """None for who has never had a membership."""
    next_on: date | None


FIRST = "translate(lower(c.first_name), 'áàâäãéèêëíìîïóòôöõúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')"
LAST = "translate(lower(c.last_name), 'áàâäãéèêëíìîïóòôöõúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')"
ON = "{} ~>=~ %({name})s AND {} ~<~ %({name}_end)s"
"""Begins with: as a range. LIKE would read every client, once the server keeps one plan for any word."""


def _on(column: str, name: str) -> str:
    return ON.format(column, column, name=name)


BY_FIRST = f"SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND {_on(FIRST, 'one')} LIMIT 100"
BY_LAST = f"SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND {_on(LAST, 'one')} LIMIT 100"
FIRST_LAST = f"""
    SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND {_on(LAST, "two")} AND {_on(FIRST, "one")} LIMIT 100"""
LAST_FIRST = f"""
    SELECT c.id FROM client c WHERE c.spa_id = %(spa)s AND {_on(LAST, "one")} AND {_on(FIRST, "two")} LIMIT 100"""
BY_PHONE_END = f"""
    SELECT cp.client_id FROM client_phone cp WHERE cp.spa_id = %(spa)s AND cp.phone_id = ANY (ARRAY(
        SELECT p.id FROM phone p WHERE p.spa_id = %(spa)s AND {_on("reverse(p.number)", "turned")} LIMIT 100))"""
BY_CARD = """
    SELECT k.client_id FROM card k WHERE k.spa_id = %(spa)s AND k.last4 = %(digits)s AND k.role = 'current' LIMIT 100"""
BY_EMAIL = f"""
    SELECT ce.client_id FROM client_email ce WHERE ce.spa_id = %(spa)s AND ce.email_id = ANY (ARRAY(
        SELECT e.id FROM email e WHERE e.spa_id = %(spa)s AND {_on("e.address", "one")} LIMIT 100))"""
LAST_CHARACTER = "\U0010ffff"
SHOWN = """
    SELECT c.id, c.first_name || ' ' || c.last_name,
           (SELECT p.number FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
            WHERE (cp.spa_id, cp.client_id) = (c.spa_id, c.id) ORDER BY cp.preferred DESC, p.id LIMIT 1),
           (SELECT e.address FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
            WHERE (ce.spa_id, ce.client_id) = (c.spa_id, c.id) ORDER BY ce.preferred DESC, e.id LIMIT 1),
           k.last4, m.name, m.standing, m.leaves_on, m.by_card,
           EXISTS (SELECT 1 FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
                   WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND i.status = 'open'
                     AND a.status IN ('asked', 'unanswered'))
    FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS t (id, place)
    JOIN client c ON (c.spa_id, c.id) = (%(spa)s, t.id) AND c.merged_into IS NULL
    LEFT JOIN card k ON (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role = 'current'
    LEFT JOIN LATERAL (
        SELECT p.name, m.standing, m.collection = 'card' AS by_card, x.effective_on AS leaves_on
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
        LEFT JOIN cancellation x ON (x.spa_id, x.membership_id) = (m.spa_id, m.id)
             AND x.withdrawn_at IS NULL AND x.done_at IS NULL
        WHERE (m.spa_id, m.client_id) = (c.spa_id, c.id)
        ORDER BY m.standing = 'ended', m.id DESC LIMIT 1) m ON true
    ORDER BY m.standing IS NULL, m.standing = 'ended', c.last_name, c.first_name, c.id LIMIT %(most)s"""


def find(uow: UnitOfWork, spa_id: int, typed: str) -> list[Found]:
    """Who may be meant by what was typed, members first; nobody for nothing."""
    ids = sorted(
        {row[0] for statement, values in _asked(typed) for row in uow.sql(statement, {"spa": spa_id} | values)}
    )
    if not ids:
        return []
    rows = uow.sql(SHOWN, {"spa": spa_id, "ids": ids, "most": MOST}).fetchall()
    return [_found(*row) for row in rows]


def _asked(typed: str) -> list[tuple[str, dict[str, str]]]:
    """The statements that what was typed asks for."""
    folded = typed[:LONGEST].strip().lower().translate(ACCENTS)
    digits = re.sub(r"\D", "", folded)
    if "@" in folded:
        return [(BY_EMAIL, _start(one=folded))]
    if digits and not re.search(r"[a-z]", folded):
        by_phone = (BY_PHONE_END, _start(turned=digits[::-1]))
        return [by_phone, (BY_CARD, {"digits": digits})] if len(digits) == 4 else [by_phone] if len(digits) > 4 else []
    words = folded.replace(",", " ").split()
    match words:
        case []:
            return []
        case [one]:
            by_name = _start(one=one)
            return [(BY_LAST, by_name), (BY_FIRST, by_name), (BY_EMAIL, by_name)]
        case [one, *others]:
            by_both = _start(one=one, two=" ".join(others))
            return [(FIRST_LAST, by_both), (LAST_FIRST, by_both)]
    raise AssertionError("unreachable")


def _start(**words: str) -> dict[str, str]:
    """Where each word begins among what is sorted byte by byte, and where what begins with it is over."""
    return words | {f"{name}_end": word + LAST_CHARACTER for name, word in words.items()}


def _found(  # noqa: PLR0913, PLR0917 - a row
    client_id: int,
    name: str,
    phone: str | None,
    email: str | None,
    last4: str | None,
    plan: str | None,
    standing: str | None,
    leaves_on: date | None,
    by_card: bool | None,  # noqa: FBT001 - a row
    in_doubt: bool,  # noqa: FBT001 - a row
) -> Found:
    shown = None
    if standing is not None:
        seen = Seen(
            standing=Standing(standing),
            leaves_on=leaves_on,
            by_card=bool(by_card),
            has_card=last4 is not None,
            in_doubt=in_doubt,
        )
        shown = staff_standing(seen)
    return Found(client_id, name, phone, email, last4, plan, shown, leaves_on)
