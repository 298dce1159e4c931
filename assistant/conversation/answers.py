"""Short words that an open question gives their sense: yes, no, "2", a plan's name."""

import re

from assistant.conversation.naming import plan_named
from assistant.conversation.reading import Heard, Pending
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
            ya quedo, hecho, that is right, that is correct, all good
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
            too expensive, muy caro, not going to work, no me interesa, no me conviene
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
    okay excelente genial wonderful
    """.split()
)
_NO = frozenset("no not nevermind nvm wait espera esperen olvidalo negative thumbsdown nunca never dejalo".split())
_FILL = frozenset(
    """
    please thanks thank you gracias por favor oh um hmm well ah pues ay actually the it that this is i am do to me my
    then now lo la le el ese esa eso yo muy much so very mejor always siempre quiero want would like just yet today hoy
    ahora later maybe and y senor senora mam sir lol sorry perdon good great idea worries mind on changed a day dia hora
    time for tambien si senorita don interested interesa cambiar cambien muchas pause all maam ma'am stop
    """.split()
)
_ANOTHER = re.compile(r"(?<!\S)(?:make it|make that|instead|rather|actually|mejor|que sean|until|hasta)(?!\S)")
_NO_TROUBLE = (frozenset({"no", "worries"}), frozenset({"no", "problem"}))
_CONFIRMS = frozenset(Pending) - {Pending.PAUSE_DURATION, Pending.CHANGE_WHICH, Pending.JOIN_PLAN}


def answer(heard: Heard, said: str) -> str | None:
    """The finer intent that a short answer comes to; None where it is no answer."""
    if heard.text.strip().casefold() in {"y", "n"}:
        return "yes" if heard.text.strip().casefold() == "y" else "no"
    return _yes_or_no(heard, said) or _asked_for(heard, said)


def _yes_or_no(heard: Heard, said: str) -> str | None:
    """Where nothing else is said; a "no" anywhere is a no, and "ok" a yes only to a question."""
    for phrase, word in _PHRASES:
        said = phrase.sub(word, said)
    words = frozenset(said.split())
    if not words <= _YES | _OK | _NO | _FILL:
        return None
    if words & _NO:
        return None if words in _NO_TROUBLE else "no"
    if words & _YES:
        return "yes"
    return "yes" if words & _OK and heard.pending in _CONFIRMS else None


def _asked_for(heard: Heard, said: str) -> str | None:
    match heard.pending:
        case Pending.PAUSE_CONFIRM if _ANOTHER.search(said) and read_span(heard.text, heard.today) is not None:
            return "pause"
        case Pending.PAUSE_DURATION if read_span(heard.text, heard.today, locale=heard.locale, asked=True) is not None:
            return "pause"
        case Pending.CHANGE_WHICH if plan_named(said, heard.plans, heard.prices):
            return "change"
        case Pending.JOIN_PLAN if plan_named(said, heard.plans, heard.prices):
            return "join"
        case _:
            return None
