"""What a plan would have saved a client on their own visits: said only where it is so."""

from datetime import timedelta

from assistant.domain.joining import JoinQuote
from assistant.domain.plans import Cadence
from assistant.runtime import UnitOfWork

DAYS = 90
CYCLES = 3
"""As many charges as so many days have."""

VISITS = """
    SELECT coalesce(sum(l.due_cents + l.dollar_cents), 0)::bigint, coalesce(sum(s.credit_amount), 0)::bigint
    FROM ticket t JOIN ticket_line l ON (l.spa_id, l.ticket_id) = (t.spa_id, t.id)
    JOIN service s ON (s.spa_id, s.id) = (l.spa_id, l.service_id)
    WHERE t.spa_id = %s AND t.client_id = %s AND t.status = 'paid' AND t.paid_at > %s AND s.credit_unit = %s
      AND l.credit_unit IS NULL"""


def would_have_saved(uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote) -> int:
    """Cents over the last three months, at what they really paid; 0 where there is nothing, or it cannot be told.

    Only visits that the plan's own credit pays for count, and no more of them than it would have banked; the dues of
    those months and the set-up fee are taken off. A yearly plan is not compared.
    """
    if quote.cadence is not Cadence.MONTHLY:
        return 0
    saved = -(quote.usual_cents * CYCLES + quote.setup_fee_cents)
    for bank in quote.banks:
        [[cents, amount]] = uow.sql(VISITS, (spa_id, client_id, uow.now - timedelta(days=DAYS), bank.unit)).fetchall()
        banked = bank.amount * CYCLES
        saved += cents if amount <= banked else cents * banked // amount
    return max(0, saved)
