"""What a spa does and sells, and the kinds of credit that pay for it: added, changed, and taken off the list."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from unicodedata import normalize

from psycopg.types.json import Jsonb

from assistant.domain import reply_lint
from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD
from assistant.domain.reply_lint import Wrong
from assistant.runtime import UnitOfWork
from assistant.services import audit

MOST_CENTS = 100_000_00
MOST_UNITS = 100
LOCALES = ("en", "es")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """Something the spa does, at its list price. `credit_amount` is in milli-units of the credit that pays for it."""

    name: str
    category: str
    list_price_cents: int
    credit_unit: str | None = None
    credit_amount: int = MILLI
    dollars_cover: bool = True
    taxable: bool = False

    def wrong(self) -> dict[str, str]:
        """What cannot be so, by field: a code for the page to word."""
        found = {name: "empty" for name in ("name", "category") if not getattr(self, name).strip()}
        if not 0 <= self.list_price_cents <= MOST_CENTS:
            found["list_price_cents"] = "no_price"
        if not 0 < self.credit_amount <= MOST_UNITS * MILLI:
            found["credit_amount"] = "no_amount"
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One of what is sold."""

    code: str
    sold: Sold
    retired: bool


LISTED = """
    SELECT code, retired_at IS NOT NULL, name, category, list_price_cents, credit_unit, credit_amount, dollars_cover,
           taxable
    FROM service WHERE spa_id = %s AND (%s::text IS NULL OR code = %s)
    ORDER BY retired_at IS NOT NULL, category, name, id"""


def services(uow: UnitOfWork, spa_id: int, code: str | None = None) -> list[Listed]:
    """All of it, what is off the list last; or the one of a code."""
    names = Sold.__dataclass_fields__
    return [
        Listed(of, Sold(**dict(zip(names, rest, strict=True))), retired)
        for of, retired, *rest in uow.sql(LISTED, (spa_id, code, code)).fetchall()
    ]


def keep_service(uow: UnitOfWork, spa_id: int, code: str | None, sold: Sold, *, actor: str) -> str:
    """Add it, or change the one of a code. Returns its code.

    Raises `ValueError` for what cannot be sold, and `LookupError` for a code or a credit that there is none of.
    """
    if wrong := sold.wrong():
        raise ValueError(f"nothing is sold so: {', '.join(wrong)}")
    if sold.credit_unit and not kinds(uow, spa_id, sold.credit_unit):
        raise LookupError(f"there is no credit called {sold.credit_unit}")
    was = services(uow, spa_id, code) if code else []
    if code and not was:
        raise LookupError(f"nothing is sold under {code}")
    code = code or _free(uow, spa_id, "service", "code", sold.name)
    values = asdict(sold)
    uow.sql(
        f"""INSERT INTO service (spa_id, code, {", ".join(values)}) VALUES (%s, %s{", %s" * len(values)})
            ON CONFLICT (spa_id, code) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in values)}""",
        (spa_id, code, *values.values()),
    )
    _written(uow, spa_id, "service_kept", f"service:{code}", actor, asdict(was[0].sold) if was else None, values)
    return code


def list_service(uow: UnitOfWork, spa_id: int, code: str, *, on: bool, actor: str) -> bool:
    """Take it off the list, or put it back. False where it was so already. What was sold of it stays as it was."""
    done = uow.sql(
        """UPDATE service SET retired_at = CASE WHEN %(on)s::boolean THEN NULL ELSE %(now)s::timestamptz END
           WHERE spa_id = %(spa)s AND code = %(code)s AND (retired_at IS NULL) <> %(on)s::boolean RETURNING id""",
        {"spa": spa_id, "code": code, "on": on, "now": uow.now},
    ).fetchone()
    if done:
        was, now = {"listed": not on}, {"listed": on}
        _written(uow, spa_id, "service_listed", f"service:{code}", actor, was, now)
    return done is not None


# ── kinds of credit ──


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A unit that members hold: one and many of it in each language, and the list value of a whole one."""

    words: Mapping[str, tuple[str, str]]
    reference_cents: int

    def wrong(self) -> dict[str, str]:
        """What cannot be so, by field. A word for a treatment may not stand in a message (`rules.md` 7.3)."""
        found = {}
        for locale in LOCALES:
            for place, words in enumerate(self.words.get(locale, ("", ""))):
                if why := _unfit(words):
                    found[f"{locale}_{('one', 'many')[place]}"] = why
        if not 0 < self.reference_cents <= MOST_CENTS:
            found["reference_cents"] = "no_price"
        return found


def _unfit(words: str) -> str:
    found = [each.wrong for each in reply_lint.lint(words)]
    if {Wrong.DRUG, Wrong.TREATMENT} & set(found):
        return "treatment"
    return found[0].value if found else ""


@dataclass(frozen=True, slots=True)
class Held:
    """One kind, and how many services it pays for."""

    unit: str
    kind: Kind
    pays_for: int


def kinds(uow: UnitOfWork, spa_id: int, unit: str | None = None) -> list[Held]:
    """All of them, or the one of a unit; dollars are none of them."""
    rows = uow.sql(
        """SELECT k.unit, k.words, k.reference_cents, (
               SELECT count(*) FROM service s WHERE (s.spa_id, s.credit_unit) = (k.spa_id, k.unit)
               AND s.retired_at IS NULL)
           FROM credit_kind k WHERE k.spa_id = %s AND (%s::text IS NULL OR k.unit = %s) ORDER BY k.unit""",
        (spa_id, unit, unit),
    )
    return [
        Held(
            of, Kind(words={locale: (one, many) for locale, (one, many) in words.items()}, reference_cents=cents), pays
        )
        for of, words, cents, pays in rows.fetchall()
    ]


def keep_kind(uow: UnitOfWork, spa_id: int, unit: str | None, kind: Kind, *, actor: str) -> str:
    """Add a kind, or change the words and the list value of one. Returns its unit. Raises as `keep_service` does."""
    if wrong := kind.wrong():
        raise ValueError(f"no credit is so: {', '.join(wrong)}")
    was = kinds(uow, spa_id, unit) if unit else []
    if unit and not was:
        raise LookupError(f"there is no credit called {unit}")
    unit = unit or _free(uow, spa_id, "credit_kind", "unit", kind.words["en"][0])
    uow.sql(
        """INSERT INTO credit_kind (spa_id, unit, words, reference_cents) VALUES (%s, %s, %s, %s)
           ON CONFLICT (spa_id, unit) DO UPDATE
           SET words = excluded.words, reference_cents = excluded.reference_cents""",
        (spa_id, unit, Jsonb(kind.words), kind.reference_cents),
    )
    before = asdict(was[0].kind) if was else None
    _written(uow, spa_id, "credit_kind_kept", f"credit_kind:{unit}", actor, before, asdict(kind))
    return unit


# ── beneath ──


def _free(uow: UnitOfWork, spa_id: int, table: str, column: str, name: str) -> str:
    """A code out of a name, that nothing has yet."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wished = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "item"
    uow.sql("SELECT 1 FROM spa WHERE spa_id = %s FOR NO KEY UPDATE", (spa_id,))
    rows = uow.sql(f"SELECT {column} FROM {table} WHERE spa_id = %s AND {column} LIKE %s", (spa_id, f"{wished}%"))
    taken = {row[0] for row in rows.fetchall()} | {USD.lower()}
    return next(each for each in (wished, *(f"{wished}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _written(
    uow: UnitOfWork,
    spa_id: int,
    act: str,
    subject: str,
    actor: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    if before != after:
        audit.write(uow, spa_id, actor=actor, evidence="E3", act=act, subject=subject, before=before, after=after)
