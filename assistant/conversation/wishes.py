"""What is wished for in a message of several parts: the grammar part by part, the classifier where that is silent.

The classifier has also read the whole. A second wish that the whole shows no trace of is a turn of phrase, and one that
a part says plainly is a wish though the whole's first word drowns it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation import acting, clauses, likely
from assistant.conversation.cues import asked
from assistant.conversation.naming import marked, plan_named
from assistant.conversation.normalise import plain
from assistant.conversation.reading import Heard, Meaning, Pending, Status
from assistant.domain.words import matchable

Ranked = Sequence[tuple[str, float]]
WISHES = frozenset(
    "balance why pause skip resume leave card join change pay retry promise receipt book perks human".split()
)
"""What a part may ask for by the classifier's word alone."""
FEWEST_WORDS = 3
"""A part of fewer says little by itself: a name, a courtesy, half of a phrase."""
PLAIN_IN_A_PART = 0.95
"""So sure of a part, and it is a wish whatever the whole sounds like."""
SURE_OF_A_PART = 0.85
"""So sure of one that the grammar is silent on, where the whole shows a trace of it."""
SURER_THAN_GRAMMAR = 0.6
MUCH = 0.1
"""So sure of a part, with so much of it in the whole, and the classifier is right where the grammar differs."""
HEARD_TOO = 0.5
"""The share that the classifier gives what the grammar finds in a part: then both say it."""
TRACE = 0.015
"""The least share in the whole that a wish leaves which is not plain."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part says: its words without what it denies, and what the grammar makes of it."""

    said: str
    name: str | None
    denies: bool = False


def heard_parts(heard: Heard) -> list[Part]:
    """All parts in order; where no part of a sentence says something, the whole sentence may."""
    return [part for piece in clauses.pieces(heard.text) for part in _of_piece(marked(piece, heard.plans))]


def _of_piece(piece: str) -> list[Part]:
    said = clauses.parts(piece)
    found = [_of_part(each) for each in said]
    if len(said) > 1 and not any(each.name for each in found) and (whole := _of_part(piece)).name:
        return [whole]
    return found


def _of_part(part: str) -> Part:
    """What is denied is not asked for; what is said with a "can't stop" may be praise all the same."""
    kept, name = clauses.without_denied(part), asked(part)
    if name == "start" and _NEVER.search(part):
        return Part(kept, None)
    if kept == part or name in _NO_DENIAL:
        return Part(part, name)
    return Part(kept, asked(kept), denies=True)


_NEVER = re.compile(r"\b(?:never|not|no|dont|don't|stop|quit|nunca|jamas)\b")
"""Beside these nobody asks to be texted again."""
_NO_DENIAL = frozenset({"thanks", "card", "receipt", "resume", "pause", "book", "start"})
"""What a "not" belongs to: "can't stop smiling", "do not use that card"."""


def wanted(heard: Heard, said: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """All that is asked for: of one part by the grammar alone, of more with the classifier's word on each."""
    names = [part.name for part in parts if part.name]
    if _may_be_several(parts):
        whole = likely.ranked(said)
        names = [name for part in parts if (name := _meant(part, whole))]
    return settled(heard, said, [for_whom(heard, name) for name in names])


def _may_be_several(parts: Sequence[Part]) -> bool:
    """Two parts that each say a wish, or enough words to hold one."""
    return sum(part.name in WISHES or len(part.said.split()) >= FEWEST_WORDS for part in parts) > 1


def _meant(part: Part, whole: Ranked) -> str | None:
    """What is plain in a part, or found by the grammar or the classifier there and not denied by the whole."""
    if len(part.said.split()) < FEWEST_WORDS:
        return part.name
    told = likely.ranked(part.said)
    name, sure = told[0] if told else ("unknown", 0.0)
    trace = _share(name, whole)
    if part.name and (part.name not in WISHES or _share(part.name, told) >= HEARD_TOO):
        return part.name
    if name in WISHES and (sure >= PLAIN_IN_A_PART or (sure >= SURE_OF_A_PART and trace >= TRACE)):
        return name
    if part.name and name in WISHES and sure >= SURER_THAN_GRAMMAR and trace >= MUCH:
        return name
    return part.name if part.name and max(_share(part.name, told) / 6, _share(part.name, whole)) >= TRACE else None


def likeliest(parts: Sequence[Part]) -> tuple[str, float]:
    """The wish of the part that says one most plainly: where the whole is a story, its point is in one sentence."""
    found = [told[0] for part in parts if len(part.said.split()) > FEWEST_WORDS and (told := likely.ranked(part.said))]
    return max((each for each in found if each[0] in WISHES), default=("unknown", 0.0), key=lambda each: each[1])


def _share(name: str, told: Ranked) -> float:
    """Of its meaning, not of its finer name."""
    return sum(share for other, share in told if _alike(name, other))


def _alike(one: str, other: str) -> bool:
    return acting.MEANINGS.get(one, Meaning.OTHER) == acting.MEANINGS.get(other, Meaning.OTHER)


def settled(heard: Heard, said: str, names: list[str]) -> tuple[str, ...]:
    """Each once, in order; without courtesy, and without what another of them makes plain was not asked."""
    kept = list(dict.fromkeys(names))
    about_membership = bool(_MEMBERSHIP.search(said))
    gone = heard.status in {Status.CANCELLED, Status.NON_MEMBER}
    for name, beside, needless in (
        ("thanks", kept, True),
        ("unknown", kept, True),
        ("skip", ("pause",), True),
        ("balance", ("why",), True),
        ("pay", ("leave", "pause"), True),
        ("resume", ("pause",), kept and kept[0] == "pause"),
        ("leave", ("book",), not about_membership),
        ("leave", ("join",), gone),
        ("join", ("card", "perks", "pause"), heard.status is Status.ACTIVE),
        ("join", ("perks",), "planname" in said),
    ):
        if needless and name in kept and any(other in kept for other in beside if other != name):
            kept.remove(name)
    return tuple(kept[:3])


_MEMBERSHIP = re.compile(r"\b(?:membership|plan|subscription|account|membresia|suscripcion|cuenta)\b")


def for_whom(heard: Heard, name: str) -> str:
    """The same words ask different things of a member and of who is none."""
    match name, heard.status:
        case "change", Status.NON_MEMBER | Status.CANCELLED:
            return "join"
        case "join", Status.PAUSED if not plan_named(plain(heard.text), heard.plans):
            return "resume"
        case "resume", Status.CANCELLED | Status.NON_MEMBER if heard.pending is not Pending.CANCEL_CONFIRM:
            return "resume" if "cancel" in plain(heard.text) else "join"
        case "join", Status.ACTIVE if plan_named(plain(heard.text), heard.plans):
            return "change"
        case "undo", _ if matchable(heard.text) in {"no", "nope", "no gracias"}:
            return "no"
        case _:
            return name
