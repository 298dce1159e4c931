"""One membership with all that a change of it is judged by; and what has been agreed about it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assistant.db.base import Asks
from assistant.db.billing import Owed
from assistant.domain.billing import InvoiceKind
from assistant.domain.calendar import cycle_date, next_charge
from assistant.domain.desk import DeskPolicy
from assistant.domain.membership import Standing
from assistant.domain.pausing import Cycle, Pause
from assistant.domain.plans import Terms


@dataclass(frozen=True, slots=True)
class Held:
    """A membership as it stands, and what has been charged for it."""

    spa_id: int
    membership_id: int
    client_id: int
    standing: Standing
    anchor_on: date
    first_cycle: int
    resumes_on: date | None
    joined_on: date
    cycle_months: int
    dues_cents: int
    intro_cents: int | None
    intro_cycles: int
    grants: list[dict[str, Any]]
    terms_json: dict[str, Any]
    plan: str
    region: str | None
    zone: str
    policy_json: dict[str, Any]
    last_cycle: int | None
    """The last cycle that was asked for, skipped or paid."""
    paid_cycle: int | None
    """The last that is paid, or that staff gave."""
    paid_many: int
    owed_cents: int
    leaves_on: date | None
    """When it ends, where that is agreed."""
    today: date

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.terms_json or {"dues_cents": self.dues_cents, "grants": self.grants})

    @property
    def policy(self) -> DeskPolicy:
        return DeskPolicy.from_json(self.policy_json)

    @property
    def minimum_cycles_left(self) -> int:
        return max(0, self.terms.minimum_cycles - self.paid_many)

    @property
    def next_cycle(self) -> int:
        """The first cycle that is still to be asked for: the current one, if it is; else the one after."""
        unasked = self.first_cycle if self.last_cycle is None else max(self.first_cycle, self.last_cycle + 1)
        return max(self.this_cycle, unasked, 0)

    @property
    def next_due_on(self) -> date:
        """When that is billed; today where its day has come."""
        return max(self.today, cycle_date(self.anchor_on, self.next_cycle * self.cycle_months))

    @property
    def next_charge_on(self) -> date:
        """The same; of one that rests, the first billing date once it is back."""
        if self.standing is not Standing.PAUSED or self.resumes_on is None:
            return self.next_due_on
        return next_charge(self.anchor_on, self.cycle_months, self.resumes_on - timedelta(days=1))[1]

    @property
    def this_cycle(self) -> int:
        """The cycle that today falls in; below zero before the first."""
        return next_charge(self.anchor_on, self.cycle_months, self.today)[0] - 1

    @property
    def paid_until(self) -> date | None:
        """The billing date on which what is paid for is over; of one brought from elsewhere, its first with us."""
        if self.paid_cycle is not None:
            return cycle_date(self.anchor_on, (self.paid_cycle + 1) * self.cycle_months)
        if self.standing is Standing.SCHEDULED or self.last_cycle is not None:
            return None
        return cycle_date(self.anchor_on, self.first_cycle * self.cycle_months)

    def price_cents(self, cycle: int) -> int:
        """What a cycle after the first costs."""
        return self.intro_cents if self.intro_cents is not None and cycle < self.intro_cycles else self.dues_cents


HELD = """
    SELECT m.spa_id, m.id, m.client_id, m.standing, m.anchor_on, m.first_cycle, m.resumes_on,
           least(m.anchor_on, (m.created_at AT TIME ZONE s.zone)::date), v.cycle_months, v.dues_cents, v.intro_cents,
           v.intro_cycles, v.grants, v.terms, p.name, c.region, s.zone, s.policy, i.last, i.paid, i.many, i.owed,
           (SELECT x.effective_on FROM cancellation x WHERE (x.spa_id, x.membership_id) = (m.spa_id, m.id)
            AND x.withdrawn_at IS NULL AND x.done_at IS NULL), (%(now)s AT TIME ZONE s.zone)::date
    FROM membership m
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    JOIN spa s ON s.spa_id = m.spa_id
    CROSS JOIN LATERAL (
        SELECT max(cycle) AS last,
               max(cycle) FILTER (WHERE (status IN ('paid', 'waived') OR reason = 'exempt')
                                  AND (%(asked)s::date IS NULL OR due_on <= %(asked)s)) AS paid,
               count(*) FILTER (WHERE status = 'paid') AS many,
               coalesce(sum(dues_cents + setup_fee_cents) FILTER (WHERE status = 'open'), 0)::bigint AS owed
        FROM invoice i WHERE (i.spa_id, i.membership_id) = (m.spa_id, m.id) AND i.kind = 'dues') i
    WHERE m.spa_id = %(spa)s AND {which}"""
ONE = HELD.format(which="m.id = %(id)s")
ALL_OF_A_CLIENT = HELD.format(which="m.client_id = %(client)s ORDER BY m.standing = 'ended', m.id DESC")


def held(uow: Asks, spa_id: int, membership_id: int, now: object, *, asked_on: date | None = None) -> Held | None:
    """The membership; what was paid for cycles that fell due after `asked_on` does not count as paid."""
    row = uow.sql(ONE, {"spa": spa_id, "id": membership_id, "now": now, "asked": asked_on}).fetchone()
    return _held(*row) if row else None


def all_of(uow: Asks, spa_id: int, client_id: int, now: object) -> list[Held]:
    """Every membership of a client: those that are over last, and of the others the last first."""
    rows = uow.sql(ALL_OF_A_CLIENT, {"spa": spa_id, "client": client_id, "now": now, "asked": None})
    return [_held(*row) for row in rows.fetchall()]


def _held(spa: int, membership: int, client: int, standing: str, *rest: Any) -> Held:  # noqa: ANN401 - a row
    return Held(spa, membership, client, Standing(standing), *rest)


def lock(uow: Asks, spa_id: int, membership_id: int) -> None:
    """The client and then the membership, until this transaction ends: who changes a membership waits here."""
    uow.sql(
        "SELECT 1 FROM client WHERE spa_id = %s AND id ="
        " (SELECT client_id FROM membership WHERE spa_id = %s AND id = %s) FOR NO KEY UPDATE",
        (spa_id, spa_id, membership_id),
    )
    uow.sql("SELECT 1 FROM membership WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, membership_id))


LIVE = """
    SELECT m.id FROM membership m
    LEFT JOIN pause r ON (r.spa_id, r.membership_id) = (m.spa_id, m.id) AND r.ended_at IS NULL
    LEFT JOIN cancellation x ON (x.spa_id, x.membership_id) = (m.spa_id, m.id)
        AND x.withdrawn_at IS NULL AND x.done_at IS NULL
    WHERE m.spa_id = %s AND m.client_id = %s AND m.standing <> 'ended'
    ORDER BY CASE %s WHEN 'leave' THEN x.id IS NULL
                     WHEN 'resume' THEN m.standing = 'paused' OR r.id IS NOT NULL
                     ELSE m.standing = 'active' AND r.id IS NULL AND x.id IS NULL END DESC, m.id DESC LIMIT 1"""


def live(uow: Asks, spa_id: int, client_id: int, wish: str) -> int | None:
    """The membership that a client means by `pause`, `resume` or `leave`: of several the last that can."""
    row = uow.sql(LIVE, (spa_id, client_id, wish)).fetchone()
    return row[0] if row else None


def plan(uow: Asks, spa_id: int, membership_id: int) -> str:
    """What its plan is called."""
    row = uow.sql(
        """SELECT p.name FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
           JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id) WHERE m.spa_id = %s AND m.id = %s""",
        (spa_id, membership_id),
    ).fetchone()
    return row[0] if row else ""


def leaving(uow: Asks, spa_id: int, client_id: int) -> list[int]:
    """The memberships that a client has said they leave, the last said first."""
    rows = uow.sql(
        """SELECT m.id FROM membership m JOIN cancellation x ON (x.spa_id, x.membership_id) = (m.spa_id, m.id)
           WHERE m.spa_id = %s AND m.client_id = %s AND x.withdrawn_at IS NULL AND x.done_at IS NULL
           ORDER BY x.id DESC""",
        (spa_id, client_id),
    )
    return [row[0] for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class OpenPause:
    """The pause that is agreed, or is on."""

    id: int
    starts_on: date
    resumes_on: date
    fee_cents: int
    clock_stops: bool
    begun: bool


def open_pause(uow: Asks, spa_id: int, membership_id: int) -> OpenPause | None:
    """There is one at a time."""
    row = uow.sql(
        "SELECT id, starts_on, resumes_on, fee_cents, clock_stops, began_at IS NOT NULL FROM pause"
        " WHERE spa_id = %s AND membership_id = %s AND ended_at IS NULL",
        (spa_id, membership_id),
    ).fetchone()
    return OpenPause(*row) if row else None


def pauses(uow: Asks, spa_id: int, membership_id: int) -> list[Pause]:
    """Every pause it had, has or is to have; not those that were called off."""
    rows = uow.sql(
        "SELECT starts_on, coalesce(ended_on, resumes_on) FROM pause"
        " WHERE spa_id = %s AND membership_id = %s AND (ended_at IS NULL OR ended_on IS NOT NULL) ORDER BY id",
        (spa_id, membership_id),
    )
    return [Pause(*row) for row in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Asked:
    """What has become of a cycle, and its invoice, where it has one."""

    state: Cycle
    invoice_id: int | None
    cents: int


def asked(uow: Asks, held: Held, cycle: int) -> Asked:
    """One that was chased is never asked for again."""
    row = uow.sql(
        """SELECT i.id, i.dues_cents + i.setup_fee_cents, i.status, i.reason, EXISTS (
               SELECT 1 FROM dunning_case c WHERE (c.spa_id, c.invoice_id) = (i.spa_id, i.id))
           FROM invoice i WHERE i.spa_id = %s AND i.membership_id = %s AND i.cycle = %s""",
        (held.spa_id, held.membership_id, cycle),
    ).fetchone()
    if row is None:
        return Asked(Cycle.UNASKED, None, held.price_cents(cycle))
    invoice_id, cents, status, reason, chased = row
    if status == "skipped" and reason == "paused" and not chased:
        return Asked(Cycle.RESTED, invoice_id, cents)
    return Asked(Cycle.PAID if status in {"paid", "waived"} else Cycle.LET_GO, invoice_id, cents)


def stands_against(uow: Asks, owed: Owed) -> str | None:
    """Why a cycle is not to be charged although it was opened: `ended`, `left` or `paused`. Of orders it says nothing.

    Asked where money is asked for, and again where it came in: a billing day may run beside the request (B8, B17). And
    asked anew: who has waited for the invoice's lock holds its membership as it was before (`Owed.standing`).
    """
    if owed.kind is not InvoiceKind.DUES:
        return None
    row = uow.sql(
        """SELECT 'ended' FROM membership WHERE spa_id = %(spa)s AND id = %(id)s AND standing = 'ended'
           UNION ALL
           SELECT 'left' FROM cancellation WHERE spa_id = %(spa)s AND membership_id = %(id)s AND withdrawn_at IS NULL
               AND done_at IS NULL AND effective_on <= %(due)s
           UNION ALL
           SELECT 'paused' FROM pause WHERE spa_id = %(spa)s AND membership_id = %(id)s AND ended_at IS NULL
               AND starts_on <= %(due)s AND resumes_on > %(due)s LIMIT 1""",
        {"spa": owed.spa_id, "id": owed.membership_id, "due": owed.due_on},
    ).fetchone()
    return row[0] if row else None
