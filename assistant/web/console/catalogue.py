"""What is sold, and the kinds of credit that pay for it: listed, added and changed by an owner."""

import re
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.credits import MILLI
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import catalogue as service
from assistant.services.catalogue import LOCALES, Kind, Sold
from assistant.web.console import bp, carts, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 80
SAID = {
    "empty": "It wants a word.",
    "no_price": "Dollars and cents, such as 165.00.",
    "no_amount": "A number, such as 1 or 0.5.",
    "treatment": "Members read these words in their texts: never the name of a treatment or a medicine.",
    "unknown": "There is no such credit.",
}


@bp.get("/<int:spa_id>/settings/sold")
@allowed(Permission.SEE_SETTINGS)
def settings_sold() -> ResponseReturnValue:
    """All that is sold, and what pays for it."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        services, kinds = service.services(uow, spa_id), service.kinds(uow, spa_id)
    return shown("settings_sold", services=services, kinds=kinds, amount=_amount, area="settings")


# --- a service --------------------------------------------------------------------------------------------------------


@bp.route("/<int:spa_id>/settings/sold/new", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_service_new() -> ResponseReturnValue:
    """Something more that is sold."""
    return here().runtime.transact(lambda uow: _service(uow, None))


@bp.route("/<int:spa_id>/settings/sold/<code>", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_service(code: str) -> ResponseReturnValue:
    """Change it, or take it off the list."""
    return here().runtime.transact(lambda uow: _service(uow, code))


def _service(uow: UnitOfWork, code: str | None) -> ResponseReturnValue:
    spa_id, actor = desk().spa_id, desk().actor
    found = (service.services(uow, spa_id, code) or abort(404))[0] if code else None
    if request.method == "GET":
        return _service_page(uow, code, _of_sold(found.sold) if found else {"many": "1", "dollars": "1"}, {})
    if code and "list" in request.form:
        on = request.form["list"] == "on"
        service.list_service(uow, spa_id, code, on=on, actor=actor)
        flash(
            "It is on the list again." if on else "It is off the list. What was sold of it stays as it was.", "success"
        )
        return _to_list()
    typed = {name: value.strip()[:LONGEST] for name, value in request.form.items()}
    read = _read_service(uow, typed)
    if read.wrong:
        return _service_page(uow, code, typed, read.wrong)
    service.keep_service(uow, spa_id, code, read.sold, actor=actor)
    flash(f"{read.sold.name} is kept.", "success")
    return _to_list()


def _of_sold(sold: Sold) -> dict[str, str]:
    return {
        "name": sold.name,
        "category": sold.category,
        "price": _dollars(sold.list_price_cents),
        "unit": sold.credit_unit or "",
        "many": _amount(sold.credit_amount),
        "dollars": "1" if sold.dollars_cover else "",
        "taxable": "1" if sold.taxable else "",
    }


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says, and what is wrong with it by the name of its field."""

    sold: Sold
    wrong: dict[str, str]


def _read_service(uow: UnitOfWork, typed: dict[str, str]) -> Read:
    price, unit = carts.cents(typed.get("price", "")), typed.get("unit", "")
    sold = Sold(
        name=typed.get("name", ""),
        category=typed.get("category", ""),
        list_price_cents=-1 if price is None else price,
        credit_unit=unit or None,
        credit_amount=_milli(typed.get("many", "1")),
        dollars_cover=bool(typed.get("dollars")),
        taxable=bool(typed.get("taxable")),
    )
    fields = {"list_price_cents": "price", "credit_amount": "many"}
    wrong = {fields.get(name, name): SAID[why] for name, why in sold.wrong().items()}
    if unit and not service.kinds(uow, desk().spa_id, unit):
        wrong["unit"] = SAID["unknown"]
    return Read(sold, wrong)


def _service_page(
    uow: UnitOfWork, code: str | None, typed: dict[str, str], wrong: dict[str, str]
) -> ResponseReturnValue:
    listed = service.services(uow, desk().spa_id)
    return shown(
        "settings_service",
        status=422 if wrong else 200,
        code=code,
        retired=any(each.retired for each in listed if each.code == code),
        categories=sorted({each.sold.category for each in listed}),
        kinds=service.kinds(uow, desk().spa_id),
        typed=typed,
        wrong=wrong,
        area="settings",
    )


# --- a kind of credit -------------------------------------------------------------------------------------------------


@bp.route("/<int:spa_id>/settings/credits/new", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_credit_new() -> ResponseReturnValue:
    """A kind of credit more."""
    return here().runtime.transact(lambda uow: _kind(uow, None))


@bp.route("/<int:spa_id>/settings/credits/<unit>", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_credit(unit: str) -> ResponseReturnValue:
    """Its words and its list value."""
    return here().runtime.transact(lambda uow: _kind(uow, unit))


def _kind(uow: UnitOfWork, unit: str | None) -> ResponseReturnValue:
    spa_id = desk().spa_id
    found = (service.kinds(uow, spa_id, unit) or abort(404))[0] if unit else None
    if request.method == "GET":
        return _kind_page(unit, _of_kind(found.kind) if found else {}, {})
    typed = {name: value.strip()[:LONGEST] for name, value in request.form.items()}
    price = carts.cents(typed.get("price", ""))
    words = {each: (typed.get(f"{each}_one", ""), typed.get(f"{each}_many", "")) for each in LOCALES}
    kind = Kind(words=words, reference_cents=-1 if price is None else price)
    if wrong := {name.replace("reference_cents", "price"): SAID[why] for name, why in _worded(kind).items()}:
        return _kind_page(unit, typed, wrong)
    service.keep_kind(uow, spa_id, unit, kind, actor=desk().actor)
    flash(f"{words['en'][0].capitalize()} is kept.", "success")
    return _to_list()


def _worded(kind: Kind) -> dict[str, str]:
    return {name: why if why in SAID else "empty" for name, why in kind.wrong().items()}


def _of_kind(kind: Kind) -> dict[str, str]:
    words = {f"{locale}_one": one for locale, (one, _) in kind.words.items()}
    words |= {f"{locale}_many": many for locale, (_, many) in kind.words.items()}
    return words | {"price": _dollars(kind.reference_cents)}


def _kind_page(unit: str | None, typed: dict[str, str], wrong: dict[str, str]) -> ResponseReturnValue:
    return shown("settings_credit", status=422 if wrong else 200, unit=unit, typed=typed, wrong=wrong, area="settings")


# --- beneath ----------------------------------------------------------------------------------------------------------


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("console.settings_sold", spa_id=desk().spa_id), 303)


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _amount(milli: int) -> str:
    """Milli-units as they are typed: `1`, `0.5`."""
    return f"{milli / MILLI:g}"


def _milli(typed: str) -> int:
    """As milli-units; -1 for what is no number of them."""
    found = re.fullmatch(r"(\d{1,4})(?:\.(\d{1,3}))?", typed, re.ASCII)
    return int(found[1]) * MILLI + int((found[2] or "").ljust(3, "0")) if found else -1
