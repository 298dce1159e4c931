"""What those who work at a spa are called, wherever an act names its actor."""

from collections.abc import Iterable

from assistant.db.base import Asks

NUMBER = "substring({0} from '^staff:([0-9]{{1,18}})$')::bigint"
NAME = f"coalesce((SELECT named.name FROM staff_user named WHERE named.id = {NUMBER}), {{0}})"
"""In a statement: the name of the actor in a column, or the actor as it is written where it is nobody's."""


def name_of(column: str) -> str:
    """The words that read a column of actors as names."""
    return NAME.format(column)


def names_of(uow: Asks, spa_id: int, actors: Iterable[str]) -> dict[str, str]:
    """The names of those of the spa's staff that are meant, of now and before."""
    rows = uow.sql(
        f"""SELECT a.actor, u.name FROM unnest(%s::text[]) AS a (actor)
            JOIN staff_user u ON u.id = {NUMBER.format("a.actor")}
            JOIN staff_post p ON (p.spa_id, p.user_id) = (%s, u.id)""",
        (sorted({*actors}), spa_id),
    )
    return {actor: name for actor, name in rows.fetchall()}  # noqa: C416 - rows are not pairs to mypy
