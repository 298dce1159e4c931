"""The words that say an intent exactly, by intent and locale: the same that the handlers list, without the handlers.

A test holds the two equal; this one needs no database to be read.
"""

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.conversation.vocabulary import KNOWN
from assistant.domain.words import matchable

KEYWORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "balance": {
        "en": ("BALANCE", "BAL", "CREDIT", "CREDITS", "MY BALANCE", "MY CREDITS"),
        "es": ("SALDO", "CREDITOS", "MI SALDO", "MIS CREDITOS"),
    },
    "why": {
        "en": ("WHY", "EXPLAIN", "DETAILS", "WHY BALANCE"),
        "es": ("PORQUE", "POR QUE", "EXPLICA", "DETALLE", "DETALLES"),
    },
    "pay": {
        "en": ("PAY", "PAY NOW", "PAY IT", "TRY NOW", "RETRY", "TRY AGAIN", "PLEASE RETRY"),
        "es": ("PAGAR", "PAGAR AHORA", "PAGA", "REINTENTAR", "INTENTAR OTRA VEZ"),
    },
    "skip": {
        "en": ("SKIP", "SKIP IT", "SKIP THIS MONTH", "SKIP MONTH"),
        "es": ("SALTAR", "SALTAR ESTE MES", "OMITIR"),
    },
    "pause": {
        "en": ("PAUSE", "FREEZE", "HOLD", "PAUSE IT"),
        "es": ("PAUSA", "PAUSAR", "CONGELAR"),
    },
    "resume": {
        "en": ("RESUME", "UNPAUSE", "UNFREEZE", "RESUME IT"),
        "es": ("REANUDAR", "REANUDA", "QUITAR PAUSA"),
    },
    "leave": {
        "en": (
            "LEAVE",
            "LEAVE MEMBERSHIP",
            "CANCEL MEMBERSHIP",
            "CANCEL MY MEMBERSHIP",
            "END MEMBERSHIP",
            "END MY MEMBERSHIP",
            "I WANT TO END MY MEMBERSHIP",
            "I WANT TO CANCEL MY MEMBERSHIP",
        ),
        "es": (
            "DEJAR",
            "DEJAR PLAN",
            "DEJAR MI PLAN",
            "CANCELAR PLAN",
            "CANCELAR MI PLAN",
            "CANCELAR MI MEMBRESIA",
            "TERMINAR MI PLAN",
        ),
    },
    "card": {
        "en": ("CARD", "UPDATE CARD", "UPDATE MY CARD", "NEW CARD", "CHANGE CARD", "CHANGE MY CARD", "ADD CARD"),
        "es": ("TARJETA", "CAMBIAR TARJETA", "ACTUALIZAR TARJETA", "NUEVA TARJETA", "MI TARJETA"),
    },
    "manage": {
        "en": (
            *("MY MEMBERSHIP", "MANAGE", "MANAGE MEMBERSHIP", "MANAGE MY MEMBERSHIP"),
            *("MY ACCOUNT", "LINK", "PREFERENCES"),
        ),
        "es": ("MI MEMBRESIA", "ADMINISTRAR", "ADMINISTRAR MI MEMBRESIA", "MI CUENTA", "ENLACE", "PREFERENCIAS"),
    },
    "promise": {
        "en": ("PAY LATER", "PAYDAY", "LATER"),
        "es": ("PAGAR DESPUES", "DESPUES", "QUINCENA"),
    },
    "undo": {
        "en": ("NO", "UNDO", "NOPE"),
        "es": ("DESHACER", "NO GRACIAS"),
    },
    "join": {
        "en": ("JOIN", "JOIN US", "SIGN UP", "SIGN ME UP", "BECOME A MEMBER", "REJOIN", "COME BACK"),
        "es": ("UNIRME", "INSCRIBIRME", "QUIERO UNIRME", "SER MIEMBRO", "QUIERO VOLVER"),
    },
    "change": {
        "en": ("UPGRADE", "DOWNGRADE", "CHANGE PLAN", "CHANGE MY PLAN", "SWITCH PLAN", "UPGRADE ME"),
        "es": ("CAMBIAR PLAN", "CAMBIAR MI PLAN", "CAMBIAR DE PLAN", "MEJORAR PLAN", "BAJAR PLAN"),
    },
    "book": {
        "en": ("BOOK", "BOOK ME", "APPOINTMENT", "BOOK A VISIT", "RESCHEDULE", "CANCEL MY APPOINTMENT"),
        "es": ("CITA", "RESERVAR", "AGENDAR", "HACER CITA", "CAMBIAR CITA", "CANCELAR CITA", "CANCELAR MI CITA"),
    },
    "perks": {
        "en": ("PERKS", "BENEFITS", "MY PERKS", "MY PLAN", "PLANS", "PRICES", "MEMBERSHIPS"),
        "es": ("BENEFICIOS", "MIS BENEFICIOS", "MI PLAN", "PLANES", "PRECIOS", "MEMBRESIAS"),
    },
    "human": {
        "en": ("PERSON", "HUMAN", "CALL", "CALL ME", "AGENT", "REAL PERSON", "TALK TO A PERSON", "MANAGER"),
        "es": ("PERSONA", "HUMANO", "LLAMAME", "ALGUIEN", "HABLAR CON ALGUIEN", "HABLAR CON UNA PERSONA", "GERENTE"),
    },
    "receipt": {
        "en": ("RECEIPT", "RECEIPTS", "CHARGES", "WHY WAS I CHARGED", "REFUND"),
        "es": ("RECIBO", "RECIBOS", "CARGOS", "POR QUE ME COBRARON", "REEMBOLSO"),
    },
    "billing_texts": {
        "en": ("BILLING", "BILLING TEXTS", "BILLING ONLY", "ONLY BILLING"),
        "es": ("COBROS", "SOLO COBROS", "MENSAJES DE COBROS"),
    },
    "medical": {
        "en": ("REACTION", "EMERGENCY", "SWELLING"),
        "es": ("REACCION", "EMERGENCIA", "HINCHAZON"),
    },
    "gift": {
        "en": ("GIFT", "GIFT A CREDIT", "GIFT CREDITS"),
        "es": ("REGALO", "REGALAR", "REGALAR CREDITO"),
    },
    "hours": {
        "en": ("HOURS", "ADDRESS", "LOCATION", "WHERE ARE YOU", "ARE YOU OPEN"),
        "es": ("HORARIO", "DIRECCION", "UBICACION", "DONDE ESTAN", "ESTAN ABIERTOS"),
    },
    "thanks": {
        "en": ("THANKS", "THANK YOU", "THX", "TY", "HI", "HELLO", "HEY", "OK", "OKAY", "GREAT", "BYE", "GOOD MORNING"),
        "es": ("GRACIAS", "MUCHAS GRACIAS", "HOLA", "BUENAS", "BUENOS DIAS", "BUENAS TARDES", "PERFECTO", "ADIOS"),
    },
}
_EXACT = {
    matchable(word): name for name, by_locale in KEYWORDS.items() for words in by_locale.values() for word in words
}
_LONG = tuple(word for word in _EXACT if len(word) > 4)


def exact(said: str) -> str | None:
    """The intent whose word this is, and nothing else."""
    return _EXACT.get(said)


def slipped(said: str) -> str | None:
    """The intent whose word this is but for a slip or two of the finger."""
    if not 4 <= len(said) <= 30 or said in KNOWN:
        return None
    found = process.extractOne(said, _LONG, scorer=OSA.distance, score_cutoff=1 if len(said) < 8 else 2)
    return _EXACT[found[0]] if found and found[0][0] == said[0] else None
