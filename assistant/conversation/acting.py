"""What a message would carry out with no further question: little, and of money nothing without its token."""

import re

from assistant.conversation.reading import Channel, Heard, Meaning, Pending
from assistant.domain.words import matchable

_TOKEN = re.compile(
    r"\b(?i:reply|text|send|responde|responda|envia|envie|escribe|contesta)(?i:\s+(?:with|con))?\s+[\"']?([A-Z]\d{1,3})\b"
    r"(?:[\"']?\s+(?i:to|para)\s+(\w+))?"
)
_ECHO = re.compile(
    r"(?:(?:yes|si|ok|okay|sure|reply|responde|please|por favor|it is|code|codigo|token) )*([a-z]) ?(\d{1,3})"
    r"(?: (?:please|por favor|porfa|pls|plis|xfa|thanks|thank you|gracias|yes|si|ok"
    r"|sounds good|go ahead|do it|dale|perfect|great))*"
)
_ACTS = {
    Pending.PAUSE_CONFIRM: "pause",
    Pending.RESUME_CONFIRM: "resume",
    Pending.CANCEL_CONFIRM: "cancel_membership",
    Pending.CHANGE_CONFIRM: "change_plan",
    Pending.JOIN_CONFIRM: "join",
    Pending.SAVE_OFFER: "save_offer",
}
_VERBS = {
    verb: act
    for act, verbs in {
        "pause": "pause freeze rest skip pausar congelar saltar",
        "resume": "resume restart unpause reanudar",
        "cancel_membership": "leave cancel end go finish dejar cancelar terminar salir",
        "change_plan": "change switch upgrade downgrade move cambiar subir bajar",
        "join": "join start sign unirte unirse inscribirte empezar",
        "save_offer": "keep stay take accept quedarte quedarse aceptar tomar",
        "book_request": "book ask request reservar pedir",
    }.items()
    for verb in verbs.split()
}


def echoed(heard: Heard) -> str | None:
    """The act whose token this text is, where our last words show it and its question is still open."""
    found = _ECHO.fullmatch(matchable(heard.text))
    if not found or heard.pending is None:
        return None
    shown = dict(_TOKEN.findall(heard.last_outbound or ""))
    verb = shown.get(f"{found[1].upper()}{found[2]}")
    act = "book_request" if heard.pending is Pending.BOOK_OFFER else _ACTS.get(heard.pending)
    return None if verb is None or _VERBS.get(verb.lower(), act) != act else act


def looks_like_token(text: str) -> bool:
    """Whether it is a token and nothing else, be it ours or not."""
    return bool(_ECHO.fullmatch(matchable(text)))


def executed(
    heard: Heard, wanted: tuple[str, ...], *, opt_out: bool, near_stop: bool, act: str | None
) -> tuple[str, ...]:
    """What is carried out at once; for who has opted out nothing is, but to be texted again."""
    if heard.opted_out:
        return ("opt_in",) if wanted == ("start",) else ()
    done = ["opt_out"] * opt_out
    if opt_out and heard.channel is Channel.SMS and "leave" in wanted and matchable(heard.text) in BARE_ENDS:
        done.append("cancel_case")
    done += ["marketing_hold"] * near_stop + ["opt_in"] * (wanted == ("start",))
    done += ["wrong_number"] * ("wrong_number" in wanted)
    if act and not opt_out:
        done.append(act)
    elif heard.pending is Pending.BOOK_OFFER and wanted == ("yes",):
        done.append("book_request")
    return tuple(done)


BARE_ENDS = frozenset(
    {
        "cancel",
        "end",
        "quit",
        "cancelar",
        "cancela",
        "cancele",
        "terminar",
        "finalizar",
        "cancel please",
        "please cancel",
        "cancel pls",
    }
)
"""Words that end texts by law, and that people also say of memberships (`rules.md` 1.11)."""
MEANINGS = {
    "balance": Meaning.BALANCE,
    "why": Meaning.BALANCE,
    "pause": Meaning.PAUSE,
    "skip": Meaning.PAUSE,
    "resume": Meaning.RESUME,
    "leave": Meaning.CANCEL_MEMBERSHIP,
    "card": Meaning.UPDATE_CARD,
    "join": Meaning.JOIN,
    "change": Meaning.CHANGE_PLAN,
    "pay": Meaning.PAYMENT_QUESTION,
    "retry": Meaning.PAYMENT_QUESTION,
    "promise": Meaning.PAYMENT_QUESTION,
    "receipt": Meaning.PAYMENT_QUESTION,
    "book": Meaning.BOOK,
    "perks": Meaning.PERKS,
    "human": Meaning.HUMAN,
    "medical": Meaning.MEDICAL,
    "thanks": Meaning.SMALLTALK,
    "yes": Meaning.CONFIRM_YES,
    "no": Meaning.CONFIRM_NO,
    "help": Meaning.HELP,
    "stop": Meaning.STOP,
    "start": Meaning.START,
}
"""The public meaning of each finer intent; what is not here is `other`."""
