"""Notices the law wants, each with the proof that it arrived or the person who saw to it."""

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Base, Code, Day, Id, Instant, SpaId, belongs, one_of
from assistant.domain.notices import NoticeKind


class LegalNotice(Base):
    """One notice to one member, due on a day: settled when it arrived on some channel, or a person has seen to it."""

    __tablename__ = "legal_notice"
    __table_args__ = (
        belongs("membership_id", "membership"),
        belongs("migration_id", "plan_migration"),
        UniqueConstraint("spa_id", "kind", "membership_id", "about_on"),
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        CheckConstraint("outcome IN ('delivered', 'by_person', 'needless')", name="outcome"),
        Index("ix_legal_notice_open", "spa_id", "id", postgresql_where=text("settled_at IS NULL")),
    )

    spa_id: Mapped[SpaId]
    id: Mapped[Id]
    kind: Mapped[Code]
    membership_id: Mapped[int]
    migration_id: Mapped[int | None]
    """Of a notice of a new price: which."""
    about_on: Mapped[Day]
    """The day it is about: the anniversary, or the day the new price holds from."""
    due_on: Mapped[Day]
    """The day it is to be given."""
    made_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    outcome: Mapped[Code | None]


class NoticeTry(Base):
    """One channel that a notice was tried on: the message is the proof."""

    __tablename__ = "notice_try"
    __table_args__ = (
        belongs("notice_id", "legal_notice", cascade=True),
        belongs("message_id", "outbound_message"),
    )

    spa_id: Mapped[SpaId]
    notice_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    channel: Mapped[Code]
    """sms, email or person."""
    message_id: Mapped[int | None]
    tried_at: Mapped[Instant]
    delivered_at: Mapped[Instant | None]
    failed_at: Mapped[Instant | None]
