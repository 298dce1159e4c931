"""What limits sending: switches that stop it, and what has been sent today."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Instant, SpaId, Words, one_of
from assistant.domain.sending import Switch


class KillSwitch(Base):
    """Sending of a kind is stopped, at one spa or (spa 0) everywhere. Who lifts it deletes the row"""

    __tablename__ = "kill_switch"
    __table_args__ = (CheckConstraint(one_of("what", Switch), name="what"),)

    spa_id: Mapped[SpaId]
    what: Mapped[Code] = mapped_column(primary_key=True)
    thrown_at: Mapped[Instant]
    thrown_by: Mapped[Code]
    why: Mapped[Words]


class SendingDay(Base):
    """Segments of offers that a spa handed over on one of the carrier's days, which end at midnight in California."""

    __tablename__ = "sending_day"

    spa_id: Mapped[SpaId]
    day: Mapped[Day] = mapped_column(primary_key=True)
    offers: Mapped[int] = mapped_column(server_default="0")


class SendingPace(Base):
    """When a spa's next offer may leave, were they sent one after another at the carrier's rate."""

    __tablename__ = "sending_pace"

    spa_id: Mapped[SpaId]
    free_at: Mapped[Instant]
