"""A year of a spa at random: texts, credits, a provider that fails in every way it can, and workers that die anywhere.

One thread, one stopped clock, one seed: the same seed is the same year, line for line. After each step the books
balance, statuses have only gone forward and nobody was texted who had opted out before; at the end the faults stop, a
day goes by, nothing is left undone, and the journal replayed from nothing gives the same balances and lots.
`ANY_YEAR=200 pytest tests/stories/test_any_year.py` lives through two hundred.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest

from assistant.conversation import router
from assistant.db.connections import Database
from assistant.domain.calendar import local_day
from assistant.domain.checkout import Cart, CartLine
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.delivery import FINAL, Status
from assistant.domain.tickets import Quote, Refusal, Tender
from assistant.gateways.ports import Accepted, Answer, Text, Unanswered
from assistant.local.postgres import LocalPostgres
from assistant.sandbox.faults import NEEDS_CODE, NEEDS_SECONDS, Fault, FaultKind
from assistant.sandbox.posts import Post
from assistant.services import checkout, credit_changes, credits, messaging, replay, sweep, verification, voids
from assistant.services.checkout import Sold, Stale
from assistant.services.credit_desk import By, Done
from assistant.services.credits import Grant, Spent
from tests.conversation.mutations import rows
from tests.world import World

YEARS = int(os.environ.get("ANY_YEAR", "12"))
STEPS = 300
BEGIN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
ANA, SHARED, LUZ, STRANGER, OTHER = (f"+1505555011{n}" for n in range(5))
CARDS = ("4242424242424242", "5555555555554444")
BODIES = (
    *("BALANCE", "balance", "BALANCE", "WHY", "why?", "SALDO", "PORQUE", "HELP", "1", "2", "Leo", "thanks!", "gracias"),
    *(
        "START",
        "START",
        "START",
        "UNSTOP",
        "STOP",
        "please stop texting me",
        "Liked “hello”",
        "",
        "what are your hours",
    ),
    *("\u202e\u0300{{ 7*7 }} %s", "x" * 1600, f"my card is {CARDS[0]} exp 12/29", "4242 4242", "4242 4242"),
    *(CARDS[1][:6], CARDS[1][6:]),
)
OWN_WORDS = tuple(row["text"] for row in rows() if row["channel"] == "sms" and row["expect"]["intent"] != ["start"])
"""What members write of themselves: the development messages."""
UNITS = ("visit", "extra")
BY = By(actor="staff:x", reason="kindness")
STOPS, STARTS = {"STOP", "please stop texting me"}, {"START", "UNSTOP"}
CODES = (20429, 30001, 21610, 21211, 30003, 30006, 30007, 30008, 30034, 77777)
PAUSES = tuple(timedelta(seconds=s) for s in (1, 3, 10, 61, 130, 400, 3600, 40_000, 86_400, 600_000, 2_500_000))
COUNTED = {
    *(
        "text",
        "time passed",
        "granted",
        "given for a while",
        "used",
        "was short",
        "undone",
        "ran out",
        "ran out again",
        "killed",
    ),
    *(
        "webhook lost",
        "webhook doubled",
        "died at commit",
        "died at committed",
        "died before asking",
        "died after asking",
    ),
    *("meanwhile", "found", "not found", "wiped", "opted out", "lifted"),
    *("kept", "too little to keep", "came as booked", "called off", "holds over"),
    *("handed on", "too little to hand on", "had back", "not had back", "adjusted", "taken back by the house"),
    *("gave a token back", "rested", "left"),
    *("sold", "sold with credit", "stale, its credit went elsewhere", "two tills at once", "voided"),
}


UNASKED = """
    SELECT x.id FROM (SELECT id, spa_id, membership_id, asked_at FROM pause WHERE actor = 'member'
                      UNION ALL SELECT id, spa_id, membership_id, asked_at FROM cancellation WHERE actor = 'member') x
    JOIN membership m ON (m.spa_id, m.id) = (x.spa_id, x.membership_id)
    WHERE NOT EXISTS (
        SELECT FROM question q JOIN inbound_event e ON (e.spa_id, e.sender) = (q.spa_id, q.recipient)
        WHERE q.spa_id = x.spa_id AND q.client_id = m.client_id AND q.opened_at <= e.received_at
        AND e.received_at <= x.asked_at AND upper(e.body) LIKE concat('%%', q.facts ->> 'token', '%%'))"""
"""Rests and ends of memberships that nobody gave a token back for."""


class Killed(BaseException):
    """The machine under a worker has gone."""


class Year:
    """One seed, and all that came of it."""

    phones: tuple[str, ...] = (ANA, SHARED, LUZ, STRANGER, OTHER)
    weights: tuple[int, ...] = (4, 4, 2, 2, 1)

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)  # noqa: S311 - a year need not be secret
        self.happened: Counter[str] = Counter()
        self.log: list[str] = []
        self.ranks: dict[int, int] = {}
        self.asked: Counter[int] = Counter()
        self.keys: set[str] = set()
        self.uses: list[int] = []
        self.gifts: list[str] = []
        self.depth, self.posting = 0, False
        self.barred: set[str] = set()
        """Who had opted out when the worker that goes on now committed last."""
        self.calm = False
        self.kinds = sorted(self.chance.sample(list(FaultKind), len(FaultKind) // 2 + 1))
        self.dying = self.chance.choice((0.0, 0.01, 0.04))
        self.rt = replace(world.rt, edge=self._edge, texts=self._provider())
        self.clients = self._people()
        self._say(f"seed {seed}: {', '.join(self.kinds)}; a worker dies at one edge in {self.dying}")

    def _provider(self) -> "Provider":
        return Provider(self)

    def _people(self) -> list[int]:
        ana, bo, leo = (self.world.client(n, p) for n, p in (("Ana", ANA), ("Bo", SHARED), ("Leo", SHARED)))
        luz = self.world.client("Luz", LUZ, locale="es")
        for client in (ana, bo, luz):
            self.world.enrol(client, anchor_on=date(2026, 8, 15))
        self.world.rows(
            "INSERT INTO service (spa_id, code, name, category, list_price_cents, credit_unit, credit_amount)"
            " SELECT %s, code, code, 'facials', cents, unit, amount FROM (VALUES ('visit', 16500, 'visit', 1000),"
            " ('half', 9000, 'visit', 500), ('extra', 4500, 'extra', 1000)) s(code, cents, unit, amount) RETURNING 1",
            (self.world.spa.spa_id,),
        )
        return [ana, bo, leo, luz]

    # --- what happens ------------------------------------------------------------------------------------------------

    def live(self, steps: int) -> None:
        self._live(steps, self._acts())

    def _acts(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.text, 22), (self.pump, 14), (self.answer, 14), (self.deliver, 16), (self.sweep, 10),
            (self.pass_time, 14), (self.fault, 9), (self.grant, 5), (self.spend, 6), (self.undo, 2), (self.expire, 3),
            (self.lift, 2), (self.keep, 4), (self.come, 5), (self.hand_on, 4), (self.have_back, 2), (self.adjust, 3),
            (self.visit, 8), (self.void, 2),
        ]  # fmt: skip

    def _live(self, steps: int, acts: list[tuple[Callable[[], None], int]]) -> None:
        for _ in range(steps):
            [act] = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])
            self.world.clock.advance(timedelta(milliseconds=self.chance.randint(1, 900)))
            self._alone(act)
            self._say(act.__name__)
            self.check()

    def text(self) -> None:
        phone = self.chance.choices(self.phones, self.weights)[0]
        self.world.text(self._words(phone), phone, media=self.chance.random() < 0.05)
        self.happened["text"] += 1

    def _words(self, phone: str) -> str:
        """A keyword, something in a member's own words, or the token of what they were asked."""
        asked = "SELECT facts ->> 'token' FROM question WHERE recipient = %s AND closed_at IS NULL AND facts ? 'token'"
        tokens = [str(token) for (token,) in self.world.rows(asked, (phone,))]
        if tokens and self.chance.random() < 0.4:
            self.happened["gave a token back"] += 1
            return self.chance.choice((*tokens, tokens[0].lower(), "yes", "P99"))
        return self.chance.choice(BODIES if self.chance.random() < 0.6 else OWN_WORDS)

    def pump(self) -> None:
        """Twilio posts what is due; it does so one post at a time."""
        if not self.posting:
            self.posting = True
            self.world.book.pump(self._webhook)
            self.posting = False

    def answer(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            router.answer_next(self.rt)

    def deliver(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            messaging.deliver_next(self.rt)

    def sweep(self) -> None:
        sweep.sweep(self.rt)

    def pass_time(self) -> None:
        self.world.clock.advance(self.chance.choices(PAUSES, (8, 8, 8, 12, 8, 8, 6, 4, 4, 1, 1))[0])
        self.happened["time passed"] += 1

    def fault(self) -> None:
        kind = self.chance.choice(self.kinds)
        code = self.chance.choice(CODES) if kind in NEEDS_CODE else 0
        seconds = self.chance.choice((5, 90, 50_000)) if kind in NEEDS_SECONDS else 0
        phone = self.chance.choice((None, *self.phones[:4]))
        self.world.book.faults.add(Fault(kind, phone, code, seconds, self.chance.randint(1, 3)))
        self.happened[kind] += 1

    def lift(self) -> None:
        """A person has settled it with Twilio: the spa's number may send again."""
        if self.world.rows("UPDATE spa SET sending_stopped = NULL WHERE sending_stopped IS NOT NULL RETURNING 1"):
            self.happened["lifted"] += 1

    def grant(self) -> None:
        now, key, gift = self.world.clock.now(), self._key("g"), self.chance.random() < 0.5
        today = local_day(now, self.world.spa.zone)
        until = today + timedelta(days=self.chance.randint(0, 40)) if gift else None
        lot_class, unit = (LotClass.PROMO, "extra") if gift else (LotClass.PAID, "visit")
        amount = MILLI * self.chance.randint(1, 3) // self.chance.randint(1, 2)
        each = Grant(key, self.chance.choice(self.clients), unit, amount, lot_class, now, until)
        spa = self.world.spa
        self._at_last(lambda: self.rt.transact(lambda uow: credits.grant(uow, spa.spa_id, spa.zone, [each])))
        self.keys.add(key)
        self.happened["given for a while" if gift else "granted"] += 1

    def spend(self) -> None:
        key, client, unit = self._key("u"), self.chance.choice(self.clients), self.chance.choice(("visit", "extra"))
        spa, amount = self.world.spa, self.chance.choice((500, 1000))
        asked = {"client_id": client, "unit": unit, "amount": amount, "key": key, "zone": spa.zone}
        used = self._at_last(lambda: self.rt.transact(lambda uow: credits.spend(uow, spa.spa_id, **asked)))
        if isinstance(used, Spent):
            self.uses.append(used.entry_id)
            self.keys.add(key)
        self.happened["used" if isinstance(used, Spent) else "was short"] += 1

    def undo(self) -> None:
        if self.uses:
            entry = self.chance.choice(self.uses)  # some of them twice
            spa = self.world.spa
            self._at_last(lambda: self.rt.transact(lambda uow: credits.undo(uow, spa.spa_id, entry, zone=spa.zone)))
            self.keys.add(f"reversal:{entry}")
            self.happened["undone"] += 1

    def expire(self) -> None:
        """What ran out, and sometimes a use is undone the same day and its credit runs out once its grace is over."""
        self.happened["ran out"] += sweep.expire_credits(self.rt)
        if self.chance.random() < 0.5:
            self.undo()
            self.world.clock.advance(timedelta(days=credits.UNDO_GRACE_DAYS + 1))
            self.happened["ran out again"] += sweep.expire_credits(self.rt)

    def keep(self) -> None:
        """For a booking, for a while; what nobody comes for is let go."""
        ref, client, unit = self._key("booking"), self.chance.choice(self.clients), self.chance.choice(UNITS)
        until = self.world.clock.now() + self.chance.choice(PAUSES)
        asked = {"client_id": client, "unit": unit, "amount": self.chance.choice((500, 1000)), "ref": ref}
        short = self._transacted(credits.hold, until=until, zone=self.world.spa.zone, **asked)
        self.happened["too little to keep" if short else "kept"] += 1
        self.happened["holds over"] += sweep.time_out_holds(self.rt)

    def come(self) -> None:
        """They come as booked, or call it off."""
        booked = """SELECT ref, client_id, unit, sum(amount)::bigint FROM credit_hold
                    WHERE settled_at IS NULL AND ref LIKE 'booking:%%' GROUP BY 1, 2, 3 ORDER BY min(id)"""
        if not (rows := self.world.rows(booked)):
            return
        ref, client, unit, amount = self.chance.choice(rows)
        if self.chance.random() < 0.3:
            self._transacted(credits.release, ref=ref)
            self.happened["called off"] += 1
            return
        asked = {"client_id": client, "unit": unit, "amount": amount, "ref": ref, "key": f"u:{ref}"}
        used = self._transacted(credits.spend, zone=self.world.spa.zone, **asked)
        if isinstance(used, Spent):
            self.uses.append(used.entry_id)
            self.keys.add(f"u:{ref}")
            self.happened["came as booked"] += 1

    def hand_on(self) -> None:
        """From one to another, perhaps to themselves."""
        (giver, taker), key = (self.chance.choice(self.clients) for _ in range(2)), self._key("gift")
        asked = {"giver_id": giver, "taker_id": taker, "unit": self.chance.choice(UNITS), "amount": 500, "key": key}
        done = self._transacted(credit_changes.transfer, by=BY, **asked)
        if isinstance(done, Done):
            self.gifts.append(key)
        self.happened["handed on" if isinstance(done, Done) else "too little to hand on"] += 1

    def have_back(self) -> None:
        """A gift is taken back while it is unspent; some of them twice."""
        if self.gifts:
            done = self._transacted(credit_changes.take_back, key=self.chance.choice(self.gifts), by=BY)
            self.happened["had back" if isinstance(done, Done) else "not had back"] += 1

    def adjust(self) -> None:
        """The desk gives something, or takes such a thing back."""
        key, amount = self._key("desk"), self.chance.choice((1000, 1000, -500))
        asked = {"client_id": self.chance.choice(self.clients), "unit": "extra", "amount": amount, "key": key}
        done = self._transacted(credit_changes.adjust, by=BY, **asked)
        if isinstance(done, Done):
            self.keys.add(f"adjusted:{key}")
            self.happened["adjusted" if amount > 0 else "taken back by the house"] += 1

    def visit(self) -> None:
        """A visit is quoted, another till may sell to the same client, and what was quoted is sold: or is stale."""
        client = self.chance.choice(self.clients)
        if (accepted := self._quoted(client)) is None:
            return
        if self.chance.random() < 0.4:
            self.happened["two tills at once"] += 1
            if (other := self._quoted(client)) is not None:
                self._sell(other)
        self._sell(accepted)

    def _quoted(self, client: int) -> Quote | None:
        spa, codes = self.world.spa.spa_id, self.chance.choice((("visit",), ("visit", "extra"), ("half",)))
        cart = Cart(lines=tuple(CartLine(code=code) for code in codes))
        quotes: list[Quote | Refusal] = []
        self._alone(lambda: quotes.append(self.rt.transact(lambda uow: checkout.quote(uow, spa, client, cart))))
        return quotes[0] if quotes and isinstance(quotes[0], Quote) else None

    def _sell(self, accepted: Quote) -> None:
        about = (self.world.spa.spa_id, accepted.client_id, accepted.cart, accepted)
        key = self._key("till")
        sold = self._at_last(lambda: checkout.commit(self.rt, *about, key=key, tender=Tender.CASH, actor="staff:x"))
        match sold:
            case Sold():
                self.happened["sold with credit" if accepted.bill.uses() else "sold"] += 1
            case Stale(_, _, went):
                self.happened["stale, its credit went elsewhere" if went else "stale"] += 1

    def void(self) -> None:
        rows = self.world.rows("SELECT id FROM ticket WHERE status = 'paid' ORDER BY id DESC LIMIT 3")
        if rows:
            spa, ticket = self.world.spa.spa_id, int(str(self.chance.choice(rows)[0]))
            said = {"actor": "staff:x", "reason": "a slip", "approved_by": "staff:y"}
            self._at_last(lambda: voids.void(self.rt, spa, ticket, **said))
            self.happened["voided"] += 1

    def _transacted(self, act: Callable[..., object], **asked: Any) -> object:  # noqa: ANN401
        return self._at_last(lambda: self.rt.transact(lambda uow: act(uow, self.world.spa.spa_id, **asked)))

    # --- what goes wrong ---------------------------------------------------------------------------------------------

    def edge(self, name: str) -> None:
        if not self.calm and self.chance.random() < self.dying:
            self.happened[f"died {name}"] += 1
            raise Killed

    def _edge(self, name: str) -> None:
        self.edge(f"at {name}")
        if name == "committed":
            barred = self.opted_out()
            self.meanwhile()
            self.barred = barred

    def meanwhile(self) -> None:
        """What another worker, or a member, does between two moments of this one. No time to speak of passes."""
        if self.calm or self.depth > 1 or self.chance.random() > 0.15:
            return
        self.depth += 1
        self.happened["meanwhile"] += 1
        self.world.clock.advance(timedelta(milliseconds=1))
        others = (self.text, self.pump, self.pump, self.answer, self.deliver, self.sweep)
        tills = (self.spend, self.visit, self.keep, self.expire)
        self._alone(self.chance.choice(others if self.chance.random() < 0.7 else tills))
        self.depth -= 1

    def _alone(self, act: Callable[[], object]) -> bool:
        """Whether it came to its end; if not, the worker is dead and only the database and the book remember."""
        try:
            act()
        except Killed:
            self.happened["killed"] += 1
            self.world.rt.database.close()
            return False
        return True

    def _at_last(self, act: Callable[[], object]) -> object:
        """Somebody at the till tries until it is done: the key sees to it that it is done once."""
        answers: list[object] = []
        while not self._alone(lambda: answers.append(act())):
            pass
        return answers[0]

    def _webhook(self, post: Post) -> str | None:
        """The door, through a network that loses what it carries, and what it brings back."""
        fate = 1.0 if self.calm else self.chance.random()
        if fate < 0.1:
            self.happened["webhook lost"] += 1
            return "lost on the way"
        if not self._alone(lambda: replace(self.world, rt=self.rt).deliver(post)):
            return "the process died"
        if fate < 0.2:
            self.happened["webhook doubled"] += 1
            return "the thanks were lost"
        return None

    # --- what must be so ---------------------------------------------------------------------------------------------

    def check(self) -> None:
        with self.world.rt.unit_of_work() as uow:
            assert [str(each) for each in verification.differences(uow)] == []
            moves = uow.sql("SELECT id, status, asked_at IS NOT NULL FROM outbound_message").fetchall()
            bodies = uow.sql("SELECT string_agg(body || ' ' || facts::text, ' ') FROM inbound_event").fetchone()
        for message, status, _ in moves:
            rank = Status(status).rank
            before = self.ranks.get(message, 0)
            assert rank >= before, f"message {message} went back to {status}"
            assert rank == before or list(Status)[before] not in (FINAL - {Status.UNDELIVERED, Status.FAILED}), message
            self.ranks[message] = rank
        self._check_last_words(all_answered=False)
        assert self.world.rows(UNASKED) == [], "changed, and no token was given back for it"
        stored = re.sub(r"\D", "", str(bodies))
        assert not any(card in stored for card in CARDS)

    def opted_out(self) -> set[str]:
        return {str(n) for (n,) in self.world.rows("SELECT number FROM phone WHERE suppressed_at IS NOT NULL")}

    def settle(self) -> None:
        """The faults stop and a day goes by."""
        self.calm = True
        self.world.book.faults.lift()
        self.world.rows("UPDATE spa SET sending_stopped = NULL RETURNING 1")
        for wait in (*(timedelta(minutes=1),) * 20, *(timedelta(minutes=24),) * 60):
            self.world.clock.advance(wait)
            for act in (self.pump, self._answer_all, self._deliver_all, self.sweep, self._deliver_all, self.pump):
                act()
        self.expire()
        sweep.time_out_holds(self.rt)
        self._say("settled")
        self.check()

    def _answer_all(self) -> None:
        while router.answer_next(self.rt):
            pass

    def _deliver_all(self) -> None:
        while messaging.deliver_next(self.rt):
            pass

    def check_the_end(self) -> None:
        """Nothing is left undone; each text has one answer or one silence; Twilio's own book agrees."""
        rows = self.world.rows
        assert rows("SELECT id FROM inbound_event WHERE status = 'kept' OR redact_at_provider") == []
        assert rows("SELECT id FROM outbound_message WHERE status = 'waiting'") == []
        assert self.world.book.waiting() == 0
        wrong = """SELECT e.id FROM inbound_event e LEFT JOIN outbound_message m ON m.answers_event_id = e.id
                   GROUP BY e.id, e.status HAVING count(m.id) <> (e.status <> 'silent')::int"""
        assert rows(wrong) == []
        texts = [each for phone in self.phones for each in self.world.book.thread(phone)]
        assert sorted(each.sid for each in texts if each.is_inbound) == sorted(
            str(sid) for (sid,) in rows("SELECT external_id FROM inbound_event")
        )
        self._check_sent([each for each in texts if each.direction == "outbound-api"])
        keys = {
            str(key) for (key,) in rows("SELECT key FROM ledger_entry WHERE key !~ '^(expired|ticket|transfer|refund)'")
        }
        assert {key for key in keys if not key.startswith("reversal:")} == {
            key for key in self.keys if not key.startswith("reversal:")
        }
        assert keys >= self.keys
        self._check_journal()
        self._check_last_words(all_answered=True)
        self._check_cards(texts)

    def _check_last_words(self, *, all_answered: bool) -> None:
        """Who said STOP last is opted out from the moment it is kept; who said START last is not, once it is answered,
        unless the carrier says otherwise.
        """
        said: dict[str, bool] = {}
        for sender, body, understood in self.world.rows(
            "SELECT sender, body, understood FROM inbound_event ORDER BY id"
        ):
            if body in STOPS | STARTS:
                said[str(sender)] = body in STOPS
            elif understood in {"stop", "carrier_confirms", "already_stopped"}:
                said[str(sender)] = True
        opted_out = self.opted_out()
        assert {number for number, stopped in said.items() if stopped} <= opted_out
        if all_answered:
            by_carrier = {n for (n,) in self.world.rows("SELECT address FROM consent_change WHERE source = 'carrier'")}
            assert not {number for number, stopped in said.items() if not stopped} & (opted_out - by_carrier)

    def _check_sent(self, sent: list[Any]) -> None:
        """Twilio took no more than was written, and every text it took is one row's.

        It took one row's twice only where two alike were in doubt and each was found for the other.
        """
        opened = self.world.rt.seal.open  # what holds a link is kept sealed
        stored = self.world.rows("SELECT id, recipient, body FROM outbound_message WHERE channel = 'sms'")
        rows = [(message, recipient, opened(str(body))) for message, recipient, body in stored]
        taken = Counter(int(re.findall(r"m=(\d+)", each.callback_url)[0]) for each in sent)
        written = Counter((recipient, body) for _, recipient, body in rows)
        for words, many in Counter((each.recipient, each.body) for each in sent).items():
            assert many <= written[words], words
        for message, recipient, body in rows:
            alike = [other for other, *same in rows if same == [recipient, body] and not taken[int(str(other))]]
            assert taken[int(str(message))] <= 1 + len(alike)
        held = self.world.rows("SELECT provider_id FROM outbound_message WHERE provider_id IS NOT NULL")
        assert sorted(str(sid) for (sid,) in held) == sorted(each.sid for each in sent)

    def _check_journal(self) -> None:
        """Replayed from nothing it gives what is stored; each ticket used what it says; nothing is held for ever."""
        with self.world.rt.unit_of_work() as uow:
            assert [spa.differences for spa in replay.replay(uow)] == [()]
        wrong = """SELECT t.id FROM ticket t JOIN ticket_line n ON (n.spa_id, n.ticket_id) = (t.spa_id, t.id)
                   LEFT JOIN ledger_entry e ON (e.spa_id, e.reverses) = (n.spa_id, n.entry_id)
                   WHERE (n.credit_unit IS NULL) <> (n.entry_id IS NULL)
                      OR (t.status = 'void' AND n.entry_id IS NOT NULL) <> (e.id IS NOT NULL)"""
        assert self.world.rows(wrong) == []
        late = "SELECT id FROM credit_hold WHERE settled_at IS NULL AND until < %s"
        assert self.world.rows(late, (self.world.clock.now() - timedelta(days=1),)) == []

    def _check_cards(self, texts: list[Any]) -> None:
        columns = """SELECT table_name, column_name FROM information_schema.columns
                     WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb')"""
        for table, column in self.world.rows(columns):
            for (value,) in self.world.rows(f'SELECT "{column}"::text FROM "{table}"'):
                assert not any(card in re.sub(r"\D", "", str(value)) for card in CARDS), f"{table}.{column}"
        assert not any(card in each.body for card in CARDS for each in texts)

    def _key(self, kind: str) -> str:
        return f"{kind}:{len(self.log)}:{self.chance.getrandbits(32):08x}"

    def _say(self, what: str) -> None:
        counts = "SELECT status, count(*) FROM {} GROUP BY 1 ORDER BY 1"
        texts = dict(self.world.rows(counts.format("inbound_event")))
        messages = dict(self.world.rows(counts.format("outbound_message")))
        self.log.append(f"{len(self.log):4} {self.world.clock.now():%m-%d %H:%M:%S.%f} {what}: {texts} {messages}")


Y = TypeVar("Y", bound=Year)


class Provider:
    """Twilio, asked by a worker that may die just before and just after, while others go on."""

    def __init__(self, year: Year) -> None:
        self.year, self.inner = year, year.world.rt.texts

    def send(self, text: Text) -> Answer:
        year = self.year
        [(kind,)] = year.world.rows("SELECT message_class FROM outbound_message WHERE id = %s", (text.message_id,))
        assert text.recipient not in year.barred or kind == "optout_confirm", (
            f"message {text.message_id} after an opt-out"
        )
        year.asked[text.message_id] += 1
        return self._asking(lambda: self.inner.send(text))

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        found = self._asking(lambda: self.inner.find(text, since=since, known=known))
        self.year.happened["found" if found else "not found"] += 1
        return found

    def redact(self, provider_id: str) -> bool:
        self.year.happened["wiped"] += 1
        return self._asking(lambda: self.inner.redact(provider_id))

    def _asking(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever was asked
        self.year.edge("before asking")
        self.year.meanwhile()
        answer = ask()
        self.year.edge("after asking")
        self.year.meanwhile()
        return answer


@contextmanager
def a_year(
    postgres: LocalPostgres, template: str, seed: int, kind: type[Y] = Year, begin: datetime = BEGIN
) -> Iterator[Y]:
    """A spa of its own for a seed; what goes wrong is told with all it takes to see it again."""
    name = f"{kind.__name__.lower()}_{seed}"
    database = Database(postgres.create_database(name, template))
    ids = random.Random(seed)  # noqa: S311
    try:
        with World.begun(database, begin, new_id=lambda: f"{ids.getrandbits(128):032x}") as world:
            year = kind(world, seed)
            try:
                yield year
            except BaseException as error:
                story = [*year.log[:1], "…", *year.log[-30:], f"again: ANY_YEAR_SEED={seed} pytest {kind.__module__}"]
                error.add_note("\n".join(story))
                raise
    finally:
        database.close()
        postgres.drop_database(name)


def test_any_year(postgres: LocalPostgres, template: str) -> None:
    happened: Counter[str] = Counter()
    only = os.environ.get("ANY_YEAR_SEED")
    for seed in [int(only)] if only else range(YEARS):
        with a_year(postgres, template, seed) as year:
            year.live(STEPS)
            year.settle()
            year.check_the_end()
            happened += year.happened
            happened["rested"] += len(year.world.rows("SELECT id FROM pause WHERE actor = 'member'"))
            happened["left"] += len(year.world.rows("SELECT id FROM cancellation WHERE actor = 'member'"))
            happened.update({str(status): 1 for (status,) in year.world.rows("SELECT status FROM outbound_message")})
            happened.update({str(word): 1 for (word,) in year.world.rows("SELECT understood FROM inbound_event")})
            happened["opted out"] += len(year.world.rows("SELECT 1 FROM consent_change WHERE change = 'stopped'"))
    if not only:
        wanted = COUNTED | set(FaultKind) | {"balance", "why", "who", "help", "start", "stop", "unknown", "delivered"}
        assert sorted(name for name in wanted if not happened[name]) == []


def test_a_seed_is_a_year_and_another_seed_another(postgres: LocalPostgres, template: str) -> None:
    logs = []
    for seed in (7, 7, 8):
        with a_year(postgres, template, seed) as year:
            year.live(60)
            logs.append("\n".join(year.log))
    assert logs[0] == logs[1]
    assert logs[0] != logs[2]


PAUSE = "INSERT INTO pause (spa_id, membership_id, starts_on, resumes_on, actor, asked_at)"
ENTRY = "INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at)"


@pytest.mark.parametrize(
    ("spoil", "watch"),
    [
        ("UPDATE inbound_event SET status = 'kept'", Year.check_the_end),
        (f"{ENTRY} VALUES (1, 'x', 'x', now(), now())", Year.check),
        (f"UPDATE inbound_event SET body = '{CARDS[0]}'", Year.check),
        ("UPDATE outbound_message SET answers_event_id = NULL", Year.check_the_end),
        ("UPDATE outbound_message SET body = 'other'", Year.check_the_end),
        (f"{PAUSE} SELECT 1, min(id), '2026-12-15', '2027-01-15', 'member', now() FROM membership", Year.check),
    ],
)
def test_what_would_be_wrong_is_seen(
    spoil: str, watch: Callable[[Year], None], postgres: LocalPostgres, template: str
) -> None:
    """Each watch is shown the thing it watches for."""
    with a_year(postgres, template, 1) as year:
        year.calm = True
        year.world.say("BALANCE")
        year.check()
        year.check_the_end()
        assert year.world.rows(f"{spoil} RETURNING 1")
        with pytest.raises(AssertionError):
            watch(year)
