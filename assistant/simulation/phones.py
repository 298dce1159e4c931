"""Phones that take what they are sent, or do not, and are told of afterwards."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from assistant.gateways.ports import Accepted, Answer, Text, Unanswered


@dataclass
class Phones:
    """The `Texts` port: what was taken is remembered until somebody tells our house what became of it."""

    chance: random.Random
    happened: Counter[str]
    forgetful: float = 0.0
    """How often the answer is lost, before or after the text was taken."""
    untold: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Spa, message, id, recipient: yet to be told of."""
    taken: dict[int, str] = field(default_factory=dict)
    """The id under which each message was taken."""

    def send(self, text: Text) -> Answer:
        """Taken, as a rule."""
        lost = self.chance.random() < self.forgetful
        if lost and self.chance.random() < 0.5:
            self.happened["text lost before it was taken"] += 1
            return Unanswered("lost on the way there")
        sid = f"SM{len(self.taken) + 1:032d}"
        self.taken[text.message_id] = sid
        self.untold.append((text.spa_id, text.message_id, sid, text.recipient))
        if lost:
            self.happened["answer about a text lost"] += 1
            return Unanswered("lost on the way back")
        return Accepted(sid)

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """What was taken for this very row."""
        del since
        sid = self.taken.get(text.message_id)
        return Accepted(sid) if sid and sid not in known else None

    def redact(self, provider_id: str) -> bool:
        """Nothing of theirs is kept."""
        return bool(provider_id)
