"""What SendGrid tells of our mail: each event once, and what it asks of consent and the message (`rules.md` 4.11)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from assistant.db.spas import UNCLAIMED
from assistant.domain.delivery import FINAL, Status
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import email_consent, mail_out
from assistant.services.consent import Source

NUMBER = re.compile(r"[0-9]{1,18}")
WORD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `s` and `m` are our own numbers, sent with the mail: never a name (`rules.md` 4.10)."""

    external_id: str
    type: str
    spa_id: int | None
    message_id: int | None
    kind: str
    """Of a bounce: `bounce` for good, `blocked` for now."""
    reason: str

    @classmethod
    def read(cls, event: object) -> Self | None:
        """None for what is no event of SendGrid's."""
        if not isinstance(event, dict):
            return None
        named, kind = event.get("sg_event_id"), event.get("event")
        if not isinstance(named, str) or not 0 < len(named) <= 200 or not named.isprintable() or not named.isascii():
            return None
        if not isinstance(kind, str) or not WORD.fullmatch(kind):
            return None
        of_bounce, reason = event.get("type"), event.get("reason")
        return cls(
            named,
            kind,
            _number(event.get("s")),
            _number(event.get("m")),
            of_bounce if isinstance(of_bounce, str) and WORD.fullmatch(of_bounce) else "",
            reason.lower()[:200] if isinstance(reason, str) else "",
        )


def keep(rt: Runtime, told: Sequence[Told]) -> int:
    """Act on each event that is new. Returns how many were."""
    return sum(rt.transact(lambda uow, each=each: _keep(uow, each)) for each in told)  # type: ignore[misc]


def _keep(uow: UnitOfWork, told: Told) -> bool:
    row = None
    if told.spa_id is not None and told.message_id is not None:
        row = uow.sql(
            "SELECT recipient FROM outbound_message WHERE spa_id = %s AND id = %s AND channel = 'email'",
            (told.spa_id, told.message_id),
        ).fetchone()
    spa_id = told.spa_id if row and told.spa_id is not None else UNCLAIMED
    new = uow.sql(
        "INSERT INTO email_event (spa_id, external_id, type, message_id, reason, received_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
        (spa_id, told.external_id, told.type, told.message_id if row else None, told.kind or None, uow.now),
    ).fetchone()
    if new is None:
        return False
    if row is not None:
        _act(uow, spa_id, str(row[0]), told)
    return True


def _act(uow: UnitOfWork, spa_id: int, address: str, told: Told) -> None:
    """SendGrid gives one thing several ids at times: every act here is the same twice."""
    source = Source("carrier", {"event": told.external_id, "type": told.type})
    match told.type, told.kind:
        case "processed", _:
            _moved(uow, told, Status.ACCEPTED, None)
        case "delivered", _:
            _moved(uow, told, Status.DELIVERED, None)
        case "bounce", "blocked":
            _moved(uow, told, Status.UNDELIVERED, "blocked")
        case "bounce", _:
            _moved(uow, told, Status.UNDELIVERED, "bounced")
            email_consent.undeliverable(uow, spa_id, address, source)
            _untold(uow, told, "bounced")
        case "dropped", _:
            _moved(uow, told, Status.UNDELIVERED, "dropped")
            _untold(uow, told, "dropped")
            _dropped(uow, spa_id, address, told.reason, source)
        case "spamreport", _:
            email_consent.suppress(uow, spa_id, address, source)
        case (("unsubscribe" | "group_unsubscribe"), _):
            email_consent.unsubscribe(uow, spa_id, address, source)
        case "deferred", _:
            _moved(uow, told, Status.SENT, "deferred")
        case _:
            pass


def _untold(uow: UnitOfWork, told: Told, reason: str) -> None:
    """A notice that came back is told another way (`rules.md` 4.11)."""
    if told.spa_id is not None and told.message_id is not None:
        mail_out.untold(uow, told.spa_id, told.message_id, reason)


def _dropped(uow: UnitOfWork, spa_id: int, address: str, reason: str, source: Source) -> None:
    """SendGrid would not send it, by a list of its own: ours shall say the same."""
    if "bounce" in reason or "invalid" in reason:
        email_consent.undeliverable(uow, spa_id, address, source)
    elif "spam report" in reason:
        email_consent.suppress(uow, spa_id, address, source)
    elif "unsubscribe" in reason:
        email_consent.unsubscribe(uow, spa_id, address, source)


def _moved(uow: UnitOfWork, told: Told, status: Status, reason: str | None) -> None:
    """The message's status goes forward or stays."""
    uow.sql(
        """UPDATE outbound_message SET status = %(status)s, reason = coalesce(%(reason)s, reason), leased_until = NULL,
                  settled_at = CASE WHEN %(final)s THEN %(now)s ELSE settled_at END
           WHERE spa_id = %(spa)s AND id = %(id)s AND status_rank(status) < status_rank(%(status)s)""",
        {
            "status": status.value,
            "reason": reason,
            "final": status in FINAL,
            "now": uow.now,
            "spa": told.spa_id,
            "id": told.message_id,
        },
    )


def _number(value: object) -> int | None:
    """Custom arguments come as text, or as numbers."""
    said: Any = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return int(said) if isinstance(said, str) and NUMBER.fullmatch(said) else None
