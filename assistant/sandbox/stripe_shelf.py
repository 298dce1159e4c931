"""What every part of Stripe's book works with: its objects, its events, its ids and the time."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from assistant.clock import Clock
from assistant.sandbox.store import Store
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_events import Events
from assistant.sandbox.stripe_keys import invalid, missing
from assistant.sandbox.stripe_objects import Facts, Objects, dumped

PREFIXES = {
    "customer": "cus",
    "payment_method": "pm",
    "setup_intent": "seti",
    "payment_intent": "pi",
    "charge": "ch",
    "balance_transaction": "txn",
    "checkout.session": "cs_test",
    "refund": "re",
    "dispute": "du",
}
NOUNS = {"payment_method": "PaymentMethod", "checkout.session": "checkout.session"}
DEEPEST = 4
"""Stripe expands no further."""


class Shelf:
    """Makes, finds and changes objects, and notes what is to be told of it."""

    def __init__(self, store: Store, objects: Objects, events: Events, clock: Clock, new_id: Callable[[], str]) -> None:
        self.objects, self.events = objects, events
        self._store, self._clock, self._new_id = store, clock, new_id

    def now(self) -> int:
        """In whole seconds, as Stripe counts."""
        return int(self._clock.now().timestamp())

    def new(self, account: str, kind: str, /, **facts: Any) -> Facts:  # noqa: ANN401 - facts are what they are
        """A new object, on the shelf."""
        made: Facts = {"id": f"{PREFIXES[kind]}_{self._new_id()}", "object": kind, "created": self.now(), **facts}
        self.objects.add(account, made)
        return made

    def change(self, account: str, facts: Facts, *types: str) -> None:
        """Keep an object as it is now, and note these events of it."""
        self.objects.save(facts)
        for type_ in types:
            self.events.note(account, type_, facts)

    def find(self, account: str, kind: str, id_: str, param: str | None = None) -> Facts:
        """Raises Refused when this account has no such object; `param` is the parameter that named it."""
        found = self.objects.one(account, id_)
        if found is None or found["object"] != kind:
            raise missing(NOUNS.get(kind, kind.replace("_", " ") if kind == "customer" else kind), id_, param)
        return found

    def expanded(self, account: str, facts: Facts, paths: Iterable[str]) -> Facts:
        """With the objects themselves in place of their ids, along each dotted path."""
        made = dict(facts)
        for path in paths:
            self._expand(account, made, path.split(".")[:DEEPEST], path)
        return made

    def _expand(self, account: str, facts: Facts, names: list[str], path: str) -> None:
        """`facts` is our own copy, and so is all that is put into it."""
        name, rest = names[0], names[1:]
        value = facts.get(name)
        if isinstance(value, list):
            facts[name] = [dict(each) for each in value]
            for each in facts[name]:
                self._expand(account, each, rest, path)
            return
        if isinstance(value, str):
            found = self.objects.one(account, value)
            if found is None:
                raise invalid(f"This property cannot be expanded ({path}).", "expand")
            value = facts[name] = found
        if rest and isinstance(value, dict):
            self._expand(account, value, rest, path)

    # --- what a card will do -------------------------------------------------------------------------------------

    def behave(self, payment_method_id: str, coming: Iterable[Verdict], standing: Verdict | None) -> None:
        """What charging this card comes to: each of `coming` once, then `standing`, or what its number says."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO behaviours (payment_method, next, standing) VALUES (?, ?, ?)",
                (payment_method_id, dumped([_fields(each) for each in coming]), standing and dumped(_fields(standing))),
            )

    def next_verdict(self, payment_method_id: str) -> Verdict | None:
        """Uses up one of those to come; None when the card has been told nothing."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT next, standing FROM behaviours WHERE payment_method = ?", (payment_method_id,)
            ).fetchone()
            if row is None:
                return None
            coming = json.loads(row["next"])
            if coming:
                db.execute(
                    "UPDATE behaviours SET next = ? WHERE payment_method = ?", (dumped(coming[1:]), payment_method_id)
                )
                return Verdict(**coming[0])
        return Verdict(**json.loads(row["standing"])) if row["standing"] else None

    def forget_behaviour(self, payment_method_id: str) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM behaviours WHERE payment_method = ?", (payment_method_id,))


def _fields(verdict: Verdict) -> dict[str, object]:
    return {name: getattr(verdict, name) for name in Verdict.__slots__ if getattr(verdict, name)}
