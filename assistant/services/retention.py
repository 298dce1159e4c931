"""What members wrote is forgotten when nobody needs the words any more (`rules.md` 7.7).

That something was said, when, and what it was taken to mean stays; so does the proof of consent and of opt-outs.
"""

from datetime import timedelta

from assistant.runtime import Runtime

WORDS_FOR = timedelta(days=90)
"""How long the words of texts, mails and conversations with a person are kept."""
RAW_FOR = timedelta(days=30)
"""And whole posts that could not be read."""
BATCH = 1000
WORDS = """
    UPDATE inbound_event SET body = '', facts = facts - 'subject' WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM inbound_event WHERE body <> '' AND received_at < %s AND settled_at IS NOT NULL
        ORDER BY received_at LIMIT %s FOR UPDATE SKIP LOCKED)"""
SUMMARIES = """
    UPDATE handover SET summary = '' WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM handover WHERE summary <> '' AND closed_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""
RAW = """
    DELETE FROM poison_mail WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM poison_mail WHERE received_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""


def forget(rt: Runtime) -> int:
    """Forget all that is old enough, a batch a transaction; safe to run twice. Returns how many rows."""
    return sum(
        _all(rt, statement, age) for statement, age in ((WORDS, WORDS_FOR), (SUMMARIES, WORDS_FOR), (RAW, RAW_FOR))
    )


def _all(rt: Runtime, statement: str, age: timedelta) -> int:
    forgotten = 0
    while True:
        with rt.unit_of_work() as uow:
            gone = uow.sql(statement, (uow.now - age, BATCH)).rowcount
        forgotten += gone
        if gone < BATCH:
            return forgotten
