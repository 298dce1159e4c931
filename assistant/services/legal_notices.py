"""Notices the law wants, with proof: given by mail and by text, followed until one has arrived or a person sees to it.

The annual notice (`rules.md` 6.8, 6.9) is made here; that of a new price is made with the price, and followed here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from assistant.db import members, spas
from assistant.db.members import Held
from assistant.db.reach import mail_address, reach
from assistant.db.spas import House
from assistant.domain import reminders
from assistant.domain.calendar import local_day
from assistant.domain.notices import ANNUAL_DAYS, NoticeKind
from assistant.messages.catalog import PriceChange
from assistant.messages.message import Message
from assistant.messages.reminders import AnnualNotice
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import messaging, tasks
from assistant.services.addressing import Addressee
from assistant.services.reminders import policy_of

PATIENCE = timedelta(hours=72)
"""A message that nobody says has arrived within so long has not (`features.md` E22): the next channel is tried."""


def tend(rt: Runtime) -> int:
    """Make what is due, give it, and follow what was given. Safe to run twice. Returns how many were made."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    made = 0
    for house in houses:
        with rt.unit_of_work() as uow:
            policy = policy_of(uow, house.spa_id)
        if reminders.is_time(policy, house.zone, rt.clock.now()):
            made += rt.transact(lambda uow, house=house: make_annual(uow, house))  # type: ignore[misc]
            rt.transact(lambda uow, house=house: follow(uow, house))  # type: ignore[misc]
    return made


# ── made ──

ANNUAL = """
    INSERT INTO legal_notice (spa_id, kind, membership_id, about_on, due_on, made_at)
    SELECT m.spa_id, 'annual', m.id, next.on_, next.on_ - %(days)s::int, %(now)s
    FROM membership m
    CROSS JOIN LATERAL (SELECT least(m.anchor_on, (m.created_at AT TIME ZONE %(zone)s)::date) AS joined_on) j
    CROSS JOIN LATERAL (
        SELECT cycle_date(j.joined_on, cycle_on(j.joined_on, 12, %(today)s) + 1, 12) AS on_) next
    WHERE m.spa_id = %(spa)s AND m.standing NOT IN ('ended', 'scheduled') AND next.on_ - %(days)s::int <= %(today)s
    ON CONFLICT DO NOTHING RETURNING id"""


def make_annual(uow: UnitOfWork, house: House) -> int:
    """A row for each membership whose anniversary is 28 days ahead or nearer."""
    today = local_day(uow.now, house.zone)
    asked = {"days": ANNUAL_DAYS, "now": uow.now, "zone": house.zone, "today": today, "spa": house.spa_id}
    return len(uow.sql(ANNUAL, asked).fetchall())


def of_price(uow: UnitOfWork, spa_id: int, migration_id: int, membership_id: int, about_on: date, key: str) -> None:
    """The notice of a new price that was just written down under a key: from now on it is followed here."""
    [[notice_id]] = uow.sql(
        """INSERT INTO legal_notice (spa_id, kind, membership_id, migration_id, about_on, due_on, made_at)
           SELECT %s, 'price', %s, %s, %s, (%s AT TIME ZONE zone)::date, %s FROM spa WHERE spa_id = %s
           ON CONFLICT (spa_id, kind, membership_id, about_on) DO UPDATE SET made_at = legal_notice.made_at
           RETURNING id""",
        (spa_id, membership_id, migration_id, about_on, uow.now, uow.now, spa_id),
    ).fetchall()
    _tried(uow, spa_id, notice_id, key)


# ── followed ──


@dataclass(frozen=True, slots=True)
class Open:
    """A notice that has not arrived yet, with what was tried."""

    spa_id: int
    id: int
    kind: NoticeKind
    membership_id: int
    client_id: int
    migration_id: int | None
    about_on: date
    channels: tuple[str, ...]
    """Those that were tried."""
    under_way: bool
    """One of them may still arrive."""
    arrived: int | None
    """The message that did."""
    ended: bool


