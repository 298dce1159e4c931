"""What a message means: the one function that the router and `assistant interpret` both ask.

In order: words the law gives a meaning, the body, an open question, a keyword, a keyword with a slip in it, the grammar
of verbs and objects over the classifier; and where none is sure, it is asked.
"""

import re
from dataclasses import dataclass
from datetime import date

from assistant.conversation import acting, answers, clauses, keywords, likely, wishes
from assistant.conversation.cues import asked
from assistant.conversation.naming import marked
from assistant.conversation.normalise import plain
from assistant.conversation.reading import Channel, Heard, Meaning, Pending, Reading, Slots
from assistant.domain import compliance, medical
from assistant.domain.compliance import Compliance
from assistant.domain.email_reply import new_words
from assistant.domain.pan import redact
from assistant.domain.spans import Length, Skip, Until, Vague, read_span
from assistant.domain.words import matchable, sanitise

MOST_READ = 20_000
"""Letters that are kept of a message."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was understood, how surely, and what the law makes of it."""

    wanted: tuple[str, ...]
    confidence: float
    opt_out: bool = False
    near_stop: bool = False
    act: str | None = None


def interpret(heard: Heard) -> Reading:
    """Read one message; pure, and never raises, whatever it is given."""
    whole = sanitise(heard.text[:MOST_READ])
    words = new_words(whole) if heard.channel is Channel.EMAIL else whole.strip()
    now = Heard(
        channel=heard.channel,
        text=words,
        today=heard.today,
        status=heard.status,
        opted_out=heard.opted_out,
        pending=heard.pending,
        last_outbound=heard.last_outbound,
        plans=heard.plans,
        prices=heard.prices,
        locale=heard.locale,
        carrier_hint=heard.carrier_hint,
    )
    redacted = redact(words)
    read = redacted.text
    found = _understood(now, card=redacted.found)
    return Reading(
        intents=_meanings(found.wanted),
        wanted=found.wanted,
        confidence=round(found.confidence, 4),
        slots=_slots(now, found.wanted),
        opt_out=found.opt_out,
        near_stop=found.near_stop,
        read=read,
        redacted_text=redact(whole).text if heard.channel is Channel.EMAIL else read,
        executed=acting.executed(now, found.wanted, opt_out=found.opt_out, near_stop=found.near_stop, act=found.act),
        locale=heard.locale,
    )


def _meanings(wanted: tuple[str, ...]) -> tuple[Meaning, ...]:
    return tuple(dict.fromkeys(acting.MEANINGS.get(name, Meaning.OTHER) for name in wanted))


def _understood(heard: Heard, *, card: bool) -> _Found:
    law = _law(heard)
    if law is Compliance.TAPBACK:
        return _Found(("unknown",), 1.0)
    stops = law is Compliance.STOP and not _of_the_membership(heard)
    if medical.read(heard.text):
        return _Found(("medical", "stop") if stops else ("medical",), 1.0, opt_out=stops)
    match law:
        case Compliance.STOP:
            return _stopped(heard) if stops else _Found(("leave",), 1.0)
        case Compliance.START | Compliance.HELP:
            return _Found((law.value,), 1.0)
        case _:
            found = _said(heard)
            says_nothing = found.confidence < _GRAMMAR or _NEEDS_NO_CARD.issuperset(found.wanted)
            return _Found(("card",), 1.0) if card and says_nothing else found


_NEEDS_NO_CARD = frozenset({"balance", "why", "thanks", "unknown", "hours", "perks", "gift", "yes"})
"""What nobody writes a card number for: it is the card that this is about."""


def _law(heard: Heard) -> Compliance | None:
    """What the words mean in law; of a text a STOP may show only when slang and slips are set right."""
    law = compliance.read(heard.text, heard.carrier_hint)
    if law is None and heard.channel is Channel.SMS and compliance.read(plain(heard.text)) is Compliance.STOP:
        return Compliance.STOP
    return law


