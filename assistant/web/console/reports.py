"""Reports: the headline figures, and a page for each report with its chart, its table and what the figures mean."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from flask import Response, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.calendar import cycle_date, local_day
from assistant.domain.permissions import Permission
from assistant.services.reports import trends
from assistant.services.reports.tables import REPORTS, Table
from assistant.web.console import bp, charting, report_charts, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

MONTHS = {"churn": 11, "lift": 11}
"""How many months before this one a report begins, where it is not this one alone."""
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Days:
    """What a report is asked for, and what is wrong with it."""

    from_on: date
    as_of: date
    wrong: str = ""


@bp.get("/<int:spa_id>/reports")
@allowed(Permission.SEE_REPORTS)
def reports() -> ResponseReturnValue:
    """How the spa does, in six figures."""
    spa_id, today = desk().spa_id, _today()
    found = here().runtime.transact(lambda uow: trends.trends(uow, spa_id, today))
    return shown("reports", found=found, line=charting.line, reports=REPORTS)


@bp.get("/<int:spa_id>/reports/<name>")
@allowed(Permission.SEE_REPORTS)
def report(name: str) -> ResponseReturnValue:
    """One of them."""
    if name not in REPORTS:
        abort(404)
    days = _days(name)
    table = _table(name, days)
    return shown(
        "report",
        status=422 if days.wrong else 200,
        which=name,
        about=REPORTS[name][0],
        reports=REPORTS,
        days=days,
        today=_today(),
        table=table,
        chart=report_charts.of(name, table),
        csv=_file_of(name, days),
        area="reports",
    )


@bp.get("/<int:spa_id>/reports/<name>.csv")
@allowed(Permission.SEE_REPORTS)
def report_csv(name: str) -> ResponseReturnValue:
    """The same rows for a spreadsheet: cents, basis points, dates."""
    if name not in REPORTS:
        abort(404)
    days = _days(name)
    if days.wrong:
        abort(400)
    table = _table(name, days)
    return as_csv(f"{name}-{days.from_on}-to-{days.as_of}", [table.columns, *table.raw])


def as_csv(name: str, rows: Sequence[Sequence[object]]) -> Response:
    """A file to be saved. Words that a spreadsheet would run are made plain ones."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_plain(cell) for cell in row] for row in rows)
    answer = make_response(out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(BEGINS_A_FORMULA) else cell


def _table(name: str, days: Days) -> Table:
    spa_id = desk().spa_id
    return here().runtime.transact(lambda uow: REPORTS[name][1](uow, spa_id, days.from_on, days.as_of))


def _today() -> date:
    return local_day(here().runtime.clock.now(), desk().zone)


def _file_of(name: str, days: Days) -> str:
    asked: dict[str, Any] = {"from": days.from_on.isoformat(), "as_of": days.as_of.isoformat()}
    return url_for("console.report_csv", spa_id=desk().spa_id, name=name, **asked)


def _days(name: str) -> Days:
    """From the first of the month to today, unless other days are asked for."""
    today = _today()
    usual = Days(cycle_date(today.replace(day=1), -MONTHS.get(name, 0)), today)
    try:
        as_of = date.fromisoformat(request.args.get("as_of") or today.isoformat())
        begins = cycle_date(as_of.replace(day=1), -MONTHS.get(name, 0))
        from_on = date.fromisoformat(request.args.get("from") or begins.isoformat())
    except ValueError:
        return Days(usual.from_on, usual.as_of, "One of these is no day. This is the usual report instead.")
    if as_of > today:
        return Days(usual.from_on, usual.as_of, "That day is still to come. This is the report up to today.")
    if from_on > as_of:
        return Days(usual.from_on, usual.as_of, "It would end before it begins. This is the usual report instead.")
    return Days(from_on, as_of)
