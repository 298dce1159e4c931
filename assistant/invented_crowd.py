"""A crowd around the invented spa: thousands of clients and members with months behind them, made by few statements.

For proofs at a real spa's size. All of it is made up: 555-01xx numbers, `@example.com`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from assistant.clock import StoppedClock
from assistant.domain import ledger as books
from assistant.domain.calendar import local_day
from assistant.domain.credits import LotClass
from assistant.invented import FIRST, LAST
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import credits, ledger
from assistant.services.credits import Grant

MOST = 27_000
"""So many 555-01xx numbers there are in the area codes that the first invented people leave."""
PEOPLE = """
    WITH made AS (
        INSERT INTO client (spa_id, first_name, last_name, locale, zone, region, born_on, created_at)
        SELECT %(spa)s, (%(first)s::text[])[1 + n %% 20], (%(last)s::text[])[1 + n / 20 %% 10] || '-'
               || (%(last)s::text[])[1 + n / 200 %% 10], CASE WHEN n %% 10 = 9 THEN 'es' ELSE 'en' END, %(zone)s, 'NM',
               %(today)s::date - 9000 - n %% 12000, %(now)s
        FROM generate_series(0, %(clients)s - 1) n ORDER BY n RETURNING id),
    placed AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM made),
    phones AS (
        INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
        SELECT %(spa)s, '+1' || 201 + n / 100 || '55501' || lpad((n %% 100)::text, 2, '0'), true, n %% 3 = 0, %(now)s
        FROM placed ORDER BY n RETURNING id),
    emails AS (
        INSERT INTO email (spa_id, address, email_marketing, created_at)
        SELECT %(spa)s, 'crowd' || n || '@example.com', n %% 3 = 0, %(now)s FROM placed ORDER BY n RETURNING id),
    texted AS (
        INSERT INTO client_phone (spa_id, client_id, phone_id, preferred)
        SELECT %(spa)s, c.id, p.id, true FROM placed c
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM phones) p USING (n) RETURNING 1),
    mailed AS (
        INSERT INTO client_email (spa_id, client_id, email_id, preferred)
        SELECT %(spa)s, c.id, e.id, true FROM placed c
        JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM emails) e USING (n) RETURNING 1)
    SELECT min(id), (SELECT count(*) FROM texted), (SELECT count(*) FROM mailed) FROM placed"""
MEMBERS = """
    INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, first_cycle, resumes_on, ended_on,
                            created_at, changed_at)
    SELECT %(spa)s, c.id, v.id, CASE c.n %% 25 WHEN 3 THEN 'paused' WHEN 7 THEN 'ended' WHEN 11 THEN 'past_due'
           ELSE 'active' END, %(began)s::date - c.n %% 28, 0, CASE WHEN c.n %% 25 = 3 THEN %(today)s::date + 20 END,
           CASE WHEN c.n %% 25 = 7 THEN %(today)s::date - c.n %% 200 END,
           %(now)s, CASE WHEN c.n %% 25 IN (3, 7, 11) THEN %(now)s::timestamptz - c.n %% 200 * interval '1 day' END
    FROM (SELECT id, (row_number() OVER (ORDER BY id))::int AS n FROM client
          WHERE spa_id = %(spa)s AND id >= %(least)s ORDER BY id LIMIT %(members)s) c
    JOIN (SELECT max(id) AS id, row_number() OVER (ORDER BY max(id)) - 1 AS k, count(*) OVER () AS many
          FROM plan_version WHERE spa_id = %(spa)s GROUP BY plan_id) v ON v.k = c.n %% v.many"""
CARDS = """
    INSERT INTO card (spa_id, client_id, role, payment_method_id, brand, last4, exp_month, exp_year, fingerprint,
                      consent, source, added_at)
    SELECT %(spa)s, m.client_id, 'current', 'pm_crowd_' || m.client_id, 'visa',
           lpad((m.client_id %% 10000)::text, 4, '0'), 1 + m.client_id %% 12, %(year)s,
           'crowd' || m.client_id, '{}', 'import', %(now)s
    FROM membership m WHERE m.spa_id = %(spa)s AND m.client_id >= %(least)s AND m.client_id %% 40 <> 0"""
INVOICES = """
    INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status,
                         opened_at, settled_at, paid_at, paid_by)
    SELECT %(spa)s, m.id, m.client_id, v.id, %(cycle)s, %(on)s, v.dues_cents, 'paid', %(now)s, %(now)s,
           %(now)s, 'terminal'
    FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    WHERE m.spa_id = %(spa)s AND m.client_id >= %(least)s RETURNING id, client_id, dues_cents"""
OPEN = """
    WITH owed AS (
        INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status,
                             opened_at)
        SELECT %(spa)s, m.id, m.client_id, v.id, %(cycle)s, %(today)s::date - 3, v.dues_cents, 'open', %(now)s
        FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
        WHERE m.spa_id = %(spa)s AND m.client_id >= %(least)s AND m.standing = 'past_due'
        RETURNING id, membership_id, client_id, dues_cents),
    asked AS (
        INSERT INTO charge_attempt (spa_id, invoice_id, number, key, cause, customer_id, amount_cents, status,
                                    created_at, asked_at, look_at, answered_at, decline_code, rule)
        SELECT %(spa)s, id, 1, 'crowd:' || id, 'cycle', 'cus_crowd', dues_cents, 'declined', %(now)s, %(now)s, %(now)s,
               %(now)s, 'insufficient_funds', 'soft' FROM owed),
    opened AS (
        INSERT INTO dunning_case (spa_id, invoice_id, membership_id, client_id, opened_at, rule, script, soft,
                                  promise_on)
        SELECT %(spa)s, id, membership_id, client_id, %(now)s, 'soft', 'soft', 1,
               CASE WHEN id %% 4 = 0 THEN %(today)s::date + 1 END FROM owed RETURNING id)
    INSERT INTO dunning_step (spa_id, case_id, number, kind, what, due_at, done_at, outcome)
    SELECT %(spa)s, o.id, s.number, s.kind, s.what, %(now)s::timestamptz + s.number * interval '1 day',
           CASE WHEN s.number = 0 THEN %(now)s::timestamptz END, CASE WHEN s.number = 0 THEN 'done' END
    FROM opened o, (VALUES (0, 'tell', 'declined'), (3, 'tell', 'reminder')) s (number, kind, what)"""
TEXTS = """
    INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale, body,
                                  segments, status, created_at, due_at, expires_at, attempts, asked_at,
                                  provider_id, settled_at)
    SELECT %(spa)s, 'crowd:' || c.client_id || ':' || k, 'sms', c.client_id, p.number, 'payment-received',
           'transactional', 'en', 'Thank you: your dues are paid.', 1, 'delivered', a.at, a.at, a.at, 1, a.at,
           'SMcrowd' || c.client_id || '-' || k, a.at
    FROM client_phone c JOIN phone p ON (p.spa_id, p.id) = (c.spa_id, c.phone_id), generate_series(1, %(many)s) k,
         LATERAL (SELECT %(now)s::timestamptz - k * interval '30 days' AS at) a
    WHERE c.spa_id = %(spa)s AND c.client_id >= %(least)s AND c.client_id < %(least)s + %(members)s"""
HEARD = """
    INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at, status,
                               understood, settled_at)
    SELECT %(spa)s, 'sms', 'SMcrowd' || c.client_id || '-' || k, p.number, s.number, 'balance', '{}',
           %(now)s::timestamptz - k * interval '30 days', 'answered', 'BALANCE', %(now)s
    FROM spa s, client_phone c JOIN phone p ON (p.spa_id, p.id) = (c.spa_id, c.phone_id), generate_series(1, %(many)s) k
    WHERE s.spa_id = %(spa)s AND c.spa_id = %(spa)s AND c.client_id >= %(least)s
      AND c.client_id < %(least)s + %(members)s"""


@dataclass(frozen=True, slots=True)
class _Crowd:
    spa_id: int
    zone: str
    least: int
    """The first of them; every later client is one too."""


def gather(rt: Runtime, spa_id: int, *, clients: int, members: int, months: int = 1) -> None:
    """Let so many come to the spa, so many of them members who paid for so many months."""
    if clients > MOST:
        raise ValueError(f"there are invented numbers for {MOST:,}")
    now = rt.clock.now()
    with rt.unit_of_work() as uow:
        [[zone]] = uow.sql("SELECT zone FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
        today = local_day(now, zone)
        asked = {"spa": spa_id, "zone": zone, "now": now, "today": today, "clients": clients, "members": members}
        asked |= {"first": FIRST, "last": LAST, "year": today.year + 2, "began": _months_ago(today, months)}
        [[least, _, _]] = uow.sql(PEOPLE, asked).fetchall()
        asked |= {"least": least, "cycle": months, "many": max(1, months // 2)}
        for statement in (MEMBERS, CARDS):
            uow.sql(statement, asked)
    crowd = _Crowd(spa_id, zone, least)
    for cycle in range(months):
        on = _months_ago(today, months - cycle)
        past = replace(rt, clock=StoppedClock(now - (today - on)))
        past.transact(lambda uow, cycle=cycle, on=on: _collect(uow, crowd, cycle, on))  # type: ignore[misc]
    with rt.unit_of_work() as uow:
        for statement in (OPEN, TEXTS, HEARD):
            uow.sql(statement, asked)


def _months_ago(today: date, months: int) -> date:
    return today - timedelta(days=30 * months)


def _collect(uow: UnitOfWork, crowd: _Crowd, cycle: int, on: date) -> None:
    """One month's dues and the credit they bank, as the machine would book them."""
    at: datetime = uow.now
    asked: dict[str, Any] = {"spa": crowd.spa_id, "least": crowd.least, "cycle": cycle, "on": on, "now": at}
    paid = uow.sql(INVOICES, asked).fetchall()
    ledger.post(uow, crowd.spa_id, [books.dues_collected(f"dues:{each}", at, cents) for each, _, cents in paid])
    grants = [
        Grant(
            f"cycle:{invoice}:0",
            client_id,
            "visit",
            1_000,
            LotClass.PAID,
            at,
            paid_cents=cents,
            reference_cents=16_500,
            invoice_id=invoice,
        )
        for invoice, client_id, cents in paid
    ]
    credits.grant(uow, crowd.spa_id, crowd.zone, grants)