def _of_the_membership(heard: Heard) -> bool:
    """By mail a bare CANCEL is about the membership: there are no texts to end (`rules.md` 1.11)."""
    return heard.channel is Channel.EMAIL and matchable(heard.text) in acting.BARE_ENDS


def _stopped(heard: Heard) -> _Found:
    """The opt-out, then whatever else is asked for beside it."""
    if matchable(heard.text) in acting.BARE_ENDS and heard.channel is Channel.SMS:
        return _Found(("stop", "leave"), 1.0, opt_out=True)
    if compliance.wrong_number(heard.text):
        return _Found(("wrong_number",), 1.0, opt_out=True)
    parts = (part for piece in clauses.pieces(heard.text) for part in clauses.parts(piece))
    others = (asked(part) for part in parts if compliance.read(part) is None)
    beside = dict.fromkeys(name for name in others if name and name not in _BESIDE_STOP)
    return _Found(("stop", *beside), 1.0, opt_out=True)


_BESIDE_STOP = frozenset({"thanks", "wrong_number", "hours", "join", "perks", "start", "help"})
"""Said beside a STOP these ask for nothing."""


def _said(heard: Heard) -> _Found:
    said = plain(heard.text)
    if act := acting.echoed(heard):
        return _Found(("yes",), 1.0, act=act)
    if acting.looks_like_token(heard.text):
        return _Found(("yes",), 0.8)
    if _MARKUP.match(heard.text):
        return _Found(("unknown",), 0.9)
    if (name := answers.answer(heard, said)) is not None:
        return _Found((name,), 1.0)
    return _by_word(heard, said) or _conversed(heard, said)


def _by_word(heard: Heard, said: str) -> _Found | None:
    """A keyword and nothing else; a slip of the finger makes it less sure."""
    if (name := keywords.exact(matchable(heard.text)) or keywords.exact(said)) is not None:
        return _Found((wishes.for_whom(heard, name),), 1.0)
    if (name := keywords.slipped(said)) is not None:
        return _Found((wishes.for_whom(heard, name),), 0.9)
    return None


_MARKUP = re.compile(r"""\s*(?:[{\[]\s*["'{]|</?\w+>)""")
"""Nobody speaks so; a program does, or somebody who wants to speak to one."""


_GRAMMAR = 0.85
"""How sure the grammar of cues is told to be."""


def _conversed(heard: Heard, said: str) -> _Found:
    """The grammar and the classifier, part by part, and the classifier's word on the whole."""
    parts = wishes.heard_parts(heard)
    spoken = marked(said, heard.plans)
    names = wishes.named(heard, spoken, parts)
    wanted = wishes.settled(heard, spoken, names)
    name, probability = _likeliest(heard, said, parts)
    if name not in names or name in wanted:  # else it was heard, and put aside for another
        surer = likely.SURER_THAN_PARTS if len(parts) > 1 else likely.SURER_THAN_GRAMMAR
        if (found := _overruled(heard, wanted, name, probability, surer)) is not None:
            return found
    if wanted not in _SAYS_NOTHING:
        return _Found(wanted, _GRAMMAR)
    return _point(heard, parts, name, probability) or (
        _Found(wanted, _GRAMMAR) if wanted else _guessed(heard, name, probability)
    )


_SAYS_NOTHING = ((), ("thanks",))


def _likeliest(heard: Heard, said: str, parts: list[wishes.Part]) -> tuple[str, float]:
    """The classifier's word on the whole, without what is denied there."""
    denies = any(part.denies for part in parts)
    left = " ".join(part.said for part in parts if part.said) if denies else ""
    name, probability = likely.best(left, left) if left else likely.best(said, heard.text)
    if (denies and not left and name == "leave") or (
        name == "medical" and len(parts) > 1 and wishes.plain_beside_ills(parts)
    ):
        return "unknown", 0.0
    return name, probability


