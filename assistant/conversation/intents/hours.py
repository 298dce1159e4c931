"""HOURS, address and other questions: hours are told where the spa told us its own; all else a person answers."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.conversation import to_person
from assistant.conversation.turn import Answer, Turn, intent, say
from assistant.domain.opening_hours import Hours
from assistant.domain.words import matchable
from assistant.messages.talk import OpeningHours, PersonTopic
from assistant.runtime import UnitOfWork
from assistant.services import opening_hours

OPEN = frozenset(
    """hours hour hrs hr open opened opens close closes closed closing opening
    horario horarios abren abre abierto abiertos abierta cierran cierra cerrado cerrados""".split()
)
BESIDE = frozenset(
    """hi hello hey please pls plz thanks thank you thx u ur r your you guys all y'all the spa are is be do does what
    whats what's when time times till til until at on of for how late early now rn right still it am pm and or
    hola gracias por favor cual es son cuales a que hora horas el la los las de hasta cuando su sus tu el esta estan
    hoy ahora ya ahorita siguen todavia en manana today tomorrow tonight this el""".split()
)
TOMORROW = frozenset({"tomorrow", "manana"})
WEEKDAYS = (
    "monday mondays mon lunes",
    "tuesday tuesdays tue tues martes",
    "wednesday wednesdays wed miercoles",
    "thursday thursdays thu thur thurs jueves",
    "friday fridays fri viernes",
    "saturday saturdays sat sabado sabados",
    "sunday sundays sun domingo domingos",
)
WEEKDAY = {word: day for day, words in enumerate(WEEKDAYS) for word in words.split()}


@intent(
    "hours",
    en=("HOURS", "ADDRESS", "LOCATION", "WHERE ARE YOU", "ARE YOU OPEN"),
    es=("HORARIO", "DIRECCION", "UBICACION", "DONDE ESTAN", "ESTAN ABIERTOS"),
)
def hours(uow: UnitOfWork, turn: Turn) -> Answer:
    """Anyone may ask: nothing personal is in the answer."""
    local = uow.now.astimezone(ZoneInfo(turn.house.zone))
    day = asked_day(turn.event.body, local.date())
    found = opening_hours.known(uow, turn.house.spa_id) if day else None
    if day is None or found is None:
        return to_person.person_soon(uow, turn, PersonTopic.QUESTION)
    return say(_told(turn, found, day, local))


def asked_day(said: str, today: date) -> date | None:
    """Of which day they ask the hours, if that is all they ask."""
    words = matchable(said).split()
    days = {WEEKDAY[word] for word in words if word in WEEKDAY}
    beside = [word for word in words if word not in OPEN and word not in WEEKDAY]
    if len(days) > 1 or not OPEN.intersection(words) or not BESIDE.issuperset(beside):
        return None
    if days:
        return today + timedelta(days=(days.pop() - today.weekday()) % 7)
    return today + timedelta(days=bool(TOMORROW.intersection(words)))


def _told(turn: Turn, found: Hours, day: date, local: datetime) -> OpeningHours:
    today, spans = day == local.date(), found.of(day)
    after = local if today else datetime.combine(day, time(23, 59))
    return OpeningHours(
        first_name=turn.first_name,
        day=day,
        today=today,
        spans=spans,
        until=found.until(local) if today else None,
        opening=found.next_opening(after) if today or not spans else None,
        help_phone=turn.house.help_phone,
    )
