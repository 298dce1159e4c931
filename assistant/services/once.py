"""An act of a page happens once for its form, however often the form is sent."""

from assistant.runtime import UnitOfWork


def said_before(uow: UnitOfWork, spa_id: int, token: str, *, actor: str) -> str | None:
    """What was said when this very form was carried out; None when it is new, and is now this transaction's.

    Who sends the same form beside this one waits here until it is known what became of the first.
    """
    made = uow.sql(
        "INSERT INTO staff_act (spa_id, token, at, actor) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        (spa_id, token, uow.now, actor),
    ).fetchone()
    if made is not None:
        return None
    row = uow.sql("SELECT words FROM staff_act WHERE spa_id = %s AND token = %s", (spa_id, token)).fetchone()
    return str(row[0] or "") if row else ""


def known(uow: UnitOfWork, spa_id: int, token: str) -> str | None:
    """What was said when this form was carried out; None where it never was. Changes nothing."""
    row = uow.sql("SELECT words FROM staff_act WHERE spa_id = %s AND token = %s", (spa_id, token)).fetchone()
    return str(row[0] or "") if row else None


def say(uow: UnitOfWork, spa_id: int, token: str, words: str) -> None:
    """What is to be said to whoever sends it again."""
    uow.sql("UPDATE staff_act SET words = %s WHERE spa_id = %s AND token = %s", (words, spa_id, token))


def forget(uow: UnitOfWork, spa_id: int, token: str) -> None:
    """It was not done after all: the same form may be tried again."""
    uow.sql("DELETE FROM staff_act WHERE spa_id = %s AND token = %s", (spa_id, token))
