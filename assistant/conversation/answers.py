"""Short words that an open question gives their sense: yes, no, "2", a plan's name."""

import re

from assistant.conversation.naming import plan_named
from assistant.conversation.normalise import plain
from assistant.conversation.reading import Heard, Pending
from assistant.domain.pay_dates import WEEKDAYS
from assistant.domain.spans import read_span


def _any_of(text: str) -> re.Pattern[str]:
    """These phrases, apart by commas, as whole words."""
    phrases = sorted((" ".join(phrase.split()) for phrase in text.split(",")), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(phrases)})(?!\S)")


_PHRASES = (
    (
        _any_of("""
            go ahead, go for it, do it, do that, let us do it, let us do that, sounds good, that works, works for me,
            of course, for sure, why not, i am sure, i confirm, i accept, i do, i agree, de acuerdo, por supuesto,
            esta bien, claro que si, asi es, me parece bien, por favor si, ahi nos vemos, count me in, i am in,
            make it so, lock it in, let us go, i want it, lo quiero, me late, va que va, esta perfecto,
            ya quedo, hecho, that is right, that is correct, all good, ^let us$, you got me, you convinced me, you win,
            twist my arm, that will do, that would be fine, i would love to, i would love that, que si, va pues
        """),
        "yes",
    ),
    (
        _any_of("""
            never mind, hold on, hold off, changed my mind, forget it, forget about it, forget that, scratch that,
            do not do it, do not do that, do not want it, do not want that, do not want to, do not want, not yet,
            not now, not today, not really, not sure, not interested, maybe later, another time, some other time,
            leave it, keep it, let me think, cancel that, i will pass, i am good, hell no, no way, cambie de opinion,
            todavia no, ahora no, ahorita no, siempre no, mejor no, tal vez despues, despues te digo, dejar pensarlo,
            dejar pensar, para nada, ya no, no puedo, no me queda, nombre no, i do not think so, can not, not that one,
            not that day, bad idea, no lo, no la, aun no, no quiero, does not work, do not work, will not work,
            rather not, prefer not, on second thought, no gracias pero no, lo pense mejor, not for me, leave it as is,
            does not suit, do not suit, not suit, too expensive, muy caro, not going to work, no me interesa,
            no me conviene
        """),
        "no",
    ),
)
_YES = frozenset(
    """
    yes si claro sure absolutely definitely correct confirm confirmed confirmo confirmar agreed dale adelante hazlo
    haganlo simon acepto accept deal proceed obvio correcto totally certainly sip exacto 100 bet orale affirmative arre
    andale yesss aye please_do confirming approved
    """.split()
)
_OK = frozenset(
    """
    ok vale fine alright bueno great perfect perfecto cool good listo sale works thumbsup right awesome super va sounds
    okay excelente genial wonderful lovely fab fabulous brilliant grand smashing delightful amazing splendid nice
    agreeable
        lovely brilliant delightful marvelous marvellous fab fabulous grand nice sweet splendid terrific fantastic
    peachy dandy neat swell magnificent amazing estupendo fenomenal buenisimo padre chido maravilloso fabuloso
    """.split()
)
_NO = frozenset("no not nevermind nvm wait espera esperen olvidalo negative thumbsdown nunca never dejalo".split())
_FILL = frozenset(
    """
    please thanks thank you gracias por favor oh um hmm well ah pues ay actually the it that this is i am do to me my
    then now lo la le el ese esa eso yo muy much so very mejor always siempre quiero want would like just yet today hoy
    ahora later maybe and y senor senora mam sir lol sorry perdon good great idea worries mind on changed a day dia hora
    time for tambien si senorita don interested interesa cambiar cambien muchas pause all maam ma'am stop
    dear love hun hon honey darling dearie sweetie babe kindly indeed ooh aww then cheers ta
    """.split()
)
_OF_A_VISIT = (
    (
        _any_of("""
            hold it, hold that, hold the slot, hold the spot, hold my spot, book it, book that, book me, book me in,
            reserve it, reserve that, save it, save that, save me that, save my spot, put me down, pencil me in,
            see you then, see you there, i will be there, i will take it, i can make it, i can do that, apartamelo,
            apartarmelo, reservar, reservamelo, reservarmelo, agendar, apuntar, ahi estare, ahi nos vemos, alli estare,
            nos vemos
        """),
        "yes",
    ),
    (
        _any_of("""
            can not make it, can not do, can not come, have work, have to work, am working, i work, am busy, i am away,
            am out of town, have plans, not free, not available, trabajo, tengo que trabajar, estoy ocupada,
            estoy ocupado, no puedo, no alcanzo, won't make it, will not make it, does not suit me, not good for me
        """),
        "no",
    ),
)
"""What answers an offered time, and would be a wish of its own anywhere else."""
_TIME_WORDS = _FILL | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado domingo"
    " morning afternoon evening tarde manana at on am pm that day then slot spot appointment cita for".split()
)
_DAYS = frozenset((*WEEKDAYS, "morning", "afternoon", "evening", "tarde", "manana"))
_UNSURE = re.compile(
    r"(?<!\S)(?:not (?:really |quite |100 )?(?:sure|certain|decided)|unsure|undecided|no idea|have no idea"
    r"|do not (?:really )?know|have not decided|no (?:lo )?se|quien sabe|hard to say|depends|depende)(?!\S)"
)
_REFUSES = re.compile(
    r"(?<!\S)(?:never mind|nevermind|changed my mind|do not want|forget it|mejor no|ya no|no thanks|no thank you)(?!\S)"
)
_PLACE = re.compile(
    r"(?<!\S)(?:(?:option|number|numero|opcion|choice|la|el|plan) (?P<figure>[1-6])|(?:the|la|el) (?P<word>first|second"
    r"|third|fourth|1st|2nd|3rd|4th|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|last|ultim[oa])(?: (?:one|plan"
    r"|option))?(?= (?:please|pls|por favor|thanks|thank you|gracias)|$)|^(?P<alone>[1-6])$)(?!\S)"
)
_PLACES = (("fir", "1st", "pri"), ("sec", "2nd", "seg"), ("thi", "3rd", "ter"), ("fou", "4th", "cua"))
_NOT_THAT = re.compile(r"(?<!\S)(?:no|not|neither|nor|none|ni|ningun[oa]?|except|but|never)(?!\S)")
_CHEAPER = re.compile(r"(?<!\S)(?:cheaper|less expensive|lower|mas barat[oa])(?!\S)")
_DEARER = re.compile(r"(?<!\S)(?:more expensive|pricier|dearer|bigger|higher|better|mas car[oa])(?!\S)")
_WHICH = frozenset({Pending.CHANGE_WHICH, Pending.JOIN_PLAN})
_ANOTHER = re.compile(r"(?<!\S)(?:make it|make that|instead|rather|actually|mejor|que sean|until|hasta)(?!\S)")
_NO_TROUBLE = (frozenset({"no", "worries"}), frozenset({"no", "problem"}))
_CONFIRMS = frozenset(Pending) - {Pending.PAUSE_DURATION, Pending.CHANGE_WHICH, Pending.JOIN_PLAN}


