"""How a client is reached."""

from dataclasses import dataclass

from assistant.db.base import Asks


@dataclass(frozen=True, slots=True)
class Reach:
    """A number that may be texted about the membership; None: nobody may, and the desk must."""

    number: str | None
    locale: str
    first_name: str


def reach(uow: Asks, spa_id: int, client_id: int, *, about_money: bool = False) -> Reach:
    """The client's preferred phone among those that may be texted, and their language.

    `about_money`: one that opted out of all but texts about payments counts too.
    """
    row = uow.sql(
        """SELECT p.number, c.locale, coalesce(c.called, c.first_name) FROM client c
           LEFT JOIN client_phone cp ON (cp.spa_id, cp.client_id) = (c.spa_id, c.id)
           LEFT JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
               AND p.unreachable_at IS NULL
               AND (p.suppressed_at IS NULL AND p.sms_transactional OR p.billing_at IS NOT NULL AND %s)
           WHERE c.spa_id = %s AND c.id = %s
           ORDER BY (p.id IS NULL), cp.preferred DESC, p.id LIMIT 1""",
        (about_money, spa_id, client_id),
    ).fetchone()
    return Reach(*row) if row else Reach(None, "en", "")


def others(uow: Asks, spa_id: int, number: str) -> bool:
    """Whether somebody who has this number has another that may be texted about the membership."""
    row = uow.sql(
        """SELECT 1 FROM phone p JOIN client_phone mine ON (mine.spa_id, mine.phone_id) = (p.spa_id, p.id)
           JOIN client_phone other ON (other.spa_id, other.client_id) = (mine.spa_id, mine.client_id)
           JOIN phone o ON (o.spa_id, o.id) = (other.spa_id, other.phone_id) AND o.id <> p.id
           WHERE p.spa_id = %s AND p.number = %s
             AND o.suppressed_at IS NULL AND o.unreachable_at IS NULL AND o.sms_transactional LIMIT 1""",
        (spa_id, number),
    ).fetchone()
    return row is not None


def mail_address(uow: Asks, spa_id: int, client_id: int) -> str | None:
    """The client's preferred address among those that mail arrives at and that have not called it spam."""
    row = uow.sql(
        """SELECT e.address FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
           WHERE ce.spa_id = %s AND ce.client_id = %s AND e.undeliverable_at IS NULL AND e.suppressed_at IS NULL
           ORDER BY ce.preferred DESC, e.id LIMIT 1""",
        (spa_id, client_id),
    ).fetchone()
    return None if row is None else str(row[0])