OPEN = """
    WITH news AS (
        UPDATE notice_try t SET
            delivered_at = coalesce(t.delivered_at, CASE WHEN o.status = 'delivered' THEN o.settled_at END),
            failed_at = coalesce(t.failed_at, CASE
                WHEN o.status IN ('failed', 'undelivered', 'dropped') THEN coalesce(o.settled_at, %(now)s)
                WHEN o.status <> 'delivered' AND t.tried_at < %(patience)s THEN %(now)s END)
        FROM outbound_message o, legal_notice n
        WHERE (o.spa_id, o.id) = (t.spa_id, t.message_id) AND (n.spa_id, n.id) = (t.spa_id, t.notice_id)
          AND t.spa_id = %(spa)s AND n.settled_at IS NULL
        RETURNING t.spa_id, t.notice_id, t.channel, t.message_id, t.delivered_at, t.failed_at)
    SELECT n.spa_id, n.id, n.kind, n.membership_id, m.client_id, n.migration_id, n.about_on,
           ARRAY (SELECT t.channel FROM notice_try t WHERE (t.spa_id, t.notice_id) = (n.spa_id, n.id) ORDER BY t.place),
           EXISTS (SELECT 1 FROM news WHERE news.notice_id = n.id AND delivered_at IS NULL AND failed_at IS NULL),
           (SELECT min(message_id) FROM news WHERE news.notice_id = n.id AND delivered_at IS NOT NULL),
           m.standing = 'ended'
    FROM legal_notice n JOIN membership m ON (m.spa_id, m.id) = (n.spa_id, n.membership_id)
    WHERE n.spa_id = %(spa)s AND n.settled_at IS NULL ORDER BY n.id"""


def follow(uow: UnitOfWork, house: House) -> None:
    """Settle what has arrived, try the next channel of what has not, and leave to a person what none can bring."""
    rows = uow.sql(OPEN, {"spa": house.spa_id, "now": uow.now, "patience": uow.now - PATIENCE}).fetchall()
    for spa_id, notice_id, kind, membership_id, client_id, migration_id, about_on, channels, *rest in rows:
        each = Open(
            spa_id,
            notice_id,
            NoticeKind(kind),
            membership_id,
            client_id,
            migration_id,
            about_on,
            tuple(channels),
            *rest,
        )
        _follow(uow, house, each)


def _follow(uow: UnitOfWork, house: House, each: Open) -> None:
    if each.arrived is not None:
        _arrived(uow, each, each.arrived)
    elif each.ended:
        _settle(uow, each, "needless")
    elif not each.channels:
        _give(uow, house, each, ("email", "sms"))
    elif not each.under_way:
        _give(uow, house, each, tuple({"email", "sms"} - {*each.channels}))


def _arrived(uow: UnitOfWork, each: Open, message_id: int) -> None:
    _settle(uow, each, "delivered")
    tasks.close_task(uow, each.spa_id, f"legal_notice:{each.id}", by="clock", resolution="delivered")
    if each.kind is NoticeKind.PRICE:
        uow.sql(
            "UPDATE price_notice SET message_id = %s WHERE spa_id = %s AND migration_id = %s AND membership_id = %s"
            " AND settled_at IS NULL",
            (message_id, each.spa_id, each.migration_id, each.membership_id),
        )


def _settle(uow: UnitOfWork, each: Open, outcome: str) -> None:
    uow.sql(
        "UPDATE legal_notice SET settled_at = %s, outcome = %s WHERE spa_id = %s AND id = %s",
        (uow.now, outcome, each.spa_id, each.id),
    )


