"""Short links in offers: on the spa's own domain, one for each recipient, good for thirty days, and revocable."""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.db.campaigns import Live
from assistant.domain.robots import is_robot
from assistant.runtime import UnitOfWork
from assistant.services import audit

LIFE = timedelta(days=30)
CODE_BYTES = 10
"""Eighty random bits in sixteen letters: nobody finds one by trying, and it is short enough for a text."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Where a link leads."""

    spa_id: int
    link_id: int
    campaign_id: int
    client_id: int
    good: bool


def make(uow: UnitOfWork, campaign: Live, client_ids: Sequence[int]) -> dict[int, str]:
    """A link for each client, by their id; one they have already stays."""
    codes = [b32encode(uow.links.random_bytes(CODE_BYTES)).decode().lower() for _ in client_ids]
    rows = uow.sql(
        """INSERT INTO short_link (spa_id, code, campaign_id, client_id, created_at, expires_at)
           SELECT %s, code, %s, client_id, %s, %s FROM unnest(%s::text[], %s::bigint[]) AS t (code, client_id)
           ON CONFLICT (spa_id, campaign_id, client_id) DO UPDATE SET expires_at = excluded.expires_at
           RETURNING client_id, code""",
        (campaign.spa_id, campaign.id, uow.now, uow.now + LIFE, codes, list(client_ids)),
    ).fetchall()
    base = domain_of(uow, campaign.spa_id)
    return {client_id: f"{base}/o/{code}" for client_id, code in rows}


def domain_of(uow: UnitOfWork, spa_id: int) -> str:
    """Where a spa's short links begin."""
    row = uow.sql("SELECT link_domain FROM spa WHERE spa_id = %s", (spa_id,)).fetchone()
    return f"https://{row[0]}" if row and row[0] else uow.links.base_url


def find(uow: UnitOfWork, code: str) -> Offered | None:
    """The offer behind a code; None for one that was never made. Changes nothing."""
    row = uow.sql(
        "SELECT spa_id, id, campaign_id, client_id, revoked_at, expires_at FROM short_link WHERE code = %s",
        (code.lower(),),
    ).fetchone()
    if row is None:
        return None
    spa_id, link_id, campaign_id, client_id, revoked_at, expires_at = row
    return Offered(spa_id, link_id, campaign_id, client_id, _good(uow.now, revoked_at, expires_at))


def _good(now: datetime, revoked_at: datetime | None, expires_at: datetime) -> bool:
    return revoked_at is None and now < expires_at


def clicked(uow: UnitOfWork, offered: Offered, agent: str, *, act: str) -> None:
    """Write down one look at it, or one press of its button; programs that look at links are marked so."""
    uow.sql(
        "INSERT INTO link_click (spa_id, link_id, at, robot, act) VALUES (%s, %s, %s, %s, %s)",
        (offered.spa_id, offered.link_id, uow.now, is_robot(agent), act),
    )


def revoke(uow: UnitOfWork, spa_id: int, campaign_id: int, *, actor: str) -> int:
    """Every link of a campaign leads nowhere from now on. Returns how many."""
    gone = uow.sql(
        "UPDATE short_link SET revoked_at = %s WHERE spa_id = %s AND campaign_id = %s AND revoked_at IS NULL",
        (uow.now, spa_id, campaign_id),
    ).rowcount
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="links_revoked", subject=f"campaign:{campaign_id}")
    return gone
