"""Twilio's own book: which texts it took, where they got to, who opted out, and whom it has yet to tell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from assistant.clock import Clock
from assistant.sandbox import twilio_facts, wire
from assistant.sandbox.faults import FaultKind, Faults
from assistant.sandbox.messages import Messages
from assistant.sandbox.posts import Deliver, PostOffice
from assistant.sandbox.store import Store, stored
from assistant.sandbox.wire import Message, Step

FINAL = frozenset({"delivered", "undelivered", "failed", "received"})
NOT_FINAL = 20009
UNKNOWN = 20404
OWN = "INSERT INTO numbers VALUES (?, ?) ON CONFLICT (phone) DO UPDATE SET inbound_url = excluded.inbound_url"


@dataclass(frozen=True, slots=True)
class Order:
    """What a caller asks to be sent."""

    sender: str
    to: str
    body: str
    callback_url: str | None = None
    validity_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    message: Message


@dataclass(frozen=True, slots=True)
class Rejected:
    """Twilio said no. `code` is its error number."""

    code: int


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer reaches the caller: an HTTP 500 now, or nothing for `seconds`. `message` is None if not taken."""

    message: Message | None
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon after it was taken a text is on its way, and how soon it has arrived."""

    sent: timedelta = timedelta(milliseconds=300)
    delivered: timedelta = timedelta(milliseconds=900)


@dataclass(frozen=True, slots=True)
class Search:
    """Which messages to list; `sent_*` are inclusive."""

    to: str | None = None
    sender: str | None = None
    sent_from: datetime | None = None
    sent_until: datetime | None = None


class TwilioBook:
    """Everything Twilio knows, in one SQLite file. Safe to share between threads."""

    def __init__(
        self,
        path: Path | str,
        clock: Clock,
        account_sid: str = f"AC{'0' * 32}",
        *,
        pace: Pace = Pace(),
        new_id: Callable[[], str] = lambda: token_hex(16),
    ) -> None:
        self._store = Store(path)
        self._clock, self._account_sid, self._pace, self._new_id = clock, account_sid, pace, new_id
        self.faults = Faults(self._store)
        self._messages = Messages(self._store, clock)
        self._posts = PostOffice(self._store, clock)

    def close(self) -> None:
        self._store.close()

    # --- numbers -------------------------------------------------------------------------------------------------

    def own(self, number: str, inbound_url: str) -> None:
        """Make this number one of the account's, its texts going to `inbound_url`."""
        with self._store.transaction() as db:
            db.execute(OWN, (number, inbound_url))

    def numbers(self) -> dict[str, str]:
        """Every number of the account, and where its texts go."""
        with self._store.transaction() as db:
            return dict(map(tuple, db.execute("SELECT phone, inbound_url FROM numbers ORDER BY rowid")))

    def is_opted_out(self, number: str, phone: str) -> bool:
        with self._store.transaction() as db:
            row = db.execute("SELECT 1 FROM opt_outs WHERE number = ? AND phone = ?", (number, phone)).fetchone()
        return row is not None

    # --- sending -------------------------------------------------------------------------------------------------

    def send(self, order: Order) -> Taken | Rejected | Lost:
        with self._store.transaction():
            code = self._refusal(order)
            if code is not None:
                return Rejected(code)
            if self.faults.take(FaultKind.FAIL_BEFORE, order.to):
                return Lost(None)
            message = self._outbound(order, "outbound-api")
            if self.faults.take(FaultKind.FAIL_AFTER, order.to):
                return Lost(message)
            hang = self.faults.take(FaultKind.HANG_AFTER, order.to)
            return Lost(message, hang.seconds) if hang else Taken(message)

    def _refusal(self, order: Order) -> int | None:
        code = twilio_facts.refusal(order.sender, order.to, order.body)
        if code is not None:
            return code
        if order.sender not in self.numbers():
            return 21606
        if self.is_opted_out(order.sender, order.to):
            return 21610
        refused = self.faults.take(FaultKind.REFUSE, order.to)
        return refused.code if refused else None

    def _outbound(self, order: Order, direction: str) -> Message:
        message = self._keep(order, direction)
        steps = list(self._future(order))
        for step in steps:
            self._messages.plan(message.sid, step)
        self._announce(message, steps)
        return message

    def _future(self, order: Order) -> Iterator[Step]:
        """What will become of a text. Past its validity Twilio gives up on it, as it would on a carrier's delay."""
        now = self._clock.now()
        held = self.faults.take(FaultKind.HOLD, order.to)
        late = timedelta(seconds=held.seconds if held else 0)
        failed = self.faults.take(FaultKind.UNDELIVERED, order.to)
        validity = timedelta(seconds=order.validity_seconds or 36_000)
        if late + self._pace.sent > validity:
            yield Step("failed", 30036, now + validity)
            return
        yield Step("sent", None, now + late + self._pace.sent)
        arrives_at = now + late + self._pace.delivered
        yield Step("undelivered", failed.code, arrives_at) if failed else Step("delivered", None, arrives_at)

    def _announce(self, message: Message, steps: list[Step]) -> None:
        url, phone = message.callback_url, message.recipient
        if url is None or self.faults.take(FaultKind.LOSE_CALLBACKS, phone):
            return
        delay = self.faults.take(FaultKind.DELAY_CALLBACKS, phone)
        late = timedelta(seconds=delay.seconds if delay else 0)
        copies = 2 if self.faults.take(FaultKind.DUPLICATE_CALLBACKS, phone) else 1
        times = [step.at + late for step in steps]
        if self.faults.take(FaultKind.REORDER_CALLBACKS, phone):
            times.reverse()
        for step, due_at in zip(steps, times, strict=True):
            form = wire.status_form(message, self._account_sid, step.status, step.error_code)
            self._post(message.sid, url, form, due_at=due_at, copies=copies)

    # --- receiving -----------------------------------------------------------------------------------------------

    def receive(self, phone: str, number: str, body: str, *, media: int = 0) -> Message:
        """A text from a phone to one of our numbers; Twilio answers its own words itself, and tells the web server."""
        url = self.numbers().get(number)
        if url is None:
            raise ValueError(f"{number} is not one of this account's numbers.")
        if not twilio_facts.E164.fullmatch(phone):
            raise ValueError(f"{phone} is not a phone number such as +15555550123.")
        with self._store.transaction():
            opting = twilio_facts.opt_out_type(body)
            message = self._keep(Order(phone, number, body), "inbound", media=media, opting=opting)
            self._opt(number, phone, opting)
            copies = 2 if self.faults.take(FaultKind.DUPLICATE_INBOUND, phone) else 1
            form = wire.inbound_form(message, self._account_sid)
            self._post(message.sid, url, form, due_at=message.created_at, copies=copies)
            return message

    def _opt(self, number: str, phone: str, opting: str | None) -> None:
        """Twilio confirms a change once, whatever the app does: a second STOP gets no second answer."""
        out = self.is_opted_out(number, phone)
        with self._store.transaction() as db:
            if opting == "STOP" and not out:
                self._outbound(Order(number, phone, twilio_facts.OPTED_OUT_REPLY), "outbound-reply")
                db.execute("INSERT INTO opt_outs VALUES (?, ?, ?)", (number, phone, stored(self._clock.now())))
            elif opting == "START" and out:
                db.execute("DELETE FROM opt_outs WHERE number = ? AND phone = ?", (number, phone))
                self._outbound(Order(number, phone, twilio_facts.OPTED_IN_REPLY), "outbound-reply")

    # --- telling -------------------------------------------------------------------------------------------------

    def pump(self, deliver: Deliver) -> int:
        """Post everything due by now; what fails is tried again later. The number delivered."""
        self._messages.settle()
        return self._posts.pump(deliver)

    def waiting(self) -> int:
        """How many posts are due, now or later."""
        return self._posts.waiting()

    def untold(self) -> frozenset[str]:
        """The messages a web server has yet to be told something about."""
        return self._posts.untold()

    def _post(self, sid: str, url: str, form: Mapping[str, str], *, due_at: datetime, copies: int) -> None:
        token = self._new_id()
        for _ in range(copies):
            self._posts.put(sid, url, tuple(form.items()), token=token, due_at=due_at)

    # --- looking -------------------------------------------------------------------------------------------------

    def message(self, sid: str) -> Message | None:
        return self._messages.one(sid)

    def history(self, sid: str) -> list[Step]:
        """Every status a message has reached, oldest first."""
        return self._messages.history(sid)

    def thread(self, phone: str) -> list[Message]:
        """Everything one phone sent and received, oldest first."""
        return self._messages.where("sender = ? OR recipient = ?", phone, phone)

    def search(self, search: Search) -> list[Message]:
        """Newest first, as Twilio lists them. A text not sent yet has no date to be searched by."""
        wanted: dict[str, object] = {
            "recipient = ?": search.to,
            "sender = ?": search.sender,
            "sent_at >= ?": search.sent_from and stored(search.sent_from),
            "sent_at <= ?": search.sent_until and stored(search.sent_until),
        }
        given = {test: value for test, value in wanted.items() if value is not None}
        return self._messages.where(" AND ".join(given) or "1", *given.values())[::-1]

    # --- keeping -------------------------------------------------------------------------------------------------

    def redact(self, sid: str) -> Message | Rejected:
        """Forget the words of a message, which Twilio does only once it is final."""
        message = self.message(sid)
        if message is None:
            return Rejected(UNKNOWN)
        if message.status not in FINAL:
            return Rejected(NOT_FINAL)
        self._messages.redact(sid)
        return replace(message, body="")

    def _keep(self, order: Order, direction: str, *, media: int = 0, opting: str | None = None) -> Message:
        now, inbound = self._clock.now(), direction == "inbound"
        message = Message(
            sid=f"SM{self._new_id()}",
            direction=direction,
            sender=order.sender,
            recipient=order.to,
            body=order.body,
            status="received" if inbound else "queued",
            error_code=None,
            segments=twilio_facts.segments(order.body),
            media=media,
            validity_seconds=order.validity_seconds,
            callback_url=order.callback_url,
            opt_out_type=opting,
            created_at=now,
            sent_at=now if inbound else None,
            updated_at=now,
        )
        self._messages.add(message)
        return message
