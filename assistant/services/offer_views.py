"""What the page behind an offer's short link shows: the plan and its price; its button texts the link to all terms."""

from dataclasses import dataclass

from assistant.domain.joining import JoinQuote
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import joining, joins, short_links
from assistant.services.joins import Begun
from assistant.services.short_links import Offered


@dataclass(frozen=True, slots=True)
class OfferView:
    """All that a page may show: nothing of who the offer was for, for links are passed on."""

    spa: str
    help_phone: str
    locale: str
    quote: JoinQuote | None
    """None: the offer is over, or no plan is offered."""
    accent: str | None = None
    """The spa's colour."""


def look(rt: Runtime, code: str, agent: str) -> OfferView | None:
    """What a link shows now, and that it was looked at; None for no such link."""
    with rt.unit_of_work() as uow:
        offered = short_links.find(uow, code)
        if offered is None:
            return None
        short_links.clicked(uow, offered, agent, act="looked")
        return _view(uow, offered)


def ask(rt: Runtime, code: str, agent: str) -> tuple[OfferView, bool] | None:
    """The button: the link to all terms is texted to the number on file, whoever pressed it. True: it is on its way."""
    with rt.unit_of_work() as uow:
        offered = short_links.find(uow, code)
        if offered is None:
            return None
        view = _view(uow, offered)
        if view.quote is None:
            return view, False
        short_links.clicked(uow, offered, agent, act="pressed")
        begun = joins.begin(uow, offered.spa_id, offered.client_id, view.quote, actor="member")
        return view, isinstance(begun, Begun)


def _view(uow: UnitOfWork, offered: Offered) -> OfferView:
    [[spa, phone, locale, plan, accent]] = uow.sql(
        """SELECT s.name, s.help_phone, c.locale, g.plan_code, s.accent FROM spa s
           JOIN client c ON (c.spa_id, c.id) = (s.spa_id, %s) JOIN campaign g ON (g.spa_id, g.id) = (s.spa_id, %s)
           WHERE s.spa_id = %s""",
        (offered.client_id, offered.campaign_id, offered.spa_id),
    ).fetchall()
    quote = joining.quote_join(uow, offered.spa_id, offered.client_id, plan) if plan and offered.good else None
    return OfferView(spa, phone, locale, quote if isinstance(quote, JoinQuote) else None, accent)
