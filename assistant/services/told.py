"""What a client was told, when, why, what became of it and what it cost: for whoever is asked "did you text me?"."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.sending import SendingPolicy
from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """One message as it stands now."""

    at: datetime
    """When it was handed over, or else written down."""
    channel: str
    recipient: str
    message: str
    """Its name in the catalogue: why it was sent."""
    key: str
    """The very event that it is about."""
    status: str
    reason: str | None
    words: str
    cost_millicents: int


ROWS = """
    SELECT coalesce(m.asked_at, m.created_at), m.channel, m.recipient, m.message, m.key, m.status, m.reason, m.body,
           CASE WHEN m.asked_at IS NULL THEN 0 ELSE m.segments END, s.sending
    FROM outbound_message m JOIN spa s ON s.spa_id = m.spa_id
    WHERE m.spa_id = %s AND m.client_id = %s ORDER BY m.id DESC LIMIT %s"""


def told(uow: UnitOfWork, spa_id: int, client_id: int, *, many: int = 50) -> list[Told]:
    """The last so many, the newest first."""
    found = []
    for *row, body, segments, sending in uow.sql(ROWS, (spa_id, client_id, many)).fetchall():
        cost = segments * SendingPolicy.from_json(sending).segment_millicents
        found.append(Told(*[*row, uow.links.seal.open(body), cost]))
    return found
