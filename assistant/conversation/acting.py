"""What a message would carry out with no further question: little, and of money nothing without its token."""

import re

from assistant.conversation.reading import Channel, Heard, Meaning, Pending
from assistant.domain.words import matchable

_TOKEN = re.compile(
    r"\b(?i:reply|text|send|responde|responda|envia|envie|escribe|contesta)(?i:\s+(?:with|con))?\s+[\"']?([A-Z]\d{1,3})\b"
    r"(?:[\"']?\s+(?i:to|para)\s+(\w+))?"
)
_ECHO = re.compile(r"(?<!\S)([a-z]) ?(\d{1,3})(?!\S)")
_COURTESY = frozenset(
    """
    yes yep yeah yup si sip ok okay sure certainly absolutely definitely indeed reply responde answer respuesta my mi
    please por favor porfa pls plis xfa plz kindly it is it's its the code codigo token then here here's es el esta
    thanks thank thx ty you gracias muchas mil so very much cheers for everything sounds good go ahead do dale perfect
    perfecto great lovely wonderful excellent fine bueno claro hi hello hey hola dear ma'am there morning afternoon
    all team and n porfavor evening buenos buenas dias tardes noches confirm confirmed confirming
    confirmo adelante listo let's go ta
    """.split()
)
"""What may stand about a token and leaves it a yes: nothing that refuses, doubts, asks or adds."""
_SIGNED = re.compile(
    r"(?:(?i:thank you(?: (?:so|very) much)?|thanks|thx|gracias|best|(?:kind |best )?regards|cheers|sincerely|love|xo+"
    r"|saludos|atentamente|atte)[\s,.!-]+|\s*[-\u2013\u2014\n]+\s*)(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]*)?)\W*$"
)
"""A name under it; what is no name and may begin with a capital is in `_NO_NAMES`."""
_NO_NAMES = frozenset(
    """
    no not nope nah never wait stop cancel end quit unsubscribe maybe later but don dont nevermind actually hold why
    what when how who pero espera para nunca help ayuda if only after before until tomorrow today
    wrong cancelled
    canceled cancelar cancela mistake oops sorry nvm kidding jk joking false negative declined decline refuse keep none
    cancelling canceling undo forget ignore error nothing neither nor instead just also and can cant could is does did
    i im we you they it that this these those well hmm um uh question confused skip pause pausing resume change delete
    remove human person agent call balance leave leaving join start card pay refund text texts bad terrible ridiculous
    joke reject rejected denied deny pass again please first second tonight monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november december next
    nada ninguno tampoco jamas mejor error perdon olvidalo borra quita deja dejalo todavia aun luego despues si
    """.split()
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
    token = _token(heard.text)
    if token is None or heard.pending is None:
        return None
    shown = dict(_TOKEN.findall(heard.last_outbound or ""))
    verb = shown.get(token)
    act = "book_request" if heard.pending is Pending.BOOK_OFFER else _ACTS.get(heard.pending)
    return None if verb is None or _VERBS.get(verb.lower(), act) != act else act


def looks_like_token(text: str) -> bool:
    """Whether it is a token and nothing else, be it ours or not."""
    return _token(text) is not None


def _token(text: str) -> str | None:
    """The one token of a short answer that says nothing else but courtesies; a question is no answer."""
    if len(text) > _SHORT or not _ASKS.isdisjoint(text):
        return None
    signed = _SIGNED.search(text)
    if signed and _NO_NAMES.isdisjoint(signed["name"].lower().split()):
        text = text[: signed.start()]
    said = matchable(text)
    tokens = {f"{letter.upper()}{number}" for letter, number in _ECHO.findall(said)}
    return tokens.pop() if len(tokens) == 1 and _COURTESY.issuperset(_ECHO.sub(" ", said).split()) else None


_SHORT = 120
_ASKS = frozenset("?\u00bf")


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
