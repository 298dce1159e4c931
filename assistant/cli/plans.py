"""`assistant plans`: what is on offer, and the math of it."""

from collections.abc import Mapping

from assistant.cli import house
from assistant.db import spas
from assistant.domain.money import Money
from assistant.domain.plans import tier_warning
from assistant.messages.catalog import Credits
from assistant.messages.render import in_words
from assistant.services.plans import OnOffer, on_offer


def show() -> int:
    """Each plan of each spa: dues against the list price of what they include. A third plan comes with a warning."""
    with house.runtime().unit_of_work() as uow:
        for each in spas.open_houses(uow):
            words = spas.credit_words(uow, each.spa_id, "en")
            print(each.name)
            offers = on_offer(uow, each.spa_id)
            for plan in offers:
                print(_told(plan, words))
            if warning := tier_warning(len(offers) - 1):
                print(
                    f"  {warning.plans} plans: {warning.comparisons} pairs to hold against each other at the desk,"
                    f" where {warning.advised} are advised. Two are chosen between; more are put off."
                )
    return 0


def _told(plan: OnOffer, words: Mapping[str, tuple[str, str]]) -> str:
    parts = []
    for line in plan.math.lines:
        included = in_words(Credits.of(words, line.unit, line.amount))
        parts.append(f"{included} ({Money(line.cents) if line.cents is not None else 'no list price'})")
    saving = Money(abs(plan.math.saving_cents))
    told = f"{saving} less than its list price" if plan.math.saving_cents >= 0 else f"{saving} MORE than its list price"
    return (
        f"  {plan.name:<12} {Money(plan.math.dues_cents)} a month, version {plan.number}, {plan.members} members:"
        f" {', '.join(parts) or 'access alone'}; {told}."
    )
