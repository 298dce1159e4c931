"""What members wrote is forgotten when nobody needs the words any more (`rules.md` 7.7).

That something was said, when, and what it was taken to mean stays; so does the proof of consent and of opt-outs.
"""

from datetime import timedelta

from assistant.runtime import Runtime

WORDS_FOR = timedelta(days=90)
"""How long the words of texts, mails and conversations with a person are kept."""
RAW_FOR = timedelta(days=30)
"""And whole posts that could not be read."""
SESSIONS_FOR = timedelta(days=30)
"""And that somebody was signed in on their own pages: the audit keeps when."""
BATCH = 1000
WORDS = """
    UPDATE inbound_event SET body = '', facts = facts - 'subject' WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM inbound_event WHERE body <> '' AND received_at < %s AND settled_at IS NOT NULL
        ORDER BY received_at LIMIT %s FOR UPDATE SKIP LOCKED)"""
SUMMARIES = """
    UPDATE handover SET summary = '' WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM handover WHERE summary <> '' AND closed_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""
NOTES = """
    DELETE FROM thread_note WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM thread_note WHERE at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""
"""What staff wrote down about a thread stays as long as its words."""
DRAFTS = """
    UPDATE draft_reply SET words = '' WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM draft_reply WHERE words <> '' AND settled_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""
"""What became of a draft is counted still; one that waits for a person waits on."""
SESSIONS = """
    DELETE FROM member_session WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM member_session WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""
RAW = """
    DELETE FROM poison_mail WHERE (spa_id, id) IN (
        SELECT spa_id, id FROM poison_mail WHERE received_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)"""


AGES = (
    (WORDS, WORDS_FOR),
    (SUMMARIES, WORDS_FOR),
    (NOTES, WORDS_FOR),
    (DRAFTS, WORDS_FOR),
    (SESSIONS, SESSIONS_FOR),
    (RAW, RAW_FOR),
)


def forget(rt: Runtime) -> int:
    """Forget all that is old enough, a batch a transaction; safe to run twice. Returns how many rows."""
    return sum(_all(rt, statement, age) for statement, age in AGES)


def _all(rt: Runtime, statement: str, age: timedelta) -> int:
    forgotten = 0
    while True:
        with rt.unit_of_work() as uow:
            gone = uow.sql(statement, (uow.now - age, BATCH)).rowcount
        forgotten += gone
        if gone < BATCH:
            return forgotten
