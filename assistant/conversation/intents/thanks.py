"""THANKS, hello, ok: a kind word back, once; nobody is answered round and round (`features.md` H8)."""

from datetime import timedelta

from assistant.conversation.normalise import plain
from assistant.conversation.turn import Answer, Silence, Turn, intent, say
from assistant.db import inbox
from assistant.messages.catalog import UnknownNumber
from assistant.messages.talk import KindWord, Pleasantry
from assistant.runtime import UnitOfWork

ONCE_IN = timedelta(hours=1)
BYES = frozenset("bye goodbye adios chao chau hasta luego night noches".split())
THANKS = frozenset("thanks thank thx ty tysm gracias appreciate agradezco amable best".split())
PRAISE = frozenset(
    "love loved loving obsessed amazing incredible fantastic glowing beautiful encanta encanto increible feliz".split()
)
OKS = frozenset("ok okay okey k kk great perfect cool perfecto listo vale bien awesome sale genial dale".split())


@intent(
    "thanks",
    en=("THANKS", "THANK YOU", "THX", "TY", "HI", "HELLO", "HEY", "OK", "OKAY", "GREAT", "BYE", "GOOD MORNING"),
    es=("GRACIAS", "MUCHAS GRACIAS", "HOLA", "BUENAS", "BUENOS DIAS", "BUENAS TARDES", "PERFECTO", "ADIOS"),
)
def thanks(uow: UnitOfWork, turn: Turn) -> Answer:
    """Where the one before was a pleasantry too, nothing more needs saying."""
    if inbox.understood_before(uow, turn.event, since=uow.now - ONCE_IN) in {"thanks", "pleasantry"}:
        return Silence("pleasantry")
    if not turn.people:
        return say(UnknownNumber(spa=turn.house.name, help_phone=turn.house.help_phone))
    return say(KindWord(first_name=turn.first_name, kind=_kind(turn.event.body)))


def _kind(body: str) -> Pleasantry:
    said = set(plain(body).split())
    if said & PRAISE:
        return Pleasantry.PRAISE
    if said & THANKS:
        return Pleasantry.THANKS
    if said & BYES:
        return Pleasantry.BYE
    return Pleasantry.OK if said & OKS or not said else Pleasantry.HELLO
