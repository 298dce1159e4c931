"""What an owner typed of a plan: read into terms, or what is wrong beside each field. Nothing typed is lost."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.domain.pausing import PausePolicy
from assistant.domain.perks import Perk, PerkKind
from assistant.domain.plans import Cadence, GrantTerms, Terms, TermsError
from assistant.domain.pricing import PriceRule
from assistant.domain.rollover import AtCap, Cap, RollOver

T = TypeVar("T")
LONGEST = 200
GRANTS, PRICES = 3, 4
"""How many rows there are for each."""
MOST_CENTS = 10_000_00


@dataclass(slots=True)
class Typed:
    """A form as it was typed, with what it comes to."""

    fields: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Typed":
        return cls({name: value[:LONGEST].strip() for name, value in form.items()})

    def terms(self, before: Terms | None, units: Mapping[str, int]) -> Terms | None:
        """None where something is `wrong`. What the form does not ask stays as it was `before`."""
        dues = self._cents("dues")
        if dues is None and "dues" not in self.wrong:
            self.wrong["dues"] = "Say what it costs."
        intro = self._cents("intro")
        asked = {
            "cadence": Cadence.YEARLY if self._said("cadence") == "yearly" else Cadence.MONTHLY,
            "setup_fee_cents": self._cents("setup_fee") or 0,
            "intro_cents": intro,
            "intro_cycles": (self._number("intro_cycles", 36) or 0) if intro is not None else 0,
            "minimum_cycles": self._number("minimum_cycles", 36) or 0,
            "grants": (*filter(None, (self._grant(place, units) for place in range(GRANTS))), *beyond_grants(before)),
            "pricing": (*filter(None, (self._price(place) for place in range(PRICES))), *beyond_prices(before)),
            "perks": self._perks(units),
            "pause": self._pause(before),
            "access_cents": self._cents("access") or 0,
        }
        if self.wrong or dues is None:
            return None
        try:
            base = before or Terms(dues_cents=dues)
            return replace(base, dues_cents=dues, **asked)  # type: ignore[arg-type]
        except TermsError as error:
            self.wrong["dues"] = "; ".join(error.problems).capitalize() + "."
            return None

    def _grant(self, place: int, units: Mapping[str, int]) -> GrantTerms | None:
        unit, name = self._said(f"unit{place}"), f"amount{place}"
        if not unit or not self._said(name):
            return None
        amount = self._cents(name) if unit == USD else self._milli(name)
        if unit not in {*units, USD} or not amount:
            self.wrong.setdefault(name, "Say how much of it each paid cycle banks.")
            return None
        most = self._said(f"cap{place}")
        if not most:
            return GrantTerms(unit, amount, rollover=RollOver())
        cap = self._cents(f"cap{place}") if unit == USD else self._milli(f"cap{place}")
        if cap is None or cap < amount:
            self.wrong.setdefault(f"cap{place}", "A cap holds at least what one cycle banks.")
            return None
        converts = self._said(f"at_cap{place}") == "convert" and unit != USD
        return GrantTerms(unit, amount, rollover=Cap(cap, AtCap.CONVERT if converts else AtCap.HOLD_AND_REDUCE))

    def _price(self, place: int) -> PriceRule | None:
        what, off = self._said(f"covers{place}"), self._said(f"off{place}")
        if not off:
            return None
        kind, _, which = what.partition(":")
        percent = re.fullmatch(r"(\d{1,3})\s*%?", off)
        cents = _cents(off) if off.startswith("$") else None
        if (percent is None or int(percent[1]) > 100) and cents is None:
            self.wrong[f"off{place}"] = "Type 20% for so much off, or $99 for a price."
            return None
        return PriceRule(
            service=which if kind == "service" else None,
            category=which if kind == "category" else None,
            percent=int(percent[1]) if percent and cents is None else None,
            fixed_cents=cents,
        )

    def _perks(self, units: Mapping[str, int]) -> tuple[Perk, ...]:
        found = []
        unit = self._said("birthday_unit")
        if unit and self._said("birthday_amount"):
            amount = self._cents("birthday_amount") if unit == USD else self._milli("birthday_amount")
            days = self._number("birthday_days", 366) or 30
            if amount and unit in {*units, USD}:
                found.append(Perk(kind=PerkKind.BIRTHDAY, unit=unit, amount=amount, valid_days=days))
            else:
                self.wrong.setdefault("birthday_amount", "Say how much the treat is.")
        if self._said("priority"):
            found.append(Perk(kind=PerkKind.PRIORITY_BOOKING))
        names = (each.strip() for each in self._said("extras").split(","))
        return (*found, *(Perk(kind=PerkKind.EXTRA, name=name) for name in dict.fromkeys(names) if name))

    def _pause(self, before: Terms | None) -> PausePolicy:
        policy = before.pause if before else PausePolicy()
        months, often = self._number("most_months", 12), self._number("most_in_12", 12)
        return replace(
            policy,
            most_months=policy.most_months if months is None else months,
            most_in_12_months=policy.most_in_12_months if often is None else often,
        )

    def _said(self, name: str) -> str:
        return self.fields.get(name, "")

    def _number(self, name: str, most: int) -> int | None:
        typed = self._said(name)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and int(typed[:6]) <= most):
            self.wrong[name] = f"A whole number up to {most}."
            return None
        return int(typed)

    def _cents(self, name: str) -> int | None:
        typed = self._said(name)
        cents = _cents(typed) if typed else None
        if typed and cents is None:
            self.wrong[name] = "Dollars and cents, as 149 or 149.00, up to $10,000."
        return cents

    def _milli(self, name: str) -> int | None:
        found = _milli(self._said(name))
        if found is None:
            self.wrong[name] = "A number, as 1 or 1.5."
        return found


def _cents(typed: str) -> int | None:
    found = re.fullmatch(r"\$?\s*(\d{1,6})(?:\.(\d{1,2}))?", typed.replace(",", ""))
    if found is None:
        return None
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None


def _milli(typed: str) -> int | None:
    found = re.fullmatch(r"(\d{1,4})(?:\.(\d{1,3}))?", typed)
    return int(found[1]) * MILLI + int((found[2] or "").ljust(3, "0")) if found else None


def read_amount(unit: str, typed: str) -> int | None:
    """What `amount_typed` writes; None for anything else."""
    return _cents(typed) if unit == USD else _milli(typed)


def typed_of(name: str, terms: Terms) -> Typed:
    """Terms as their form has them."""
    fields = {
        "name": name,
        "dues": _dollars(terms.dues_cents, always=True),
        "cadence": terms.cadence.value,
        "setup_fee": _dollars(terms.setup_fee_cents),
        "intro": "" if terms.intro_cents is None else _dollars(terms.intro_cents, always=True),
        "intro_cycles": str(terms.intro_cycles or ""),
        "minimum_cycles": str(terms.minimum_cycles or ""),
        "access": _dollars(terms.access_cents),
        "most_months": str(terms.pause.most_months),
        "most_in_12": str(terms.pause.most_in_12_months),
    }
    for place, grant in enumerate(_in_rows(terms.grants, _plain_grant, GRANTS)):
        fields |= {f"unit{place}": grant.unit, f"amount{place}": amount_typed(grant.unit, grant.amount)}
        if isinstance(grant.rollover, Cap):
            fields[f"cap{place}"] = amount_typed(grant.unit, grant.rollover.most)
            fields[f"at_cap{place}"] = "convert" if grant.rollover.at_cap is AtCap.CONVERT else "hold"
    for place, rule in enumerate(_in_rows(terms.pricing, _plain_price, PRICES)):
        covers = f"service:{rule.service}" if rule.service else f"category:{rule.category}" if rule.category else ""
        off = f"${_dollars(rule.fixed_cents or 0, always=True)}" if rule.percent is None else f"{rule.percent}%"
        fields |= {f"covers{place}": covers, f"off{place}": off}
    for perk in terms.perks:
        if perk.kind is PerkKind.BIRTHDAY and perk.unit:
            fields |= {
                "birthday_unit": perk.unit,
                "birthday_amount": amount_typed(perk.unit, perk.amount),
                "birthday_days": str(perk.valid_days),
            }
        if perk.kind is PerkKind.PRIORITY_BOOKING:
            fields["priority"] = "yes"
    fields["extras"] = ", ".join(each.name or "" for each in terms.perks if each.kind is PerkKind.EXTRA)
    return Typed(fields)


def beyond_grants(terms: Terms | None) -> tuple[GrantTerms, ...]:
    """What the form has no fields for: promotions, credit that runs out, a fourth kind. It stays as it is."""
    return _beyond(terms.grants, _plain_grant, GRANTS) if terms else ()


def beyond_prices(terms: Terms | None) -> tuple[PriceRule, ...]:
    """Prices that go together with others, and a fifth one. They stay as they are."""
    return _beyond(terms.pricing, _plain_price, PRICES) if terms else ()


def _plain_grant(grant: GrantTerms) -> bool:
    caps = (AtCap.HOLD_AND_REDUCE, AtCap.CONVERT)
    plain = isinstance(grant.rollover, RollOver) or (
        isinstance(grant.rollover, Cap)
        and grant.rollover == Cap(grant.rollover.most, grant.rollover.at_cap)
        and grant.rollover.at_cap in caps
    )
    return plain and grant.lot_class is LotClass.PAID


def _plain_price(rule: PriceRule) -> bool:
    return not rule.stacks


def _in_rows(every: tuple[T, ...], plain: Callable[[T], bool], rows: int) -> tuple[T, ...]:
    return tuple(filter(plain, every))[:rows]


def _beyond(every: tuple[T, ...], plain: Callable[[T], bool], rows: int) -> tuple[T, ...]:
    shown = _in_rows(every, plain, rows)
    return tuple(each for each in every if each not in shown)


def _dollars(cents: int, *, always: bool = False) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents or always else ""


def amount_typed(unit: str, amount: int) -> str:
    """An amount of a unit as it is typed: `149.00` of dollars, `1.5` of any other."""
    return _dollars(amount) if unit == USD else f"{amount / MILLI:g}"
