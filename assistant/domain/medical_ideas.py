"""What a clinician must see, as ideas and not as sentences: which kinds of words mean it together.

A line is an idea. `a ~4 b` are at most four words apart in either order, `a >4 b` in this order, `a & b` anywhere in
the message, and `a ! b` where no b is said at all. The kinds are in `medical_words` and `medical_acts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Places = dict[str, list[int]]
"""Where in a text each kind of word stands."""
_FAR = 10_000


@dataclass(frozen=True, slots=True)
class _Step:
    """The next kind of word, and how far from the last: `ordered` says that it must come after it."""

    kind: str
    most: int
    ordered: bool

    def reaches(self, before: int, at: int) -> bool:
        apart = at - before
        return (0 if self.ordered else -self.most) <= apart <= self.most and (apart != 0 or self.most == _FAR)


@dataclass(frozen=True, slots=True)
class Idea:
    """A chain of kinds of words, each in reach of the last, where none of `never` is said."""

    first: str
    steps: tuple[_Step, ...]
    never: tuple[str, ...]

    def is_in(self, places: Places) -> bool:
        here: Iterable[int] = places.get(self.first, ())
        if not here or any(kind in places for kind in self.never):
            return False
        for step in self.steps:
            here = [at for at in places.get(step.kind, ()) if any(step.reaches(before, at) for before in here)]
            if not here:
                return False
        return True


def _idea(line: str) -> Idea:
    chain, _, never = line.partition("!")
    first, *rest = chain.split()
    steps = (
        _Step(kind, _FAR if sign == "&" else int(sign[1:]), ordered=sign[0] == ">")
        for sign, kind in zip(rest[::2], rest[1::2], strict=True)
    )
    return Idea(first, tuple(steps), tuple(never.split()))


FILLERS = frozenset(
    "a an the is are was were so really very like just kind kinda of sort bit little super pretty its that thats now"
    " still been being be getting lot quite un una el la los las muy bien como medio toda todo esta estan se".split()
)
"""Words that put nothing between two others."""
_ALL = tuple(
    _idea(line)
    for line in """
    sign
    pregnant
    vision
    rescue
    drug ! sell
    illness
    drug & safe
    drug & sign
    part ~4 wrong
    place ~3 sign
    half ~4 wrong ! billing shop money change
    half & likex
    place >3 wrong & treated
    cannot >4 bodily >4 part
    part >4 cannot >3 bodily
    half >4 cannot >3 bodily
    cannot >2 organic
    look >4 likex
    ilook >3 odd & since
    ilook >4 odd ! billing
    treated ~4 se_me ! praise billing booking
    where >3 treated ! shop booking billing praise
    treated ~3 risk ! billing
    safe & before >3 treated ! billing booking shop venue
    safe & sincethen >3 treated ! billing booking shop praise venue
    doing & treated & after ! billing booking shop praise venue
    ailing & may & treated ! moving
    bumps ! business booking billing shop praise
    heat ~5 exits
    you >4 injured >3 part
    injured >2 part
    you >3 injured >1 me
    treated >3 injured >1 me
    injured >1 me ~5 treated
    thing >4 amiss ! billing
    part >2 thing
    may ~6 doing & treated ! billing venue
    may ~6 doing & after ! billing booking venue
    may ~5 careful ! shop
    life & safe & treated
    life ~6 safe ! billing excuse shop
    doing & before >3 visit ! billing venue booking shop
    isitok ~6 treated ! shop billing booking venue praise
    im >2 healing ! money billing shop business
    its >2 healing ! money billing shop business venue
    turning >2 tint ! billing shop
    life & safe & visit
    life & may ! excuse
    ailing & safe & treated ! excuse
    ailing & safe & visit ! excuse
    normal ~5 isit & treated
    normal ~5 isit & part
    isit >6 normal ! billing shop
    normal & soft
    worry & part ! billing business
    nurse & worsening
    worry & treated & since ! billing
    worry ~6 look ! billing
    nurse ~6 look_at ! billing
    mydoctor >4 told ! billing
    nurse >3 told & treated
    since >4 treated ~8 bad ! billing
    treated ~6 bad ~6 since ! billing
    soft ~6 onset ! shop
    soft & safe & treated
    soft ~4 part & onset
    joinder ~4 treated & part
    ailing ! excuse billing
    ailing & treated & since
    ailing & may ! excuse
    expecting ! billing
    howlong >5 healing ! billing
    cared ! billing
    aftercare ! billing
    may ~7 soft ! shop
    careful >2 orno ! billing shop booking venue
    place ~3 tint ! shop
    heat ~3 tint ! shop
    fluid ~5 exits
    nurse & part ! billing praise
    isit >3 expected & part
    isit >3 expected & treated
    isit >3 expected & sign
    sincethen >3 treated ! praise shop billing booking venue
    before >3 treated & may ! billing booking shop venue
    did ~6 treated ! billing shop praise
    did ~3 part
    im >2 weeks & may ! late billing
    im >2 weeks & visit ! late billing
    im >2 weeks & treated ! late billing booking shop money
    pills ! billing shop
    treated ~8 joinder
    doing ~6 safe & treated ! billing booking venue
    told >4 mydoctor
    se_me >4 part ! billing praise booking shop
    recently ~3 part & may
    howlong ~8 careful
    howlong ~6 doing & treated ! billing booking shop
    howlong ~6 doing & after ! billing booking shop
    doing & safe & treated ! billing booking shop
    careful ~3 safe ! billing booking shop
    part ! daily praise shop billing booking money business resting
    mine >2 part ! praise shop billing booking money business resting
    part ~5 se_me ! billing praise
    babyword ~4 otw
    worsening ! billing shop money
    stillis >2 healing ! billing shop money
    emergency ! money excuse booking
    numbing ! shop booking praise
    dose ! shop billing booking
    babyword & treated & may ! excuse billing
    did & treated & safe ! billing booking shop
    avoid & before & visit ! billing
    avoid & before & treated ! billing
    may ~6 apply ! billing shop booking
    howlong ~6 apply ! billing shop booking
    careful ~4 safe ! billing booking shop
    part ~3 checked ! billing
    medword ! shop billing booking venue treated
    treated ~4 odd ! billing shop booking praise
    disclose & treated ! billing booking shop
    duedate & treated ! billing money
    doing & treated & safe ! billing shop booking venue
    injured & since ~3 you ! billing money
""".strip().splitlines()
)
IDEAS: dict[str, list[Idea]] = {}
"""By their first kind of word."""
for _each in _ALL:
    IDEAS.setdefault(_each.first, []).append(_each)
