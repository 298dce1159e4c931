"""What Twilio has yet to tell a web server, and goes on telling it until the server says thank you."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from assistant.clock import Clock
from assistant.sandbox.store import Store, stored

BACKOFF_SECONDS = (0.5, 1, 2, 4, 8, 15, 30)
MOST_TRIES = 40
"""At thirty seconds apart, about a quarter of an hour of a web server being down."""


@dataclass(frozen=True, slots=True)
class Post:
    """One form to be posted. `token` is Twilio's I-Twilio-Idempotency-Token: the same at every try."""

    seq: int
    url: str
    pairs: tuple[tuple[str, str], ...]
    token: str
    tries: int


Deliver = Callable[[Post], str | None]
"""Posts once, and says what went wrong: None is delivered."""


class PostOffice:
    """A queue of posts in the book. At least once, in the order they fall due, and in no order once one has failed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._one_at_a_time = Lock()

    def put(self, sid: str, url: str, pairs: Sequence[tuple[str, str]], *, token: str, due_at: datetime) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO posts (sid, url, pairs, token, due_at) VALUES (?, ?, ?, ?, ?)",
                (sid, url, json.dumps(pairs), token, stored(due_at)),
            )

    def pump(self, deliver: Deliver) -> int:
        """Try everything that is due by now, once; the number delivered."""
        with self._one_at_a_time:
            return sum(self._try(post, deliver) for post in self._due())

    def waiting(self) -> int:
        """How many are due now or later."""
        with self._store.transaction() as db:
            return int(db.execute("SELECT count(*) FROM posts WHERE state = 'due'").fetchone()[0])

    def untold(self) -> frozenset[str]:
        """The messages a web server has yet to be told something about."""
        with self._store.transaction() as db:
            return frozenset(row["sid"] for row in db.execute("SELECT sid FROM posts WHERE state = 'due'"))

    def _due(self) -> list[Post]:
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT * FROM posts WHERE state = 'due' AND due_at <= ? ORDER BY due_at, seq",
                (stored(self._clock.now()),),
            ).fetchall()
        return [
            Post(row["seq"], row["url"], tuple((n, v) for n, v in json.loads(row["pairs"])), row["token"], row["tries"])
            for row in rows
        ]

    def _try(self, post: Post, deliver: Deliver) -> bool:
        problem = deliver(post)
        tries = post.tries + 1
        state = "done" if problem is None else "given_up" if tries >= MOST_TRIES else "due"
        pause = BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS)) - 1]
        with self._store.transaction() as db:
            db.execute(
                "UPDATE posts SET tries = ?, state = ?, problem = ?, due_at = ? WHERE seq = ?",
                (tries, state, problem, stored(self._clock.now() + timedelta(seconds=pause)), post.seq),
            )
        return problem is None
