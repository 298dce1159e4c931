"""A spa that begins: its row, and the sender of its first texts. Its people, what it sells and its plans come after."""

from assistant.db.spas import Spa
from assistant.domain import phones
from assistant.runtime import UnitOfWork
from assistant.services import audit
from assistant.services.spa_settings import Place


def open_spa(uow: UnitOfWork, place: Place, *, number: str | None, carrier_confirms_stop: bool, actor: str) -> int:
    """Write it down; its number. Raises `ValueError`, saying what is wrong: also where the phone is another's."""
    texts_from = phones.parse(number) if number else None
    wrong = place.wrong() | ({"number": "no_phone"} if number and texts_from is None else {})
    if wrong:
        raise ValueError(f"no spa is so: {', '.join(f'{name} ({why})' for name, why in sorted(wrong.items()))}")
    if texts_from and uow.sql("SELECT 1 FROM spa WHERE number = %s", (texts_from,)).fetchone():
        raise ValueError(f"another spa texts from {texts_from}")
    spa = Spa(
        name=place.name,
        zone=place.zone,
        locale=place.locale,
        number=texts_from,
        help_phone=place.help_phone,
        help_email=place.help_email,
        emergency_phone=place.emergency_phone or None,
        postal_address=place.postal_address or None,
        carrier_confirms_stop=carrier_confirms_stop,
    )
    uow.session.add(spa)
    uow.session.flush()
    after = {"name": place.name, "number": texts_from}
    subject = f"spa:{spa.spa_id}"
    audit.write(uow, spa.spa_id, actor=actor, evidence="E3", act="spa_opened", subject=subject, after=after)
    return spa.spa_id