def answer(heard: Heard, said: str) -> str | None:
    """The finer intent that a short answer comes to; None where it is no answer."""
    if heard.text.strip().casefold() in {"y", "n"}:
        return "yes" if heard.text.strip().casefold() == "y" else "no"
    if heard.pending is Pending.PAUSE_DURATION and _UNSURE.search(said) and not _REFUSES.search(said):
        return "pause"
    if heard.pending in _WHICH and (named := _asked_for(heard, said)) is not None:
        return named
    return _yes_or_no(heard, said) or _asked_for(heard, said)


def plan_chosen(heard: Heard, said: str) -> str | None:
    """The plan that is named, or pointed at in an answer to "which one?": the second, number 2, the cheaper of two."""
    if (name := plan_named(said, heard.plans, heard.prices)) is not None or heard.pending not in _WHICH:
        return name
    shown = _shown(heard)
    if _NOT_THAT.search(said):
        return None
    if found := _PLACE.search(said):
        place = _place(found, len(shown))
        return shown[place - 1] if 0 < place <= len(shown) else None
    priced = [each for each in shown if each in (heard.prices or {})]
    if heard.prices and len(priced) == 2 and len({heard.prices[each] for each in priced}) == 2:
        cheap, dear = sorted(priced, key=heard.prices.__getitem__)
        cheaper, dearer = _CHEAPER.search(said), _DEARER.search(said)
        return cheap if cheaper and not dearer else dear if dearer and not cheaper else None
    return None


def _shown(heard: Heard) -> list[str]:
    """The plans of our last words, in their order there; where it shows none, nothing can be pointed at."""
    last = (heard.last_outbound or "").casefold()
    return sorted(
        (name for name in heard.plans if name.casefold() in last), key=lambda name: last.find(name.casefold())
    )


def _place(found: re.Match[str], many: int) -> int:
    if figure := found["figure"] or found["alone"]:
        return int(figure)
    start = found["word"][:3]
    return next((place for place, starts in enumerate(_PLACES, 1) if start in starts), many)


def _yes_or_no(heard: Heard, said: str) -> str | None:
    """Where nothing else is said; a "no" anywhere is a no, and "ok" a yes only to a question."""
    visit = heard.pending is Pending.BOOK_OFFER
    for phrase, word in (*_OF_A_VISIT, *_PHRASES) if visit else _PHRASES:
        said = phrase.sub(word, said)
    words = frozenset(said.split())
    if not words <= _YES | _OK | _NO | (_TIME_WORDS if visit else _FILL):
        return None
    if words & _NO:
        return None if words in _NO_TROUBLE else "no"
    if words & _YES:
        return "yes" if not visit or _of_that_time(heard, words) else None
    return "yes" if words & _OK and heard.pending in _CONFIRMS and (not visit or _of_that_time(heard, words)) else None


def _of_that_time(heard: Heard, words: frozenset[str]) -> bool:
    """Whether a yes names no other day than the one that was offered."""
    return words & _DAYS <= frozenset(plain(heard.last_outbound or "").split())


def _asked_for(heard: Heard, said: str) -> str | None:
    match heard.pending:
        case Pending.PAUSE_CONFIRM if _ANOTHER.search(said) and read_span(heard.text, heard.today) is not None:
            return "pause"
        case Pending.PAUSE_DURATION if read_span(heard.text, heard.today, locale=heard.locale, asked=True) is not None:
            return "pause"
        case Pending.CHANGE_WHICH if plan_chosen(heard, said):
            return "change"
        case Pending.JOIN_PLAN if plan_chosen(heard, said):
            return "join"
        case _:
            return None
