"""Settings: when the spa is open, by the day of the week, and on which days it is not."""

from datetime import date, time

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.opening_hours import DAY, LONGEST_NOTE, MOST_CLOSED, MOST_SPANS, Closed, Hours, Span
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import opening_hours
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

BLANK = 3
"""Lines for days off that are not there yet."""
NEVER = Hours(((),) * 7)


@bp.route("/<int:spa_id>/settings/hours", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_hours() -> ResponseReturnValue:
    """What members are told who ask for the hours."""
    return here().runtime.transact(_hours)


def _hours(uow: UnitOfWork) -> ResponseReturnValue:
    spa_id = desk().spa_id
    if request.method == "GET":
        return _shown(_typed(opening_hours.known(uow, spa_id) or NEVER), {})
    typed = {name: value.strip()[:LONGEST_NOTE] for name, value in request.form.items()}
    wrong: dict[str, str] = {}
    week = tuple(_spans(typed, day, wrong) for day in range(7))
    closed = _closed(typed, wrong)
    if wrong:
        return _shown(typed, wrong)
    changed = opening_hours.keep(uow, spa_id, Hours(week, closed), actor=desk().actor)
    flash("Changed. Members who ask are told so from now on." if changed else "It was so already.", "success")
    return redirect(url_for("console.settings_hours", spa_id=spa_id), 303)


def _shown(typed: dict[str, str], wrong: dict[str, str]) -> ResponseReturnValue:
    filled = [int(name[4:]) for name in typed if name.startswith("off-") and name[4:].isdigit() and typed[name]]
    lines = min(MOST_CLOSED, max(filled, default=-1) + 1 + BLANK)
    return shown("settings_hours", status=422 if wrong else 200, typed=typed, wrong=wrong, lines=lines, area="settings")


def _typed(kept: Hours) -> dict[str, str]:
    """As the form would hold it."""
    found = dict[str, str]()
    for day, spans in enumerate(kept.week):
        for number, each in enumerate(spans):
            found |= {f"opens-{day}-{number}": _clock(each.opens), f"closes-{day}-{number}": _clock(each.closes)}
    for line, off in enumerate(kept.closed):
        found |= {f"off-{line}": off.on.isoformat(), f"note-{line}": off.note}
    return found


def _clock(minute: int) -> str:
    hour, past = divmod(minute, 60)
    return f"{hour % 24:02d}:{past:02d}"


def _spans(typed: dict[str, str], day: int, wrong: dict[str, str]) -> tuple[Span, ...]:
    """Of one day; nothing typed is a day that is closed."""
    found: list[Span] = []
    for number in range(MOST_SPANS):
        said = [typed.get(f"{end}-{day}-{number}", "") for end in ("opens", "closes")]
        if said == ["", ""]:
            continue
        minutes = [_minute(each) for each in said]
        opens, closes = minutes[0], minutes[1] or (DAY if minutes[1] == 0 else None)
        if opens is None or closes is None:
            wrong[f"day-{day}"] = "half"
        elif opens >= closes:
            wrong[f"day-{day}"] = "order"
        elif found and opens <= found[-1].closes:
            wrong[f"day-{day}"] = "overlap"
        else:
            found.append(Span(opens, closes))
    return tuple(found)


def _minute(said: str) -> int | None:
    try:
        at = time.fromisoformat(said)
    except ValueError:
        return None
    return at.hour * 60 + at.minute


def _closed(typed: dict[str, str], wrong: dict[str, str]) -> tuple[Closed, ...]:
    found: dict[date, Closed] = {}
    for line in range(MOST_CLOSED):
        said, note = typed.get(f"off-{line}", ""), typed.get(f"note-{line}", "")
        if not said and not note:
            continue
        try:
            on = date.fromisoformat(said)
        except ValueError:
            wrong[f"off-{line}"] = "no_day"
            continue
        if on in found:
            wrong[f"off-{line}"] = "twice"
        found[on] = Closed(on, note)
    return tuple(found.values())
