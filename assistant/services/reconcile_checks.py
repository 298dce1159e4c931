"""A question to our own tables that finds what one of them says and another does not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One set-based statement; each row it gives is a difference, and a person's task.

    The query gives spa, subject, what the one side has, what the other has, and the client; it may ask for `%(now)s`
    and for what is `%(since)s` then.
    """

    kind: str
    words: str
    """What is wrong, in one line for staff."""
    query: str
