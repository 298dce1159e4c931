"""Months of a spa, day by day: members join, pay, decline, promise, skip and change cards, and everything goes wrong.

One thread, one stopped clock, one seed: the same seed is the same story, byte for byte.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from assistant.domain.calendar import cycle_date, local_day
from assistant.services import reconcile
from assistant.simulation import desk, machine, members, money_back, outside, people, staff
from assistant.simulation.checks import BrokenError, Watch
from assistant.simulation.house import ZONE, House, Person
from assistant.simulation.peril import Act
from assistant.simulation.script import Script
from assistant.simulation.weather import Weather

T = TypeVar("T")
BEGIN = datetime(2026, 9, 20, 15, 0, tzinfo=UTC)
MORNING, NOON, EVENING = time(9, 5), time(12, 40), time(17, 0)
DAY = timedelta(days=1)
AWAY = (2, 2, 3, 5, 9, 20, 45, 70)
"""For how many days the machine may be away."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: when, what, and what was counted since the line before. No id of any database is in it."""

    at: datetime
    what: str
    counted: Mapping[str, int]

    def __str__(self) -> str:
        counted = ", ".join(f"{name} {many}" for name, many in self.counted.items())
        local = self.at.astimezone(ZoneInfo(ZONE))
        return f"{local:%Y-%m-%d %H:%M:%S.%f} {self.what}{f' [{counted}]' if counted else ''}"


