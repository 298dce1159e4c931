"""The cart as a form holds it: what was typed, kept as it was typed, and the cart that can be made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.domain.checkout import MOST_LINES, MOST_OF_ONE, Cart, CartLine

MOST_TIP = 100_000_00
LONGEST = 200
SHORTEST_TOKEN, LONGEST_TOKEN = 8, 64


@dataclass(frozen=True, slots=True)
class Typed:
    """One line as it was typed."""

    code: str
    many: str = "1"
    keep: bool = False
    """Its credit is kept for another day."""
    off: str = ""
    """Why no discount is given on it."""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form of the till: its lines and the rest as they were typed, with what is wrong beside each."""

    lines: tuple[Typed, ...] = ()
    tip: str = ""
    on: str = ""
    because: str = ""
    booking: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.wrong and not any(each.wrong for each in self.lines)

    @property
    def day(self) -> date | None:
        """The earlier day of a visit that is written down late."""
        return date.fromisoformat(self.on) if self.on and "on" not in self.wrong else None

    def cart(self) -> Cart:
        """What was typed, as a cart; only of a form that is right."""
        lines = tuple(
            CartLine(code=each.code, quantity=int(each.many), take_off=each.off or None, no_credit=each.keep)
            for each in self.lines
        )
        return Cart(
            lines=lines, tip_cents=cents(self.tip) or 0, booking=self.booking or None, late_because=self.because or None
        )

    def fields(self) -> list[tuple[str, str]]:
        """The form again, field by field: for hidden fields and addresses."""
        found: list[tuple[str, str]] = []
        for place, each in enumerate(self.lines, 1):
            found += [(f"code-{place}", each.code), (f"many-{place}", each.many)]
            found += [(f"keep-{place}", "1")] if each.keep else []
            found += [(f"off-{place}", each.off)] if each.off else []
        rest = (("tip", self.tip), ("on", self.on), ("because", self.because), ("booking", self.booking))
        return found + [(name, value) for name, value in rest if value]


def filled(form: Mapping[str, str]) -> Filled:
    """What a form says: with the line that its button adds, without the one that its button takes out."""
    dropped = form.get("drop", "")
    places = [place for place in range(1, MOST_LINES + 1) if form.get(f"code-{place}") and str(place) != dropped]
    lines = _added([_line(form, place) for place in places], form.get("add", "")[:LONGEST])
    tip = (form.get("tip-is") or form.get("tip", ""))[:16].strip()
    on, because = form.get("on", "")[:10], form.get("because", "")[:LONGEST].strip()
    wrong = {}
    if tip and cents(tip) is None:
        wrong["tip"] = "Dollars and cents, such as 25.00."
    if on and not _is_day(on):
        wrong["on"] = "A day, such as 2026-11-20."
    elif on and not because:
        wrong["because"] = "Say why it is only written down now."
    booking = form.get("booking", "")[:LONGEST]
    return Filled(lines=tuple(lines), tip=tip, on=on, because=because, booking=booking, wrong=wrong)


def _line(form: Mapping[str, str], place: int) -> Typed:
    many = form.get(f"many-{place}", "1")[:6].strip()
    right = many.isascii() and many.isdigit() and 0 < int(many) <= MOST_OF_ONE
    return Typed(
        code=form[f"code-{place}"][:LONGEST],
        many=many,
        keep=bool(form.get(f"keep-{place}")),
        off=form.get(f"off-{place}", "")[:LONGEST].strip(),
        wrong="" if right else f"A whole number, 1 to {MOST_OF_ONE}.",
    )


def _added(lines: list[Typed], code: str) -> list[Typed]:
    """One more of it; on the line that is there already, where it has no wish of its own."""
    if not code or len(lines) >= MOST_LINES:
        return lines
    for place, each in enumerate(lines):
        if each.code == code and not (each.keep or each.off or each.wrong) and int(each.many) < MOST_OF_ONE:
            return [*lines[:place], Typed(code, str(int(each.many) + 1)), *lines[place + 1 :]]
    return [*lines, Typed(code)]


def cents(typed: str) -> int | None:
    """Dollars as they were typed, in cents; None for anything else."""
    words = typed.strip().lstrip("$").replace(",", "")
    try:
        amount = Decimal(words) * 100 if words.isascii() and len(words) < 12 else None
    except InvalidOperation:
        return None
    if amount is None or not amount.is_finite() or amount != amount.to_integral_value() or not 0 <= amount <= MOST_TIP:
        return None
    return int(amount)


def _is_day(typed: str) -> bool:
    try:
        date.fromisoformat(typed)
    except ValueError:
        return False
    return True


def is_token(token: str) -> bool:
    """Whether it is what a form of ours carries, that makes it once."""
    return SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN
