"""How a claim is measured: rounds in turn, medians, ratios within a round, and an A/A pair that says when to believe.

What has been measured about noise is in the project's performance notes: on a shared machine only pairs of the same
round can be compared, and only while the same code run twice agrees with itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

AGREES = (0.9, 1.1)
"""Where the median of the A/A ratios, and the middle half of them, must lie for a verdict."""
NO_VERDICT = "too noisy, no verdict"


class NotReady(Exception):  # noqa: N818  # what it says
    """A side that cannot be measured here yet; the message says what is missing."""


class Failed(Exception):  # noqa: N818
    """A side that broke while it was at work."""


class Unequal(Exception):  # noqa: N818
    """Two sides did not do the same work: there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One side in one round. `rate` is units a second over `done` units; times are in milliseconds."""

    rate: float
    done: int
    p50_ms: float | None = None
    p99_ms: float | None = None
    client_cpu_us: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The floor, us or a peer. `run(seconds, tag)` measures once; a tag never comes twice."""

    name: str
    run: Callable[[float, str], Sample]


@dataclass(frozen=True, slots=True)
class Goal:
    """`side` against `other` in the same round: at least, or at most, so many times `what`."""

    side: str
    other: str
    least: float | None = None
    most: float | None = None
    what: str = "rate"

    def __str__(self) -> str:
        bound = f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"
        return f"{self.side} / {self.other}, {self.what.removesuffix('_ms')} {bound}"

    def met_by(self, ratio: float) -> bool:
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


@dataclass(slots=True)
class Report:
    """What came of one claim; `missed` counts the goals that were measured and not met."""

    claim: str
    unit: str
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    again: list[Sample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missed: int = 0

    def ratios(self, side: str, other: str, what: str = "rate") -> list[float]:
        pairs = zip(self.samples[side], self.samples[other], strict=True)
        return [getattr(one, what) / getattr(two, what) for one, two in pairs]


def in_turn(report: Report, sides: Sequence[Side], *, rounds: int, seconds: float) -> str:
    """Run every side once a round, the first one twice; every other round backwards. Returns the first side's name.

    The second run of the first side is the A/A pair, as far from the first as the round allows.
    """
    report.samples, report.again = {side.name: [] for side in sides}, []
    for side in sides:
        side.run(min(seconds, 0.5), "warming")
    for number in range(rounds):
        line = [*((side, report.samples[side.name]) for side in sides), (sides[0], report.again)]
        for place, (side, kept) in enumerate(reversed(line) if number % 2 else line):
            kept.append(side.run(seconds, f"round{number}.{place}"))
    return sides[0].name


def settle(report: Report, goals: Sequence[Goal]) -> None:
    """Print the table, the A/A pair and a verdict for every goal."""
    print(f"\n{report.claim}")
    for note in report.notes:
        print(f"  {note}")
    first = next(iter(report.samples))
    width = max(12, *(len(name) for name in report.samples))
    titles = f"{report.unit + '/s':>12}  {'[min-max]':>16}  {'ratio to ' + first:>24}  p50/p99 ms    client us"
    print(f"  {'':{width}}  {titles}")
    for name, samples in report.samples.items():
        print(f"  {name:{width}}  {_row(samples)}  {_spread(report.ratios(name, first)):>24}{_detail(samples)}")
    pairs = [two.rate / one.rate for one, two in zip(report.samples[first], report.again, strict=True)]
    low, _, high = quantiles(pairs, method="inclusive")
    quiet = AGREES[0] <= low and high <= AGREES[1]
    print(f"  A/A, {first} twice: {_spread(pairs)}{'' if quiet else ' : ' + NO_VERDICT}")
    for goal in goals:
        print(f"  goal: {goal}: {_verdict(report, goal, quiet=quiet)}")


def same(what: str, results: Mapping[str, object]) -> str:
    """A note that all sides agree. Raises Unequal when one does not."""
    (first, wanted), *others = results.items()
    for name, result in others:
        if result != wanted:
            raise Unequal(f"{what}: {name} and {first} differ: {_difference(result, wanted)}")
    return f"equal results ({what}): {', '.join(results)}"


def _verdict(report: Report, goal: Goal, *, quiet: bool) -> str:
    if goal.side not in report.samples or goal.other not in report.samples:
        return "not measured"
    ratio = median(report.ratios(goal.side, goal.other, goal.what))
    if not quiet:
        return f"{ratio:.2f}, {NO_VERDICT}"
    met = goal.met_by(ratio)
    report.missed += not met
    return f"{ratio:.2f}, {'met' if met else 'MISSED'}"


def _row(samples: Sequence[Sample]) -> str:
    rates = [sample.rate for sample in samples]
    return f"{median(rates):>12,.0f}  {f'[{min(rates):,.0f}-{max(rates):,.0f}]':>16}"


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]"


def _detail(samples: Sequence[Sample]) -> str:
    times = [(sample.p50_ms, sample.p99_ms) for sample in samples if sample.p50_ms is not None]
    shown = f"{median(p50 for p50, _ in times):.1f}/{median(p99 for _, p99 in times):.1f}" if times else ""
    spent = [sample.client_cpu_us for sample in samples if sample.client_cpu_us is not None]
    return f"  {shown:<12}  {f'{median(spent):.0f}' if spent else ''}"


def _difference(one: object, two: object) -> str:
    if isinstance(one, dict) and isinstance(two, dict):
        keys = [key for key in {**one, **two} if one.get(key) != two.get(key)]
        return f"{len(keys)} differ, such as {[(key, one.get(key), two.get(key)) for key in keys[:3]]}"
    if isinstance(one, set) and isinstance(two, set):
        return f"{len(one ^ two)} differ, such as {list(one ^ two)[:3]}"
    return f"{one!r}, not {two!r}"