class Life:
    """One seed, and all that came of it."""

    def __init__(self, house: House, script: Script, seed: int) -> None:
        self.house, self.script, self.seed = house, script, seed
        chance, rates = house.chance, script.rates
        self.weather = Weather.drawn(house, a_day=rates.faults * script.members, never=rates.never)
        house.peril.dying, house.peril.crossing = chance.choice(rates.dying), rates.crossing
        house.phones.forgetful = chance.choice((0.0, 0.02, 0.1))
        house.peril.others = [self._other(job) for job in machine.CROSSING] + [self._somebody]
        self.watch = Watch(house)
        self.log: list[Line] = []
        self.joined = 0
        self._told: Counter[str] = Counter()
        joining = min(script.joining_days, max(1, script.days // 3))
        self.joining = [chance.randrange(joining) for _ in range(script.members)]
        self.say(f"seed {seed}: {self.weather}; a worker dies at one edge in {house.peril.dying}")

    def _other(self, job: machine.Job) -> Act:
        return lambda: job(self.house, self.weather)

    def say(self, what: str) -> None:
        """A line of the log: when, what, and what was counted since the last."""
        new = dict(sorted((self.house.happened - self._told).items()))
        self._told = self.house.happened.copy()
        self.log.append(Line(self.house.clock.now(), what, new))

    # --- days --------------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """All of it, with everything that can go wrong."""
        self.house.peril.calm = False
        began = self.house.today
        while (lived := (self.house.today - began).days) < self.script.days:
            self._day(lived)
            if self.house.chance.random() < self.script.rates.away:
                self._away()

    def _day(self, lived: int) -> None:
        self.weather.turn(self.house)
        self._join(lived)
        self._until(MORNING)
        self.step("the machine works", self._work)
        self._until(NOON)
        for person, deed in self._deeds():
            self.house.soon()
            self._do(person, deed)
        self._odds(lived)
        self._until(EVENING)
        if self.house.chance.random() >= self.script.rates.lazy:
            self.step("the machine works", self._work if self.script.close else self._evening)
        self._end_of_day(lived)

    def _work(self) -> None:
        machine.work(self.house, self.weather, jobs=self._jobs())

    def _evening(self) -> None:
        machine.look_again(self.house, self.weather, jobs=self._jobs())

    def _jobs(self) -> tuple[machine.Job, ...]:
        """In the order they come; a machine that charges nobody today will charge two days at once tomorrow."""
        jobs = list(machine.TILL_DONE)
        if self.house.chance.random() < 0.3:
            self.house.chance.shuffle(jobs)
        if self.house.chance.random() < 0.02:
            self.house.happened["two billing days at once"] += 1
            return tuple(job for job in jobs if job is not machine.charge)
        return tuple(jobs)

    def _end_of_day(self, lived: int) -> None:
        if self.script.close:
            self.watch.hold_doubts()
            return
        self.watch.day()
        if self.house.today.day == 1 and lived:
            self.watch.month()
        if lived in (2, 10) or self.house.today.day in (1, 15):
            self.house.analyze()
        self.say(f"the day is over: {self._state()}")

    def _state(self) -> str:
        [row] = self.house.rows(STATE)
        return f"{row[0]} open, {row[1]} in doubt, {row[2]} cents taken"

    def _until(self, hour: time) -> None:
        """On to an hour of the spa's day, or of the next; the clock was never the machine's to choose."""
        now = self.house.clock.now()
        at = datetime.combine(self.house.today, hour, ZoneInfo(ZONE)).astimezone(UTC)
        if at <= now and hour is MORNING:
            at = datetime.combine(self.house.today + DAY, hour, ZoneInfo(ZONE)).astimezone(UTC)
        self.house.clock.at = max(now, at) + timedelta(seconds=self.house.chance.randint(0, 240))

    def _away(self) -> None:
        """Nobody works for days; or the clock is set back."""
        if self.house.chance.random() < 0.3:
            self.house.clock.advance(timedelta(minutes=-5))
            self.watch.set_back = True
            self.house.happened["clock set back"] += 1
            self.step("the clock is set back, and the machine works", self._work)
            return
        days = self.house.chance.choice(AWAY)
        days = min(days, max(2, self.script.days // (6 if self.script.close else 3)))
        self.house.clock.advance(days * DAY)
        self.house.happened["machine away"] += 1
        self.watch.at_work_since = self.house.clock.now()
        self.say(f"nobody was at work for {days} days")

    # --- what people do ----------------------------------------------------------------------------------------------

    def _join(self, lived: int) -> None:
        """Those whose day has come; who comes while nobody is at work comes the day after."""
        due = sum(day <= lived for day in self.joining)
        while self.joined < due:
            self.joined += 1
            place = self.joined
            self.step("", lambda place=place: people.join(self.house, place))  # type: ignore[misc]

    def _deeds(self) -> list[tuple[Person, members.Deed]]:
        """Who does what today."""
        chance, rates, house = self.house.chance, self.script.rates, self.house
        owing = [house.of_client[client] for (client,) in house.rows(OWING)]
        found = [
            (person, self._one(members.DEBTORS if chance.random() < 0.72 else staff.FOR_DEBTORS))
            for person in owing
            if chance.random() < rates.debtor
        ]
        for _ in range(_times(house, rates.anybody * len(house.people))):
            person = chance.choice(house.people)
            found.append((person, self._one(members.ANYBODY if chance.random() < 0.8 else staff.FOR_ANYBODY)))
        for rate, deeds in ((rates.visits, desk.VISITS), (rates.changes, desk.CHANGES)):
            many = _times(house, rate * len(house.people))
            found += [(chance.choice(house.people), self._one(deeds)) for _ in range(many)]
        chance.shuffle(found)
        return found

    def _one(self, of: Sequence[tuple[T, int]]) -> T:
        [deed] = self.house.chance.choices([each for each, _ in of], [weight for _, weight in of])
        return deed

    def _do(self, person: Person, deed: members.Deed) -> None:
        self.step(person.name, lambda: deed(self.house, person))

    def _somebody(self) -> object:
        """A member, or the desk, while a worker waits for an answer."""
        if not self.house.people:
            return None
        person, deeds = self.house.at_till, desk.BESIDE_THE_TILL
        if person is None or self.house.chance.random() < 0.3:
            person, deeds = self.house.chance.choice(self.house.people), desk.BESIDE_A_WORKER
        return self.house.chance.choice(deeds)(self.house, person)

    def _odds(self, lived: int) -> None:
        """What happens now and then."""
        house, chance = self.house, self.house.chance
        if chance.random() < 0.3:
            self.step("", lambda: outside.settle_processing(house))
        if chance.random() < 0.3:
            self.step("", lambda: money_back.decide(house))
        if chance.random() < 0.05:
            self.step("", lambda: money_back.bounce(house))
        if chance.random() < 0.08:
            self.step("", lambda: machine.say_again(house, self.weather))
        if chance.random() < 0.15 and (gone := house.rows(GONE)):
            person = house.of_client[chance.choice(gone)[0]]
            self.step(f"{person.name} comes back", lambda: people.come_back(house, person))
        for share, found, deed in desk.LATER:
            if chance.random() < share and (some := house.rows(found)):
                self._do(house.of_client[chance.choice(some)[0]], deed)
        if chance.random() < 0.03:
            self.step("the books are compared", lambda: self._compare(days=10))
        if chance.random() < 0.02 and lived < self.script.days * 2 // 3:
            self.step("a new price is decided", lambda: staff.raise_prices(house))

    def _compare(self, *, days: int) -> reconcile.Compared | None:
        self.house.happened["reconciled"] += 1
        return machine.books_agree(self.house, days=days)

    # --- a step ------------------------------------------------------------------------------------------------------

    def step(self, what: str, act: Callable[[], object]) -> None:
        """One thing that happens, whoever dies of it; and, where it is watched closely, all that must be so."""
        said: list[object] = []
        ended = self.house.peril.alone(lambda: said.append(act()))
        words = " ".join(str(each) for each in (what, *said) if isinstance(each, str) and each)
        if self.script.close:
            self.say(words or "nothing" if ended else f"{words}, and dies of it")
            self.watch.step()
        elif not ended:
            self.say(f"{words}, and dies of it")

    # --- the end -----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The faults stop, and two days go by."""
        house = self.house
        self.weather.clear(house)
        house.peril.calm = True
        house.phones.forgetful = 0.0
        machine.say_again(house, self.weather)
        for _ in range(5):
            outside.settle_processing(house)
            machine.work(house, self.weather)
        for _ in range(48 if self.script.close else 16):
            house.clock.advance(timedelta(hours=1) if self.script.close else timedelta(hours=3))
            outside.settle_processing(house)
            machine.work(house, self.weather)
        self.say(f"two calm days went by: {self._state()}")

    def check_the_end(self) -> None:
        """Nothing is left undone, and both books say the same."""
        self.watch.settled()
        most = 10_000 if self.script.close else 500
        self.watch.again(most=most, rest=lambda: machine.until_quiet(self.house, self.weather))
        self.watch.month()
        self.watch.closed()
        self.watch.replayed()
        compared = machine.books_agree(self.house, days=10_000)
        if compared is None:
            raise BrokenError("I25 the processor's book cannot be read although nothing is wrong")
        for each in compared.differences:
            raise BrokenError(f"I25 {each}")
        self.watch.made += 1


def _times(house: House, rate: float) -> int:
    whole = int(rate)
    return whole + (house.chance.random() < rate - whole)


STATE = """
    SELECT (SELECT count(*) FROM invoice WHERE status = 'open'),
           (SELECT count(*) FROM charge_attempt WHERE status IN ('asked', 'unanswered')),
           (SELECT coalesce(sum(amount_cents), 0)::bigint FROM charge_attempt WHERE status = 'succeeded')"""
OWING = "SELECT DISTINCT client_id FROM dunning_case WHERE closed_at IS NULL ORDER BY 1"
GONE = """
    SELECT m.client_id FROM membership m GROUP BY m.client_id
    HAVING bool_and(m.standing = 'ended') ORDER BY 1 LIMIT 20"""


def days_in(months: int) -> int:
    """How many days so many months are, from the first day of every story on."""
    first = local_day(BEGIN, ZONE)
    return (cycle_date(first, months) - first).days
