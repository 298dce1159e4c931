"""RECEIPT, "why was I charged": the last charges line by line; a wish for a refund goes to a person (E3)."""

from assistant.conversation import dues, to_person
from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import charges_told
from assistant.db.clients import Speaker
from assistant.domain.words import matchable
from assistant.messages.plans import Charge, Receipts
from assistant.messages.talk import PersonTopic
from assistant.runtime import UnitOfWork

MOST = 3
DISPUTES = ("refund", "money back", "twice", "double", "reembols", "devolu", "devuelv", "dos veces", "doble")

UNPAID = (
    *("declin", "denied", "rejected", "bounce", "fail", "go through", "owe", "past due", "balance due", "not paid"),
    *("rechaz", "debo", "adeudo", "no paso", "no se pudo", "no pudieron", "vencid", "pendiente"),
)
"""Words of one who asks what is owed, or why it was not taken."""


@personal_intent(
    "receipt",
    en=("RECEIPT", "RECEIPTS", "CHARGES", "WHY WAS I CHARGED", "REFUND"),
    es=("RECIBO", "RECIBOS", "CARGOS", "POR QUE ME COBRARON", "REEMBOLSO"),
)
def receipt(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """Money goes back by a person only, and by the way it came."""
    said = matchable(turn.event.body)
    if any(words in said for words in DISPUTES):
        return to_person.person_soon(uow, turn, PersonTopic.REFUND)
    if any(words in said for words in UNPAID) and (told := dues.why_not_paid(uow, turn, speaker)) is not None:
        return told
    charges = charges_told.last_charges(uow, turn.house.spa_id, speaker.client_id, turn.house.zone, MOST)
    next_on = dues.next_charge(uow, turn, speaker)
    phone = turn.house.help_phone
    lines = tuple(Charge(each.on, each.cents, each.plan) for each in charges)
    return say(
        *(
            Receipts(first_name=speaker.first_name, charges=lines[:many], next_charge_on=next_on, help_phone=phone)
            for many in range(len(lines), -1 if not lines else 0, -1)
        )
    )
