"""What somebody who leaves has banked, and what else they could do instead."""

from datetime import date

from assistant.db import members
from assistant.db.base import Asks
from assistant.db.members import Held
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.leaving import Leaver
from assistant.domain.ledger import USD
from assistant.domain.membership import Standing

LOTS = """
    SELECT l.unit, l.lot_class, l.remaining - l.held, l.expires_on, k.reference_cents
    FROM credit_lot l LEFT JOIN credit_kind k ON (k.spa_id, k.unit) = (l.spa_id, l.unit)
    WHERE l.spa_id = %s AND l.client_id = %s AND l.remaining > l.held AND l.frozen_at IS NULL
      AND (l.expires_on IS NULL OR l.expires_on >= %s)"""

OTHERS = "SELECT 1 FROM membership WHERE spa_id = %s AND client_id = %s AND id <> %s AND standing <> 'ended' LIMIT 1"

SMALLER = """
    SELECT 1 FROM plan p JOIN LATERAL (
        SELECT v.dues_cents, v.cycle_months FROM plan_version v WHERE (v.spa_id, v.plan_id) = (p.spa_id, p.id)
        ORDER BY v.number DESC LIMIT 1) v ON true
    WHERE p.spa_id = %s AND p.retired_at IS NULL AND v.cycle_months = %s AND v.dues_cents < %s LIMIT 1"""


def leaver(uow: Asks, held: Held) -> Leaver:
    """Their credit is theirs beside another membership too: only who leaves the last of them is told of its end."""
    lots = uow.sql(LOTS, (held.spa_id, held.client_id, held.today)).fetchall()
    stays = uow.sql(OTHERS, (held.spa_id, held.client_id, held.membership_id)).fetchone() is not None
    paid_dollars = sum(left for unit, kind, left, *_ in lots if unit == USD and kind != LotClass.PROMO)
    smaller = uow.sql(SMALLER, (held.spa_id, held.cycle_months, held.dues_cents)).fetchone() is not None
    return Leaver(
        standing=held.standing,
        leaves=held.leaves_on is not None,
        paid_until=held.paid_until,
        anchor_on=held.anchor_on,
        cycle_months=held.cycle_months,
        next_cycle=held.next_cycle,
        minimum_cycles_left=held.minimum_cycles_left,
        dues_cents=held.dues_cents,
        owed_cents=held.owed_cents,
        region=held.region,
        holds_paid=any(kind != LotClass.PROMO for _, kind, *_ in lots),
        paid_dollar_cents=0 if stays else paid_dollars,
        promo_until=None if stays else _promo_until(lots),
        banked_cents=sum(left if unit == USD else left * (cents or 0) // MILLI for unit, _, left, _, cents in lots),
        may_rest=_may_rest(uow, held),
        smaller_plan=smaller,
    )


def _promo_until(lots: list[tuple[str, str, int, date | None, int | None]]) -> date | None:
    """Of promotional credit without a last day, the end of time: the policy's window is the sooner."""
    return max((last or date.max for _, kind, _, last, _ in lots if kind == LotClass.PROMO), default=None)


def _may_rest(uow: Asks, held: Held) -> bool:
    """Whether a pause is worth speaking of: on, paid by the month, and offered by the plan."""
    policy = held.terms.pause
    offered = policy.most_months > 0 and policy.most_in_12_months > 0 and policy.benefits_usable
    free = members.open_pause(uow, held.spa_id, held.membership_id) is None
    return offered and free and held.standing is Standing.ACTIVE and held.cycle_months == 1
