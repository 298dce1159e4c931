"""`assistant report`: what the owner reads, as of any day, with the definition beside it and the check under it."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from assistant.cli import house
from assistant.db import spas
from assistant.domain.calendar import local_day
from assistant.services.reports.tables import REPORTS, Build, Table


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """One sub-command a report; all of them take the same options."""
    reports = commands.add_parser("report", help="what the owner reads").add_subparsers(required=True, metavar="REPORT")
    for name, (about, build) in REPORTS.items():
        parser = reports.add_parser(name, help=about)
        parser.add_argument("--as-of", type=date.fromisoformat, help="the last day (default: today at each spa)")
        parser.add_argument(
            "--from", dest="from_on", type=date.fromisoformat, help="the first day (default: the first of that month)"
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="a JSON object a spa")
        form.add_argument("--csv", action="store_true", help="rows to be read by a spreadsheet")
        parser.set_defaults(run=lambda chosen, name=name, build=build: _run(name, build, chosen))


def _run(name: str, build: Build, chosen: argparse.Namespace) -> int:
    """0 when every identity holds, 1 when one does not, 2 for days the wrong way round."""
    rt = house.runtime()
    held = True
    with rt.unit_of_work() as uow:
        for each in spas.open_houses(uow):
            as_of = chosen.as_of or local_day(uow.now, each.zone)
            from_on = chosen.from_on or as_of.replace(day=1)
            if from_on > as_of:
                print(f"A report from {from_on} to {as_of} ends before it begins.", file=sys.stderr)
                return 2
            table = build(uow, each.spa_id, from_on, as_of)
            held = held and table.holds
            page = Page(name, each.name, from_on, as_of, table)
            print(page.json() if chosen.json else page.csv() if chosen.csv else page.words(), end="")
    return 0 if held else 1


@dataclass(frozen=True, slots=True)
class Page:
    """One spa's report, ready to be written down."""

    name: str
    spa: str
    from_on: date
    as_of: date
    table: Table

    def words(self) -> str:
        """Aligned, for a person."""
        days = f"{self.from_on} to {self.as_of}" if self.table.over_days else f"as of {self.as_of}"
        lines = [f"{self.spa}: {self.name}, {days}", *_aligned(self.table)]
        lines += [f"  {line}" for line in self.table.notes]
        if self.table.identity:
            lines.append(f"  {self.table.identity}: {'holds' if self.table.holds else 'DOES NOT HOLD'}")
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["spa", "from", "as_of", *self.table.columns])
        writer.writerows([self.spa, self.from_on, self.as_of, *row] for row in self.table.raw)
        return out.getvalue()

    def json(self) -> str:
        rows = [dict(zip(self.table.columns, row, strict=True)) for row in self.table.raw]
        whole = {
            "spa": self.spa,
            "report": self.name,
            "from": self.from_on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "rows": rows,
            "identity": self.table.identity,
            "holds": self.table.holds,
        }
        return json.dumps(whole, default=_plain) + "\n"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)


def _aligned(table: Table) -> Iterator[str]:
    """Words to the left, figures to the right."""
    rows: list[Sequence[str]] = [[column.replace("_", " ") for column in table.columns], *table.shown]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    for row in rows:
        cells = (
            cell.ljust(width) if place < table.words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join(cells).rstrip()
