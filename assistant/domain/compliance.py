"""Reads the words the law gives a meaning: stop, start, help, in any way people say them (`rules.md 1.4-1.13`)."""

import re
from enum import StrEnum

from assistant.domain import compliance_guards as guards
from assistant.domain import compliance_ideas as ideas
from assistant.domain import compliance_shades as shades
from assistant.domain import compliance_spelling as spelling
from assistant.domain import compliance_words as vocabulary
from assistant.domain.lookalikes import fold
from assistant.domain.words import matchable


class Compliance(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    TAPBACK = "tapback"


# What Twilio acts on by itself, where it is the whole text (`rules.md 1.9`).
CARRIER_STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})


def read(text: str, carrier_hint: str | None = None) -> Compliance | None:
    """What a text means in law, or None where it is for the conversation to understand.

    Where the carrier has read it (Twilio's `OptOutType`), its reading decides. A reaction that quotes us says nothing,
    though it quote STOP. Then whatever a reasonable person would read as "no more texts" is STOP, in English and in
    Spanish, and so is the doubtful if it is about texts; ending a membership, a pause or a visit is not.
    """
    hinted = _HINTS.get((carrier_hint or "").strip().upper())
    if hinted:
        return hinted
    if _TAPBACK.fullmatch(text):
        return Compliance.TAPBACK
    text = shades.FOOTERS.sub(" ", fold(text))
    said = matchable(text)
    if said in vocabulary.START:
        return Compliance.START
    if _plainly(said) in vocabulary.HELP:
        return Compliance.HELP
    return Compliance.STOP if _asks_to_stop(text, said) else None


def nearly_stop(text: str) -> bool:
    """Whether somebody is weary of texts without asking for their end: marketing rests, and it is asked once."""
    said = matchable(fold(text))
    return read(text) is None and shades.WEARY.said_in(said) and not vocabulary.NOT_REQUESTS.said_in(said)


def may_be_stop(text: str) -> bool:
    """Whether a guess that it is a STOP may stand: it asks not who we are, and is not about texts that are wanted."""
    said = matchable(fold(text))
    spaced, words = f"{said} ", frozenset(said.split())
    return not (
        any(each.found_in(spaced, words) for each in (guards.WANTED, guards.KEPT, guards.MISSED, guards.NOT_MEANT))
        or vocabulary.NOT_REQUESTS.found_in(spaced, words)
        or (text.rstrip().endswith("?") and guards.ASKS.found_in(spaced, words))
        or not guards.REFUSES.search(said)
        or (guards.OURS.isdisjoint(words) and not guards.OTHER_THINGS.isdisjoint(words))
    )


def may_be_anothers(text: str) -> bool:
    """Whether a guess that the number is somebody else's may stand: it is said that somebody is not here."""
    return guards.DENIES.said_in(matchable(fold(text)))


def is_carrier_stop(text: str) -> bool:
    """Whether Twilio has suppressed and answered this text already: one of its words, and nothing else."""
    return text.strip().upper() in CARRIER_STOP_WORDS


def _asks_to_stop(text: str, said: str) -> bool:
    if _STOP_SIGN in text and _plainly(f"{said} stop".lstrip()) == "stop":
        return True
    alone = spelling.spelt(_plainly(said))
    if alone in vocabulary.STOP_ALONE or spelling.STOP_SPELT.fullmatch(alone.replace(" ", "")):
        return True
    clauses = {matchable(clause) for clause in _CLAUSE_END.split(text)} | {said}
    # What stands beside an "and": a single word there may belong to the other side.
    parts = {part.strip() for clause in clauses for part in _JOINED.split(clause)} - clauses
    told = {_plain_clause(each) for each in clauses | {part for part in parts if " " in part}}
    if not any(map(_clause_asks_to_stop, told)):
        return False
    return not (guards.WANTED.said_in(said) or guards.KEPT.said_in(said) or guards.flatters(said))


def _clause_asks_to_stop(clause: str) -> bool:
    if clause in vocabulary.STOP_CLAUSES:
        return True
    if vocabulary.INSISTENT.said_in(clause):
        return True
    spaced, words = f"{clause} ", frozenset(clause.split())
    if not (vocabulary.REQUESTS.found_in(spaced, words) or _says_an_idea(spaced, words)):
        return False
    return not (vocabulary.NOT_REQUESTS.found_in(spaced, words) or guards.NOT_MEANT.found_in(spaced, words))


def _says_an_idea(spaced: str, words: frozenset[str]) -> bool:
    return any(asking.found_in(spaced, words) and not guard.found_in(spaced, words) for asking, guard in ideas.IDEAS)


def _plain_clause(said: str) -> str:
    """A clause without our own footer and its courtesies, and with its slips set right."""
    return spelling.spelt(_plainly(shades.OUR_FOOTER.sub(" ", said).strip()))


def wrong_number(text: str) -> bool:
    """Whether a STOP says that somebody else has the number now."""
    said = matchable(fold(text))
    return shades.WRONG_NUMBER.said_in(said) or any(
        idea.said_in(said) and not guard.said_in(said) for idea, guard in ideas.OTHERS
    )


def _plainly(said: str) -> str:
    """Without the greeting, the please and the thank you around it."""
    return vocabulary.COURTESY_AFTER.sub("", vocabulary.COURTESY_BEFORE.sub("", said))


_HINTS = {"STOP": Compliance.STOP, "START": Compliance.START, "HELP": Compliance.HELP}
_STOP_SIGN = "\N{OCTAGONAL SIGN}"
_CLAUSE_END = re.compile("[^\\w\\s'`\u2018\u2019\u00b4-]+|\n+")
_JOINED = re.compile(
    r"(?<!\S)(?:and|y|but|pero|then|also|plus|ademas|tambien"
    r"|(?:so|because|cuz|asi que|porque|entonces)"
    r"(?= (?:please|pls|plz|stop|quit|don't|dont|do not|take|remove|delete|leave|unsubscribe|can|could|just|i|no|ya"
    r"|por favor)(?!\S)))"
    r"(?!\S)"
)

# iPhones and Androids send a reaction as a text that quotes what it is to (`rules.md 1.22`).
_TAPBACK = re.compile(
    r"""\s*(?:
        (?: liked | loved | disliked | laughed\ at | emphasi[sz]ed | questioned
          | reacted\ .{1,40}?\ to | removed\ .{1,40}?\ from
          | (?:no\ )?(?:le|me|te)\ (?: gust[oó] | gusta | encant[oó] | encanta | dio\ risa | divirti[oó] )
          | se\ r[ií][oóe]\ (?:de|con) | (?:exclam[oó]|pregunt[oó])\ (?:por|sobre) | enfatiz[oó] | destac[oó]
          | dud[oó]\ (?:de|sobre) | cuestion[oó] | puso\ en\ duda | reaccion[oó]\ .{1,40}?\ a
          | (?:quit[oó]|elimin[oó]|retir[oó])\ .{1,60}?\ (?:de|a) )
      | [^\w"“”«]{1,16}(?:to|a)                                      # Android: an emoji, "to", the quotation
    )\s+(?:
        ["“”„«] (?: .*["“”»] | [^"“”»]* ) \W*                        # quoted to the end, or cut off before it
      | (?:an?|the|una?|el|la)\ (?:image|photo|picture|video|movie|attachment|audio\ message|sticker|link|contact
          |imagen|foto|v[ií]deo|archivo|mensaje\ de\ audio|adjunto) \W*
    )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
