"""What every table shares: names for constraints, a spa that leads each key, instants in UTC."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Protocol

from psycopg import Cursor
from psycopg.rows import TupleRow
from sqlalchemy import BigInteger, Date, DateTime, ForeignKeyConstraint, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

SpaId = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
"""The spa a row belongs to: first in every key, so that no row can be joined across spas."""
Id = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Words = Annotated[str, mapped_column(Text)]
Code = Annotated[str, mapped_column(Text(collation="C"))]
"""A word of ours, compared byte by byte."""
Facts = Annotated[dict[str, Any], mapped_column(JSONB)]


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text(), datetime: DateTime(timezone=True), int: BigInteger()}


def belongs(column: str, target: str, *, target_column: str = "id", cascade: bool = False) -> ForeignKeyConstraint:
    """A foreign key that carries the spa with it, so that it cannot lead to another spa's row."""
    return ForeignKeyConstraint(
        ["spa_id", column], [f"{target}.spa_id", f"{target}.{target_column}"], ondelete="CASCADE" if cascade else None
    )


def one_of(column: str, values: type[Any]) -> str:
    """The text of a check that a column holds one of an enum's values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Asks(Protocol):
    """What a finder needs of a unit of work: to ask one question in SQL."""

    def sql(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor[TupleRow]: ...
