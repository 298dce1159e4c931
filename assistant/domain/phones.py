"""Phone numbers of the United States and Canada: one written form, and the hours that may rule where they ring."""

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, timezone

_REGIONS = frozenset({"US", "CA", "PR", "VI", "GU", "AS", "MP"})
_MAINLAND = frozenset({"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"})
_OFFSHORE = frozenset({"America/Anchorage", "Pacific/Honolulu"})
_ONE_PLACE_OR_MORE = frozenset(
    {PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE}
)
_E164 = re.compile(r"\+1\d{6}(\d{4})", re.ASCII)


def parse(raw: str, region: str = "US") -> str | None:
    """The E.164 form, or None for what is no number of ours: short codes, names, "anonymous", other countries."""
    try:
        number = phonenumbers.parse(raw, region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.region_code_for_number(number) not in _REGIONS:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(e164: str) -> str:
    """A form for logs: "+1 *** *** 0142"."""
    known = _E164.fullmatch(e164)
    return f"+1 *** *** {known[1]}" if known else "***"


def zones(e164: str, home_zone: str | None) -> frozenset[str]:
    """Every zone the owner may be in: the number's and the address's (`rules.md 2.5`).

    A number that says nothing of its place may be anywhere on the mainland, and without an address beyond it.
    """
    home = frozenset({home_zone}) if home_zone and _is_zone(home_zone) else frozenset()
    found = _zones_of(e164)
    return found | home if found else _MAINLAND | (home or _OFFSHORE)


def _zones_of(e164: str) -> frozenset[str]:
    """By area code and exchange alone: the last four digits say nothing of a place. A campaign asks for thousands."""
    return _zones_at(f"{e164[:-4]}2345" if _E164.fullmatch(e164) else e164)


@lru_cache(maxsize=16_384)
def _zones_at(e164: str) -> frozenset[str]:
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return frozenset()
    if phonenumbers.number_type(number) not in _ONE_PLACE_OR_MORE:
        return frozenset()
    found = frozenset(timezone.time_zones_for_number(number))
    return found if len(found) <= 4 and all(map(_is_zone, found)) else frozenset()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # no such name, a folder's name, no name at all
        return False
    return name != "Etc/Unknown"
