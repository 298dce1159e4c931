"""What the page behind a link to join shows, of the rows alone: the terms as they are now, or what became of them."""

from dataclasses import dataclass

from assistant.domain.joining import JoinQuote
from assistant.messages.terms import Agreement
from assistant.runtime import Runtime
from assistant.services import card_views, joins, links
from assistant.services.card_views import View
from assistant.services.links import Purpose, State


@dataclass(frozen=True, slots=True)
class JoinView:
    """All that a page may show."""

    view: View
    terms: Agreement | None
    """None: there is nothing to agree to any more, or not now."""
    quote: JoinQuote | None


def look(rt: Runtime, token: str, locale: str | None) -> JoinView | None:
    """What a link's page shows now, in a language or the client's own; None for no such link. Changes nothing."""
    with rt.unit_of_work() as uow:
        link = links.find(uow, token)
        if link is None or link.purpose is not Purpose.JOIN:
            return None
        view = card_views.view_of(uow, link)
        request = joins.open_request(uow, link) if link.state is State.GOOD else None
        quote = joins.quote_join(uow, link.spa_id, link.client_id, request[1]) if request else None
        if not isinstance(quote, JoinQuote):
            return JoinView(view, None, None)
        return JoinView(view, joins.terms(uow, link.spa_id, quote, locale or view.locale), quote)
