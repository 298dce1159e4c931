"""What goes wrong between us and the card processor: each seed draws half of it, each day its share."""

from collections import Counter
from dataclasses import dataclass, field

from assistant.sandbox.stripe_faults import TIMED, StripeFault, Trouble
from assistant.simulation.house import House

KINDS = tuple(kind for kind in StripeFault if kind is not StripeFault.LATENCY)  # nothing waits here
BUSY = frozenset({StripeFault.RATE_LIMIT, StripeFault.LOCK_TIMEOUT})
READS = (
    "payment_intents.retrieve",
    "payment_intents.list",
    "payment_methods.retrieve",
    "checkout.sessions.retrieve",
)
UNREADABLE = (StripeFault.FAIL_BEFORE, StripeFault.RESET_BEFORE)
LATE = (60_000, 3_600_000, 90_000_000, 259_000_000)
"""Webhooks that are late, in milliseconds: by up to three days."""


@dataclass
class Weather:
    """One seed's: which faults there are, how often, and what the post does with webhooks."""

    kinds: tuple[StripeFault, ...]
    unreadable: bool
    a_day: float
    never: float
    """Webhooks that are never brought at all."""
    lost: float
    """Those that are lost on the way, and brought again later."""
    twice: float
    backwards: float
    placed: Counter[StripeFault] = field(default_factory=Counter)

    @classmethod
    def drawn(cls, house: House, *, a_day: float, never: tuple[float, ...]) -> "Weather":
        chance = house.chance
        kinds = tuple(sorted(chance.sample(KINDS, len(KINDS) // 2 + 1)))
        lost, twice, backwards = (chance.choice((0.0, 0.05, 0.2)) for _ in range(3))
        return cls(kinds, chance.random() < 0.5, a_day, chance.choice(never), lost, twice, backwards)

    def __str__(self) -> str:
        post = f"webhooks never {self.never}, lost {self.lost}, twice {self.twice}, backwards {self.backwards}"
        return f"{', '.join(self.kinds)}{', unreadable at times' if self.unreadable else ''}; {post}"

    def turn(self, house: House) -> None:
        """A new day: what of yesterday's was not met is gone, and some is new."""
        self.clear(house)
        for _ in range(_times(house, self.a_day)):
            kind = house.chance.choice(self.kinds)
            times = house.chance.randint(4, 9) if kind in BUSY else house.chance.randint(1, 3)
            late = house.chance.choice(LATE) if kind is StripeFault.DELAY_WEBHOOKS else 30_000
            self._place(house, Trouble(kind, milliseconds=late if kind in TIMED else 0, times=times))
        if self.unreadable and house.chance.random() < 0.3:
            kind, times = house.chance.choice(UNREADABLE), house.chance.randint(1, 4)
            self._place(house, Trouble(kind, on=house.chance.choice(READS), times=times))

    def clear(self, house: House) -> None:
        """It is calm; what was met is counted."""
        left: Counter[StripeFault] = Counter()
        for trouble in house.stripe.faults.all():
            left[trouble.kind] += trouble.times or 0
        for kind in sorted(self.placed):
            house.happened[f"fault: {kind}"] += self.placed[kind] - left[kind]
        self.placed.clear()
        house.stripe.faults.lift()

    def _place(self, house: House, trouble: Trouble) -> None:
        house.stripe.faults.add(trouble)
        self.placed[trouble.kind] += trouble.times or 0


def _times(house: House, rate: float) -> int:
    whole = int(rate)
    return whole + (house.chance.random() < rate - whole)
