"""The words of an offer for one client: only what is true of them fills its holes (`features.md` N15)."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.db import spas
from assistant.db.campaigns import Live
from assistant.domain import placeholders
from assistant.domain.joining import JoinQuote
from assistant.domain.money import Money
from assistant.runtime import UnitOfWork
from assistant.services import joining, savings, short_links

LEAST_SAVING_CENTS = 1_000
"""A smaller saving is not worth a text."""


@dataclass(frozen=True, slots=True)
class Client:
    """Whom an offer is written to."""

    client_id: int
    first_name: str
    locale: str
    arm: int


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why this client cannot be told these words."""

    reason: str


class OfferWords:
    """One campaign's words, looked up once for a whole slice of clients."""

    def __init__(self, uow: UnitOfWork, campaign: Live) -> None:
        self._uow, self._campaign = uow, campaign
        self._texts = [self._of_locale(each) for each in campaign.texts]
        self._holes = frozenset(hole for text in campaign.texts for words in text.values() for hole in holes_of(words))
        self._quotes: dict[bool, JoinQuote | None] = {}

    @property
    def needs_link(self) -> bool:
        return "link" in self._holes

    def of(self, client: Client, *, link: str = "") -> str | Unfit:
        """The words; or why there are none: an offer speaks of a saving only where there is one."""
        words = self._texts[client.arm % len(self._texts)][client.locale]
        wanted = frozenset(holes_of(words))
        values = {"first name": client.first_name, "spa": self._campaign.spa, "link": link}
        if wanted & {"plan", "price", "saving"}:
            spa_id, plan = self._campaign.spa_id, self._campaign.plan_code or ""
            quote = joining.quote_join(self._uow, spa_id, client.client_id, plan)
            if not isinstance(quote, JoinQuote):
                return Unfit(quote.reason.value)
            values |= {"plan": quote.plan, "price": str(Money(quote.usual_cents))}
            if "saving" in wanted:
                saved = savings.would_have_saved(self._uow, self._campaign.spa_id, client.client_id, quote)
                if saved < LEAST_SAVING_CENTS:
                    return Unfit("no_saving")
                values["saving"] = str(Money(saved // 100 * 100))
        return " ".join(placeholders.filled(words, values).split())

    def _of_locale(self, text: dict[str, str]) -> dict[str, str]:
        """Who speaks a language that was not written is told in the spa's own."""
        own = text.get(spas.house(self._uow, self._campaign.spa_id).locale) or next(iter(text.values()))
        return {locale: text.get(locale) or own for locale in ("en", "es")}


def holes_of(words: str) -> Sequence[str]:
    return placeholders.holes(words)


def links_for(uow: UnitOfWork, campaign: Live, clients: Sequence[Client]) -> dict[int, str]:
    """A link for each client, by their id."""
    return short_links.make(uow, campaign, [each.client_id for each in clients])