def _point(heard: Heard, parts: list[wishes.Part], name: str, probability: float) -> _Found | None:
    """Of a story that is nothing plain as a whole, the one sentence that is."""
    if len(parts) < 2 or name in likely.STOPS or probability >= likely.SURE_OF_WHOLE:
        return None
    point, sure = wishes.likeliest(parts)
    if sure < max(likely.SURE_OF_POINT, likely.GRAVE.get(point, 0)):
        return None
    return _Found((wishes.for_whom(heard, point),), sure)


def _guessed(heard: Heard, name: str, probability: float) -> _Found:
    """What the grammar knows nothing of: as the classifier says where it is sure, else they are asked."""
    if name == "thanks" and probability >= likely.SURE_OF_THANKS:
        return _Found((name,), probability)
    if name in likely.STOPS or probability < likely.GRAVE.get(name, likely.SURE):
        return _Found(("unknown",), 1 - probability)
    return _Found((wishes.for_whom(heard, name),), probability)


_NEVER_OVER = frozenset({"stop", "wrong_number", "help"})
"""What the classifier may not put in the place of what the grammar found."""


def _overruled(heard: Heard, wanted: tuple[str, ...], name: str, probability: float, surer: float) -> _Found | None:
    """Where the classifier is heard before the grammar: the medical, a stop where nothing is asked, what is plain."""
    if name == "medical":
        return _Found(("medical",), probability)
    stops = likely.stop(heard.text) if name in likely.STOPS else 0.0
    weary = compliance.nearly_stop(heard.text)
    plainly = wanted in likely.MISTAKEN_FOR_STOP and not weary
    if stops >= (likely.SURE_OF_STOP if plainly else likely.SURE_OF_STOP_OVER_GRAMMAR):
        return _Found((name,), stops, opt_out=True)
    if wanted in {(), ("thanks",)} and (weary or (name == "stop" and stops >= likely.SURE)):
        return _Found(("unknown",), 0.5, near_stop=True)
    if (
        len(wanted) == 1
        and name not in _NEVER_OVER
        and probability >= max(likely.PLAIN.get(wanted[0], surer), likely.GRAVE.get(name, 0), likely.OVER.get(name, 0))
    ):
        return _Found((wishes.for_whom(heard, name),), probability)
    return None


def _slots(heard: Heard, wanted: tuple[str, ...]) -> Slots:
    if {"pause", "skip"} & set(wanted):
        return _span(heard)
    if {"change", "join"} & set(wanted):
        return Slots(plan=answers.plan_chosen(heard, plain(heard.text)))
    return Slots()


def _span(heard: Heard) -> Slots:
    asked_for = heard.pending is Pending.PAUSE_DURATION or len(heard.text.split()) <= 3
    match _read_span(heard, asked=asked_for):
        case Length() as length:
            return Slots(duration=length.iso)
        case Until() as until:
            return Slots(until=_resumes(until))
        case Skip():
            return Slots(duration="P1M")
        case _:
            return Slots()


def _resumes(until: Until) -> date:
    return until.day


def _read_span(heard: Heard, *, asked: bool) -> Length | Until | Skip | Vague | None:
    """What is said beside the word for a pause, else anywhere; a slip put right last. None: no time is spoken of."""
    vague = None
    for said in dict.fromkeys((_of_the_pause(heard.text), heard.text, plain(heard.text))):
        found = read_span(said, heard.today, locale=heard.locale, asked=asked)
        if found is not None and not isinstance(found, Vague):
            return found
        vague = vague or found
        if said == heard.text and vague is not None:
            break  # set right, its dashes and points are gone: "4-6 weeks" would be six
    return vague


def _of_the_pause(text: str) -> str:
    """The sentences of a longer text that speak of one."""
    return " ".join(each for each in _SENTENCES.split(text) if _PAUSE.search(each))


_SENTENCES = re.compile(r"[.!?]+\s+(?=[A-Z\u00bf\u00a1])|\n+")
_PAUSE = re.compile(r"(?i)paus|freez|hold\b|skip|suspend|break|congel|salt[ae]|descans")
