"""SendGrid's own book: which mail it took, what became of it, what came in, and whom it has yet to tell."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from assistant.clock import Clock
from assistant.sandbox import sendgrid_facts
from assistant.sandbox.book import Pace
from assistant.sandbox.faults import FaultKind, Faults
from assistant.sandbox.posts import Deliver, Post, PostOffice
from assistant.sandbox.sendgrid_shapes import COLUMNS, SCHEMA, Hook, Letter, Lost, NotTaken, Taken, letter_of
from assistant.sandbox.store import Store, stored

INSERT = f"INSERT INTO mails ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


class SendGridBook:
    """Everything SendGrid knows, in one SQLite file. Safe to share between threads.

    A fault's `phone` is an address here. `UNDELIVERED` bounces with a code of 500 and above, and is blocked below.
    """

    def __init__(
        self,
        path: Path | str,
        clock: Clock,
        *,
        events_url: str = "",
        inbound_url: str = "",
        pace: Pace | None = None,
        new_id: Callable[[], str] = lambda: token_urlsafe(16),
    ) -> None:
        self._store = Store(path, SCHEMA)
        self.clock, self._pace, self._new_id = clock, pace or Pace(), new_id
        self._events_url, self._inbound_url = events_url, inbound_url
        self.faults = Faults(self._store)
        self._posts = PostOffice(self._store, clock)

    def close(self) -> None:
        self._store.close()

    # --- sending -------------------------------------------------------------------------------------------------

    def send(self, asked: object) -> Taken | NotTaken | Lost:
        """Take a mail as `POST /v3/mail/send` describes it."""
        wrong = sendgrid_facts.faults(asked)
        if wrong or not isinstance(asked, dict):
            return NotTaken(400, tuple(wrong))
        to = str(asked["personalizations"][0]["to"][0]["email"])
        with self._store.transaction():
            if refused := self.faults.take(FaultKind.REFUSE, to):
                return NotTaken(refused.code, (("", "refused by a script"),))
            if self.faults.take(FaultKind.FAIL_BEFORE, to):
                return Lost()
            letter = self._outgoing(asked, to)
            if self.faults.take(FaultKind.FAIL_AFTER, to):
                return Lost()
            hang = self.faults.take(FaultKind.HANG_AFTER, to)
            return Lost(hang.seconds) if hang else Taken(letter.id)

    def _outgoing(self, asked: dict[str, Any], to: str) -> Letter:
        parts = {each["type"]: each["value"] for each in asked["content"]}
        letter = Letter(
            id=self._new_id(),
            inbound=False,
            sender=asked["from"]["email"],
            sender_name=asked["from"].get("name", ""),
            recipient=to,
            reply_to=asked.get("reply_to", {}).get("email", ""),
            subject=asked["subject"],
            text=parts.get("text/plain", ""),
            html=parts.get("text/html", ""),
            headers=asked.get("headers", {}),
            args=asked["personalizations"][0].get("custom_args", {}),
            status="processed",
            created_at=self.clock.now(),
        )
        self._keep(letter)
        self._announce(letter, list(self._future(to)))
        return letter

    def _future(self, to: str) -> Iterator[tuple[str, str, datetime]]:
        """What will become of a mail: event, reason, when."""
        now = self.clock.now()
        if listed := self._listed(to):
            yield "dropped", listed, now
            return
        yield "processed", "", now
        held = self.faults.take(FaultKind.HOLD, to)
        if held:
            yield "deferred", "451 try again later", now + self._pace.sent
        arrives_at = now + timedelta(seconds=held.seconds if held else 0) + self._pace.delivered
        failed = self.faults.take(FaultKind.UNDELIVERED, to)
        if failed is None:
            yield "delivered", "", arrives_at
            return
        yield ("bounce" if failed.code >= 500 else "blocked"), f"{failed.code} by a script", arrives_at
        if failed.code >= 500:
            self._list(to, "bounce")

    def _announce(self, letter: Letter, future: list[tuple[str, str, datetime]]) -> None:
        to = letter.recipient
        for kind, _, at in future:
            self._plan(letter.id, kind, at)
        if self.faults.take(FaultKind.LOSE_CALLBACKS, to):
            return
        delay = self.faults.take(FaultKind.DELAY_CALLBACKS, to)
        late = timedelta(seconds=delay.seconds if delay else 0)
        copies = 2 if self.faults.take(FaultKind.DUPLICATE_CALLBACKS, to) else 1
        times = [at + late for _, _, at in future]
        if self.faults.take(FaultKind.REORDER_CALLBACKS, to):
            times.reverse()
        for (kind, reason, at), due_at in zip(future, times, strict=True):
            self._tell(letter, kind, reason, at, due_at=due_at, copies=copies)

    def _tell(self, letter: Letter, kind: str, reason: str, at: datetime, *, due_at: datetime, copies: int = 1) -> None:
        named = {
            "id": letter.id,
            "args": letter.args,
            "recipient": letter.recipient,
            "message_id": letter.headers.get("Message-ID", ""),
        }
        told = sendgrid_facts.event(kind, named, self._new_id(), at, reason)
        raw = json.dumps([told], ensure_ascii=False).encode()
        for _ in range(copies):
            self._post(letter.id, Hook(self._events_url, "application/json", raw), due_at)

    def say(self, letter_id: str, kind: str) -> None:
        """Something happens to a mail later on: `bounce`, `open`, `spamreport`, `unsubscribe`. ValueError otherwise."""
        letter = self.letter(letter_id)
        if letter is None or letter.inbound:
            raise ValueError("There is no such mail to a member.")
        if kind not in sendgrid_facts.LATER:
            raise ValueError(f"'event' must be one of: {', '.join(sorted(sendgrid_facts.LATER))}.")
        now = self.clock.now()
        if kind in sendgrid_facts.UNSUBSCRIBED:
            self._list(letter.recipient, kind)
        if kind == "bounce":
            self._plan(letter.id, kind, now)
        self._tell(letter, kind, "", now, due_at=now)

    # --- receiving -----------------------------------------------------------------------------------------------

    def receive(self, letter: Letter, hook: tuple[str, bytes]) -> Letter:
        """A mail from a member: kept, and its post (content type and body) brought to the web server."""
        with self._store.transaction():
            self._keep(letter)
            for _ in range(2 if self.faults.take(FaultKind.DUPLICATE_INBOUND, letter.sender) else 1):
                self._post(letter.id, Hook(self._inbound_url, *hook), letter.created_at)
        return letter

    def new_id(self) -> str:
        return self._new_id()

    def mark(self, letter_id: str, mark: str) -> None:
        """What its reader did with a mail, once: a word of the inbox's own."""
        with self._store.transaction() as db:
            db.execute("INSERT OR IGNORE INTO marks VALUES (?, ?)", (letter_id, mark))

    def marked(self, mark: str) -> frozenset[str]:
        """The mails with that mark."""
        with self._store.transaction() as db:
            return frozenset(row["id"] for row in db.execute("SELECT id FROM marks WHERE mark = ?", (mark,)))

    # --- telling -------------------------------------------------------------------------------------------------

    def pump(self, deliver: Callable[[Hook], str | None]) -> int:
        """Post everything due by now; what fails is tried again later. The number delivered."""
        self._settle()
        return self._posts.pump(_opened(deliver))

    def untold(self) -> frozenset[str]:
        """The mails of which a web server has yet to be told something."""
        return self._posts.untold()

    def _post(self, letter_id: str, hook: Hook, due_at: datetime) -> None:
        if hook.url:
            pairs = (("content_type", hook.content_type), ("raw", b64encode(hook.raw).decode()))
            self._posts.put(letter_id, hook.url, pairs, token=self._new_id(), due_at=due_at)

    # --- looking -------------------------------------------------------------------------------------------------

    def letter(self, letter_id: str) -> Letter | None:
        return next(iter(self._where("id = ?", letter_id)), None)

    def box(self, address: str) -> list[Letter]:
        """Everything that one address sent and received, oldest first."""
        return self._where("lower(sender) = ? OR lower(recipient) = ?", address.lower(), address.lower())

    def addresses(self) -> list[str]:
        """Everyone who was written to or wrote, the latest first."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT CASE inbound WHEN 1 THEN sender ELSE recipient END AS who, max(seq) AS last FROM mails"
                " GROUP BY who ORDER BY last DESC"
            ).fetchall()
        return [row["who"] for row in rows]

    def unread(self) -> dict[str, int]:
        """How many mails each address has not opened: what bears no mark."""
        self._settle()
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT lower(recipient) AS who, count(*) AS many FROM mails WHERE inbound = 0 AND status = 'delivered'"
                " AND id NOT IN (SELECT id FROM marks) GROUP BY who"
            ).fetchall()
        return {row["who"]: row["many"] for row in rows}

    def _where(self, test: str, *values: object) -> list[Letter]:
        self._settle()
        with self._store.transaction() as db:
            return [letter_of(row) for row in db.execute(f"SELECT * FROM mails WHERE {test} ORDER BY seq", values)]

    # --- keeping -------------------------------------------------------------------------------------------------

    def _keep(self, letter: Letter) -> None:
        values = {name: getattr(letter, name) for name in COLUMNS}
        values |= {"headers": json.dumps(letter.headers), "args": json.dumps(letter.args)}
        values |= {"inbound": int(letter.inbound), "created_at": stored(letter.created_at)}
        with self._store.transaction() as db:
            db.execute(INSERT, [values[name] for name in COLUMNS])

    def _plan(self, letter_id: str, status: str, at: datetime) -> None:
        with self._store.transaction() as db:
            db.execute("INSERT INTO steps (id, status, due_at) VALUES (?, ?, ?)", (letter_id, status, stored(at)))

    def _settle(self) -> None:
        """Each mail reaches what is due by now."""
        with self._store.transaction() as db:
            due = "SELECT * FROM steps WHERE taken = 0 AND due_at <= ? ORDER BY due_at, seq"
            for step in db.execute(due, (stored(self.clock.now()),)).fetchall():
                db.execute("UPDATE mails SET status = ? WHERE id = ?", (step["status"], step["id"]))
                db.execute("UPDATE steps SET taken = 1 WHERE seq = ?", (step["seq"],))

    def _list(self, address: str, kind: str) -> None:
        reason = sendgrid_facts.UNSUBSCRIBED[kind]
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO lists VALUES (?, ?)", (address.lower(), reason))

    def _listed(self, address: str) -> str:
        with self._store.transaction() as db:
            row = db.execute("SELECT reason FROM lists WHERE address = ?", (address.lower(),)).fetchone()
        return row["reason"] if row else ""


def _opened(deliver: Callable[[Hook], str | None]) -> Deliver:
    def brought(post: Post) -> str | None:
        held = dict(post.pairs)
        return deliver(Hook(post.url, held["content_type"], b64decode(held["raw"])))

    return brought
