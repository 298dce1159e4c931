"""What a provider's error asks of us beside giving up on a message (`rules.md` 3.6)."""

from datetime import timedelta

from assistant.domain.delivery import Act, remedy
from assistant.runtime import UnitOfWork
from assistant.services import audit, consent, wrong_numbers
from assistant.services.wrong_numbers import Doubt

NO_SUCH_NUMBER = frozenset({21211, 30005})
HANDSET_AWAY, MOST_IN_A_ROW = 30003, 3
"""A phone that is off is tried again; after so many messages in a row none reaches it, and another way is found."""


def act_on(uow: UnitOfWork, spa_id: int, message_id: int, code: int, channel: str = "sms") -> None:
    """By its number; an error we have never seen is for a person."""
    row = uow.sql(
        "SELECT recipient FROM outbound_message WHERE spa_id = %s AND id = %s", (spa_id, message_id)
    ).fetchone()
    number = row[0] if row else ""
    match remedy(code, channel).act:
        case Act.SUPPRESS:
            consent.stop(uow, spa_id, number, consent.Source("carrier", {"code": code, "message": message_id}))
        case Act.UNREACHABLE:
            consent.unreachable(uow, spa_id, number, code)
            if code in NO_SUCH_NUMBER:  # if it comes back to life, it may be another's
                wrong_numbers.shake(uow, spa_id, number, Doubt.DEAD)
        case Act.TRY_AGAIN if code == HANDSET_AWAY and _in_a_row(uow, spa_id, number) >= MOST_IN_A_ROW:
            consent.unreachable(uow, spa_id, number, code)
        case Act.TRY_AGAIN | Act.SLOW_DOWN:
            _again(uow, spa_id, message_id, code)
        case Act.STOP_SENDER:
            uow.sql("UPDATE spa SET sending_stopped = %s WHERE spa_id = %s", (f"Twilio error {code}", spa_id))
            audit.write(uow, spa_id, actor="carrier", evidence="E0", act="sending_stopped", subject=f"error:{code}")
        case Act.ALERT | Act.HOLD:
            subject = f"message:{message_id}"
            audit.write(
                uow, spa_id, actor="carrier", evidence="E0", act="message_failed", subject=subject, after={"code": code}
            )


def _in_a_row(uow: UnitOfWork, spa_id: int, number: str) -> int:
    """How many of the last messages to a number never came, the tries of one counted as one."""
    [[many]] = uow.sql(
        """SELECT count(*) FILTER (WHERE away) FROM (
               SELECT bool_and(status = 'undelivered' AND error_code = %s) AS away
               FROM (SELECT key, status, error_code, id FROM outbound_message
                     WHERE spa_id = %s AND recipient = %s AND asked_at IS NOT NULL AND status <> 'dropped'
                     ORDER BY id DESC LIMIT 20) latest
               GROUP BY split_part(key, '~', 1) ORDER BY max(id) DESC LIMIT %s) messages""",
        (HANDSET_AWAY, spa_id, number, MOST_IN_A_ROW),
    ).fetchall()
    return int(many)


def _again(uow: UnitOfWork, spa_id: int, message_id: int, code: int) -> None:
    """The same words once more, as a new message with its own key, as often as its error allows."""
    waits = remedy(code).waits or (timedelta(hours=1),)
    for tried, wait in enumerate(waits, 1):
        row = uow.sql(
            """INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale,
                                             body, segments, owed_invoice_id, created_at, due_at, expires_at)
               SELECT spa_id, split_part(key, '~', 1) || '~' || %(tried)s, channel, client_id, recipient, message,
                      message_class, locale, body, segments, owed_invoice_id, %(now)s, %(due)s,
                      %(due)s + (expires_at - created_at)
               FROM outbound_message WHERE spa_id = %(spa)s AND id = %(id)s
               ON CONFLICT DO NOTHING RETURNING id""",
            {"tried": tried, "now": uow.now, "due": uow.now + wait, "spa": spa_id, "id": message_id},
        ).fetchone()
        if row is not None:
            return
