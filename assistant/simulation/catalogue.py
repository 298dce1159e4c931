"""What the simulated spa sells: plans with every rollover policy, services for credit, for dollars and for neither."""

from collections.abc import Mapping

from psycopg.types.json import Jsonb

from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD
from assistant.domain.pausing import PausePolicy
from assistant.domain.plans import Cadence, GrantTerms, Terms
from assistant.domain.pricing import PriceRule
from assistant.domain.rollover import AtCap, Cap, Expire
from assistant.runtime import UnitOfWork
from assistant.services import plans

VISIT = GrantTerms("visit", MILLI)
FACIALS = (PriceRule(category="facials", percent=20),)
PROMO = LotClass.PROMO
PLANS: Mapping[str, Terms] = {
    "glow": Terms(dues_cents=14_900, grants=(VISIT,), pricing=FACIALS),
    "radiance": Terms(
        dues_cents=24_900,
        access_cents=4_900,
        grants=(VISIT, GrantTerms("extra", MILLI, PROMO, Expire(30, 5))),
        pricing=(PriceRule(percent=15),),
        pause=PausePolicy(fee_cents=1_500, expiry_clock_stops=True, most_in_12_months=4),
    ),
    "start": Terms(
        dues_cents=11_900,
        setup_fee_cents=2_500,
        intro_cents=4_900,
        intro_cycles=2,
        minimum_cycles=3,
        grants=(GrantTerms("visit", MILLI, rollover=Cap(2 * MILLI, AtCap.HOLD_AND_REDUCE)),),
    ),
    "flex": Terms(
        dues_cents=16_500,
        access_cents=1_500,
        grants=(
            GrantTerms("visit", MILLI, rollover=Cap(2 * MILLI, AtCap.CONVERT)),
            GrantTerms("extra", MILLI, PROMO, Cap(2 * MILLI, AtCap.ROLL_OFF_OLDEST)),
        ),
    ),
    "purse": Terms(dues_cents=9_900, grants=(GrantTerms(USD, 11_000),), pricing=FACIALS),
    "year": Terms(dues_cents=150_000, cadence=Cadence.YEARLY, grants=(GrantTerms("visit", 12 * MILLI),)),
    "comp": Terms(dues_cents=0, grants=(VISIT,)),
}
"""What is sold, by its code: the terms of its first version. Every rollover policy is one of these."""

KINDS = {
    "visit": (16_500, ["visit credit", "visit credits"], ["crédito de visita", "créditos de visita"]),
    "extra": (6_000, ["extra credit", "extra credits"], ["crédito extra", "créditos extra"]),
}
"""What members hold: its list value, and the words for it."""

SERVICES = {
    "signature": ("Signature", "facials", 16_500, "visit", MILLI, True, False),
    "express": ("Express", "facials", 9_000, "visit", MILLI // 2, True, False),
    "peel": ("Peel", "facials", 14_000, None, MILLI, True, True),
    "extra": ("Extra", "extras", 6_000, "extra", MILLI, True, False),
    "cream": ("Cream", "products", 4_800, None, MILLI, False, True),
}
"""Name, category, list price, the credit that pays and how much of it, whether dollars may, whether it is taxed."""
POLICY = {"tax_basis_points": 725, "staff_refund_cents": 20_000, "leave_credit_days": 30}
"""What this desk chose."""
ACTOR = "staff:owner"


def found(uow: UnitOfWork, spa_id: int) -> dict[str, int]:
    """All of it, once. Gives each plan's version."""
    uow.sql("UPDATE spa SET policy = %s WHERE spa_id = %s", (Jsonb(POLICY), spa_id))
    for unit, (cents, english, spanish) in KINDS.items():
        uow.sql(
            "INSERT INTO credit_kind (spa_id, unit, words, reference_cents) VALUES (%s, %s, %s, %s)",
            (spa_id, unit, Jsonb({"en": english, "es": spanish}), cents),
        )
    for code, facts in SERVICES.items():
        uow.sql(
            "INSERT INTO service (spa_id, code, name, category, list_price_cents, credit_unit, credit_amount,"
            " dollars_cover, taxable) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (spa_id, code, *facts),
        )
    return {code: offer(uow, spa_id, code, terms) for code, terms in PLANS.items()}


def offer(uow: UnitOfWork, spa_id: int, code: str, terms: Terms) -> int:
    """The next version of a plan."""
    return plans.offer(uow, spa_id, code, code.title(), terms, actor=ACTOR).version_id
