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
TIMED = frozenset({"pause", "skip", "promise"})
"""What the classifier hears in many a day or span of time that is about something else."""
FEWEST_WORDS = 3
"""A part of fewer says little by itself: a name, a courtesy, half of a phrase."""
PLAIN_IN_A_PART = 0.95
"""So sure of a part, and it is a wish whatever the whole sounds like."""
SURE_OF_A_PART = 0.9
"""So sure of one that the grammar is silent on, where the whole shows a trace of it."""
SURER_THAN_GRAMMAR = 0.6
MUCH = 0.1
"""So sure of a part, with so much of it in the whole, and the classifier is right where the grammar differs."""
HEARD_TOO = 0.2
"""The share that the classifier gives what the grammar finds in a part: then both say it."""
SURE_OF_ASIDE = 0.6
"""The same for what is no wish of a member's: a place, a gift, how this works."""
TRACE = 0.01
"""The least share in the whole that a wish leaves which is not plain."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part says: its words without what it denies, and what the grammar makes of it."""

    said: str
    name: str | None
    denies: bool = False


_TOLD = Part("", None, denies=True)
"""How things stand, and not how they should."""


def heard_parts(heard: Heard) -> list[Part]:
    """All parts in order; where no part of a sentence says something, the whole sentence may."""
    parts = [part for piece in clauses.pieces(heard.text) for part in _of_piece(marked(piece, heard.plans))]
    return [_TOLD if len(parts) > 1 and _TELLS.match(part.said) else part for part in parts]


_TELLS = re.compile(
    r"(?:(?:i|we) (?:thought |know |see )(?:that )?)?"
    r"(?:i am|i was|we are|i have been|we were|it is|my (?:membership|account) is|estoy|estaba|esta) "
    r"(?:already |currently |still |on |en |now )*(?:paused|pause|frozen|hold|pausad[oa]|pausa)\b"
    r"|(?:i|we) (?:thought i |already |just |have )*(?:cancelled|canceled|paused|froze)\b"
)
"""How things stand, beside what is asked for: "I am paused, but ..."."""


def _of_piece(piece: str) -> list[Part]:
    said = clauses.parts(piece)
    found = [_of_part(each) for each in said]
    if len(said) > 1 and not any(each.name for each in found) and (whole := _of_part(piece)).name:
        return [whole]
    return found


def _of_part(part: str) -> Part:
    """What is denied is not asked for; what is said with a "can't stop" may be praise all the same."""
    if part in _SAID_OUTRIGHT:
        return Part(part, "undo")
    if (when := _WHEN.search(part)) is not None:
        part = part[: when.start()].strip()
    kept, name = clauses.without_denied(part), asked(part)
    if name == "start" and _NEVER.search(part):
        return Part(kept, None)
    if kept == part:
        return Part(part, name)
    left = asked(kept)
    if name == left or (name in _NO_DENIAL and not (name == "pause" and _PAUSES.search(part))):
        return Part(part, name)
    return Part(kept, left, denies=True)


_WHEN = re.compile(
    r"(?<!\S)(?:starting|beginning|effective|from|before|after|as of) (?:with |at |on |from )?(?:the |my |your )?next "
    r"(?:bill|billing|payment|charge|cycle|billing date|billing cycle|payment date|due date)$"
)
"""When it shall be done; no question about that bill."""
_SAID_OUTRIGHT = frozenset({"undo", "deshacer"})
"""A keyword at the end of a story is one."""
_NEVER = re.compile(r"\b(?:never|not|no|dont|don't|stop|quit|nunca|jamas)\b")
"""Beside these nobody asks to be texted again."""
_PAUSES = re.compile(r"\b(?:not|no|never|instead of)(?: \w+){0,3} (?:paus|freez|congel|suspend)")
_NO_DENIAL = frozenset({"thanks", "card", "receipt", "resume", "pause", "book", "start"})
"""What a "not" belongs to: "can't stop smiling", "do not use that card"."""


def named(heard: Heard, said: str, parts: Sequence[Part]) -> list[str]:
    """All that the parts name: of one by the grammar alone, of more with the classifier's word on each."""
    if not _may_be_several(parts):
        return [for_whom(heard, part.name) for part in parts if part.name]
    whole = likely.ranked(said)
    meant = [(name, plainly) for part in parts for name, plainly in _meant(part, whole)]
    plain_ones = any(plainly and name in WISHES for name, plainly in meant)
    return [for_whom(heard, name) for name, plainly in meant if plainly or not plain_ones]


def _may_be_several(parts: Sequence[Part]) -> bool:
    """Two parts that each say a wish, or enough words to hold one."""
    return sum(part.name in WISHES or len(part.said.split()) >= FEWEST_WORDS for part in parts) > 1