def _give(uow: UnitOfWork, house: House, each: Open, channels: tuple[str, ...]) -> None:
    """On every one of these channels that there is; where there is none, a person does it."""
    held = members.held(uow, each.spa_id, each.membership_id, uow.now)
    given = 0
    for channel in channels:
        to = _to(uow, each, channel)
        if held is None or to is None:
            continue
        key = f"notice:{each.id}:{channel}"
        messaging.tell(uow, to[0], _words(uow, house, each, held, to[1]), key=key)
        _tried(uow, each.spa_id, each.id, key)
        given += 1
    if not given:
        facts = {"kind": each.kind.value, "about_on": each.about_on.isoformat(), "tried": list(each.channels)}
        key = f"legal_notice:{each.id}"
        tasks.open_task(uow, each.spa_id, key=key, kind="legal_notice", client_id=each.client_id, facts=facts)


def _to(uow: UnitOfWork, each: Open, channel: str) -> tuple[Addressee, str] | None:
    to = reach(uow, each.spa_id, each.client_id, about_money=True)
    address = to.number if channel == "sms" else mail_address(uow, each.spa_id, each.client_id)
    if address is None:
        return None
    return Addressee(each.spa_id, address, to.locale, each.client_id, channel=channel), to.first_name


def _words(uow: UnitOfWork, house: House, each: Open, held: Held, first_name: str) -> Message:
    if each.kind is NoticeKind.ANNUAL:
        return AnnualNotice(
            first_name=first_name,
            plan=held.plan,
            dues_cents=held.price_cents(held.next_cycle),
            cycle_months=held.cycle_months,
            next_charge_on=held.next_charge_on,
            help_phone=house.help_phone,
        )
    [[plan, old_cents, new_cents]] = uow.sql(
        """SELECT p.name, o.dues_cents, n.dues_cents FROM plan_migration g
           JOIN plan_version o ON (o.spa_id, o.id) = (g.spa_id, g.from_version_id)
           JOIN plan_version n ON (n.spa_id, n.id) = (g.spa_id, g.to_version_id)
           JOIN plan p ON (p.spa_id, p.id) = (n.spa_id, n.plan_id) WHERE g.spa_id = %s AND g.id = %s""",
        (each.spa_id, each.migration_id),
    ).fetchall()
    return PriceChange(
        first_name=first_name,
        plan=plan,
        old_cents=old_cents,
        new_cents=new_cents,
        effective_on=each.about_on,
        help_phone=house.help_phone,
    )


def _tried(uow: UnitOfWork, spa_id: int, notice_id: int, key: str) -> None:
    """The message under a key is a try of this notice."""
    uow.sql(
        """INSERT INTO notice_try (spa_id, notice_id, place, channel, message_id, tried_at)
           SELECT %(spa)s, %(notice)s, (SELECT count(*) FROM notice_try t
                                        WHERE (t.spa_id, t.notice_id) = (%(spa)s, %(notice)s)),
                  o.channel, o.id, %(now)s
           FROM outbound_message o WHERE o.spa_id = %(spa)s AND o.key = %(key)s
             AND NOT EXISTS (SELECT 1 FROM notice_try t WHERE (t.spa_id, t.message_id) = (o.spa_id, o.id))""",
        {"spa": spa_id, "notice": notice_id, "now": uow.now, "key": key},
    )


def seen_to(uow: UnitOfWork, spa_id: int, notice_id: int, *, by: str, how: str) -> bool:
    """A person has given the notice: by hand, by post, by voice. False when it needs none any more."""
    row = uow.sql(
        "UPDATE legal_notice SET settled_at = %s, outcome = 'by_person' WHERE spa_id = %s AND id = %s"
        " AND settled_at IS NULL RETURNING 1",
        (uow.now, spa_id, notice_id),
    ).fetchone()
    if row is not None:
        uow.sql(
            """INSERT INTO notice_try (spa_id, notice_id, place, channel, tried_at, delivered_at)
               SELECT %s, %s, count(*), 'person', %s, %s FROM notice_try WHERE spa_id = %s AND notice_id = %s""",
            (spa_id, notice_id, uow.now, uow.now, spa_id, notice_id),
        )
        tasks.close_task(uow, spa_id, f"legal_notice:{notice_id}", by=by, resolution=how)
    return row is not None
