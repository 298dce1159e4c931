"""What staff typed of a campaign: read into a draft, or what is wrong beside each field. Nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.db.campaigns import Live
from assistant.domain.audience import Audience, Known
from assistant.domain.campaigns import Purpose, Repeats
from assistant.services.campaigns import Draft

LONGEST = 1_000
NUMBERS = {
    "visits_at_least": (0, 1_000),
    "visits_at_most": (0, 1_000),
    "spent_at_least": (0, 1_000_000),
    "within_days": (1, 3_660),
    "seen_within_days": (1, 3_660),
    "not_seen_for_days": (1, 3_660),
    "holdout_percent": (0, 50),
    "after_visits": (1, 50),
    "days": (0, 365),
}
"""Each with its least and its most."""


@dataclass(slots=True)
class Typed:
    """A form as it was typed, with what it comes to."""

    fields: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Typed":
        return cls({name: value[:LONGEST].strip() for name, value in form.items()})

    def draft(self, plans: tuple[str, ...]) -> Draft | None:
        """None where something is `wrong`."""
        numbers = {name: self._number(name, *bounds) for name, bounds in NUMBERS.items()}
        name, plan = self._said("name"), self._said("plan")
        texts = tuple(text for arm in "ab" if (text := self._text(arm)))
        if not name:
            self.wrong["name"] = "Give it a name that you will know it by."
        if not self._said("text_a"):
            self.wrong["text_a"] = "Write what it says."
        if self._said("text_b_es") and not self._said("text_b"):
            self.wrong["text_b"] = "The second wording wants English words too."
        if plan and plan not in plans:
            self.wrong["plan"] = "That plan is not on offer."
        audience = self._audience(numbers)
        if self.wrong or audience is None:
            return None
        after = numbers["after_visits"]
        return Draft(
            name=name,
            purpose=Purpose.JOIN if plan else Purpose.OFFER,
            texts=texts,
            audience=audience,
            channel="email" if self._said("channel") == "email" else "sms",
            plan_code=plan or None,
            holdout_percent=10 if numbers["holdout_percent"] is None else numbers["holdout_percent"],
            repeats=Repeats(after_visits=after, days=numbers["days"] or 0) if after else None,
        )

    def _audience(self, numbers: dict[str, int | None]) -> Audience | None:
        dollars, month = numbers["spent_at_least"], self._said("birthday_month")
        try:
            return Audience(
                known=Known(self._said("known")) if self._said("known") in set(Known) else None,
                visits_at_least=numbers["visits_at_least"],
                visits_at_most=numbers["visits_at_most"],
                spent_at_least_cents=None if dollars is None else dollars * 100,
                within_days=numbers["within_days"] or 365,
                categories=self._several("categories"),
                seen_within_days=numbers["seen_within_days"],
                not_seen_for_days=numbers["not_seen_for_days"],
                birthday_month=int(month) if month in set(map(str, range(1, 13))) else None,
                tags=self._several("tags"),
                location=self._said("location") or None,
                locale=self._said("locale") if self._said("locale") in ("en", "es") else None,
            )
        except ValueError as error:
            at = "visits_at_most" if "visits" in str(error) else "not_seen_for_days"
            self.wrong[at] = "Nobody can be both: one of these two shuts out the other."
            return None

    def _said(self, name: str) -> str:
        return self.fields.get(name, "")

    def _several(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for part in self._said(name).split(",") if (each := part.strip())))

    def _text(self, arm: str) -> dict[str, str]:
        """A wording by its languages; one without English is none."""
        english, spanish = self._said(f"text_{arm}"), self._said(f"text_{arm}_es")
        return ({"en": english} | ({"es": spanish} if spanish else {})) if english else {}

    def _number(self, name: str, least: int, most: int) -> int | None:
        typed = self._said(name).replace(",", "").removeprefix("$")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and least <= int(typed[:9]) <= most):
            self.wrong[name] = f"A whole number from {least:,} to {most:,}."
            return None
        return int(typed)


def typed_of(campaign: Live) -> Typed:
    """A draft that was written down, as its form has it."""
    audience, texts = campaign.audience, [*campaign.texts, {}][:2]
    fields: dict[str, Any] = {
        "name": campaign.name,
        "plan": campaign.plan_code,
        "channel": campaign.channel,
        "holdout_percent": campaign.holdout_percent,
        "known": audience.known,
        "visits_at_least": audience.visits_at_least,
        "visits_at_most": audience.visits_at_most,
        "spent_at_least": None if audience.spent_at_least_cents is None else audience.spent_at_least_cents // 100,
        "within_days": audience.within_days,
        "categories": ", ".join(audience.categories),
        "seen_within_days": audience.seen_within_days,
        "not_seen_for_days": audience.not_seen_for_days,
        "birthday_month": audience.birthday_month,
        "tags": ", ".join(audience.tags),
        "location": audience.location,
        "locale": audience.locale,
        "after_visits": campaign.repeats and campaign.repeats.after_visits,
        "days": campaign.repeats and campaign.repeats.days,
    }
    for arm, text in zip("ab", texts, strict=True):
        fields |= {f"text_{arm}": text.get("en"), f"text_{arm}_es": text.get("es")}
    return Typed({name: "" if value is None else str(value) for name, value in fields.items()})