def _meant(part: Part, whole: Ranked) -> list[tuple[str, bool]]:
    """What a part asks for, and whether plainly: what only the grammar finds there may be a reason, not a wish."""
    if len(part.said.split()) < FEWEST_WORDS:
        return [(part.name, part.name in WISHES)] if part.name else []
    told = likely.ranked(part.said)
    name, sure = told[0] if told else ("unknown", 0.0)
    if part.name in WISHES and _share(part.name, told) >= HEARD_TOO:
        return [(part.name, True)]
    trace = _share(name, whole)
    if name in WISHES and (
        sure >= PLAIN_IN_A_PART
        or (sure >= SURE_OF_A_PART and trace >= TRACE and name not in TIMED)
        or (part.name and sure >= SURER_THAN_GRAMMAR and trace >= MUCH)
    ):
        return [(name, True)]
    if part.name and part.name not in WISHES:
        return [(part.name, _share(part.name, told) >= SURE_OF_ASIDE and not _OF_THEMSELVES.match(part.said))]
    if part.name and max(_share(part.name, told) / 6, _share(part.name, whole)) >= TRACE:
        return [(part.name, False)]
    return []


_OF_THEMSELVES = re.compile(r"(?:i|we) (?:am|are|got|have|had|was|were|live|will)\b")
"""So they tell of themselves: "I got a gift card" asks for none."""


def plain_beside_ills(parts: Sequence[Part]) -> bool:
    """Whether one part is plainly a wish, and none by itself sounds of an ill body: the tale of a burst pipe."""
    told = [likely.ranked(part.said) for part in parts if len(part.said.split()) >= FEWEST_WORDS]
    ills = max((share for each in told for name, share in each if name == "medical"), default=1.0)
    wishes = max((each[0][1] for each in told if each and each[0][0] in WISHES), default=0.0)
    return ills < likely.SENTENCE_OF_MEDICAL and wishes >= PLAIN_IN_A_PART


def likeliest(parts: Sequence[Part]) -> tuple[str, float]:
    """The wish of the part that says one most plainly: where the whole is a story, its point is in one sentence."""
    found = [told[0] for part in parts if len(part.said.split()) > FEWEST_WORDS and (told := likely.ranked(part.said))]
    return max(
        (each for each in found if each[0] in WISHES - TIMED or each[1] >= PLAIN_IN_A_PART),
        default=("unknown", 0.0),
        key=lambda each: each[1],
    )


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
        ("resume", ("pause", "skip"), heard.status is Status.ACTIVE or kept[:1] == ["pause"]),
        ("promise", ("pause", "skip"), about_membership),
        ("pause", ("promise",), not about_membership and kept[:1] == ["promise"]),
        ("leave", ("book",), not about_membership),
        ("leave", ("join",), gone),
        ("perks", ("join",), gone and not _PRICED.search(said)),
        ("join", ("card", "perks", "pause"), heard.status is Status.ACTIVE),
        ("join", ("perks",), "planname" in said),
    ):
        if needless and name in kept and any(other in kept for other in beside if other != name):
            kept.remove(name)
    return tuple(kept[:3])


_PRICED = re.compile(
    r"\b(?:includ|incluy|price|precio|cost|cuesta|how much|cuanto|differen|discount|descuent|perk|benef)"
)
"""They ask what it brings or costs, and do not only say why they join."""
_MEMBERSHIP = re.compile(r"\b(?:membership|plan|subscription|account|membresia|suscripcion|cuenta)\b")


def for_whom(heard: Heard, name: str) -> str:
    """The same words ask different things of a member and of who is none."""
    said = plain(heard.text) if name in _ASKED_DIFFERENTLY else ""
    match name, heard.status:
        case ("change", Status.NON_MEMBER | Status.CANCELLED):
            meant = "join"
        case ("join", Status.PAUSED) if not plan_named(said, heard.plans):
            meant = "resume"
        case ("join", Status.ACTIVE) if plan_named(said, heard.plans):
            meant = "change"
        case ("resume", Status.CANCELLED | Status.NON_MEMBER) if heard.pending is not Pending.CANCEL_CONFIRM:
            meant = "resume" if "cancel" in said else "join"
        case ("why", _) if _SUM.search(said) and not _CREDITS.search(said):
            meant = "receipt"
        case ("undo", Status.CANCELLED) if "cancel" in said:
            meant = "resume"
        case ("undo", _) if matchable(heard.text) in {"no", "nope", "no gracias"}:
            meant = "no"
        case _:
            meant = name
    return meant


_ASKED_DIFFERENTLY = frozenset({"join", "resume", "undo", "why"})
_SUM = re.compile(r"\b(?:\d{2,4}|dollars?|bucks|dolares|charg\w+|bill\w*|fee|fees|rate|price|cobr\w+|cargo)\b")
_CREDITS = re.compile(r"\b(?:credit\w*|balance|saldo|visit\w*|session\w*|sesion\w*|facials?)\b")
"""Why a sum is what it is asks about money, unless it is the credits' balance that is explained."""
