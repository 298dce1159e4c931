"""New prices for those who are members already: decided for a day, told with proof, and only then in force.

Without a notice that was delivered in its time a member keeps the old price, and a person is asked (`rules.md` 6.9).
"""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain import notices
from assistant.domain.calendar import local_day
from assistant.domain.notices import KeepOld, Notice, NoticeProof, Refused
from assistant.messages.catalog import PriceChange
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, legal_notices, messaging, tasks
from assistant.services.addressing import way_to


@dataclass(frozen=True, slots=True)
class Decided:
    """A migration that stands."""

    migration_id: int
    notice_on: date


def decide(
    uow: UnitOfWork,
    spa_id: int,
    from_version: int,
    to_version: int,
    *,
    effective_on: date,
    today: date,
    actor: str,
) -> Decided | Refused:
    """Have all who hold one version of a plan go over to another on a day that leaves time for the notice.

    A price that does not rise wants no time.
    """
    told = notices.price_notice(effective_on, today)
    if isinstance(told, Refused):
        if _rises(uow, spa_id, from_version, to_version):
            return told
        told = Notice(today)
    [[migration_id]] = uow.sql(
        "INSERT INTO plan_migration"
        " (spa_id, from_version_id, to_version_id, effective_on, notice_on, decided_at, decided_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (spa_id, from_version, to_version, effective_on, told.send_on, uow.now, actor),
    ).fetchall()
    facts = {"from": from_version, "to": to_version, "on": effective_on.isoformat()}
    subject = f"migration:{migration_id}"
    audit.write(uow, spa_id, actor=actor, evidence="E3", act="price_decided", subject=subject, after=facts)
    return Decided(migration_id, told.send_on)


def _rises(uow: UnitOfWork, spa_id: int, from_version: int, to_version: int) -> bool:
    rows = uow.sql(
        "SELECT id, dues_cents FROM plan_version WHERE spa_id = %s AND id IN (%s, %s)",
        (spa_id, from_version, to_version),
    )
    cents = {version: dues for version, dues in rows.fetchall()}  # noqa: C416 - rows are not pairs to mypy
    return bool(cents[to_version] > cents[from_version])


TO_TELL = """
    SELECT g.spa_id, g.id, m.id, m.client_id, s.help_phone, p.name, o.dues_cents, n.dues_cents, g.effective_on
    FROM plan_migration g JOIN spa s ON s.spa_id = g.spa_id
    JOIN plan_version o ON (o.spa_id, o.id) = (g.spa_id, g.from_version_id)
    JOIN plan_version n ON (n.spa_id, n.id) = (g.spa_id, g.to_version_id)
    JOIN plan p ON (p.spa_id, p.id) = (n.spa_id, n.plan_id)
    JOIN membership m ON (m.spa_id, m.plan_version_id) = (g.spa_id, g.from_version_id) AND m.standing <> 'ended'
    WHERE g.notice_on <= (%(now)s AT TIME ZONE s.zone)::date AND g.effective_on > (%(now)s AT TIME ZONE s.zone)::date
      AND NOT EXISTS (
        SELECT 1 FROM price_notice t WHERE (t.spa_id, t.migration_id, t.membership_id) = (g.spa_id, g.id, m.id))
    ORDER BY g.spa_id, g.id, m.id LIMIT 500"""


@dataclass(frozen=True, slots=True)
class ToTell:
    """One member whose price changes, as the question above gives them."""

    spa_id: int
    migration_id: int
    membership_id: int
    client_id: int
    help_phone: str
    plan: str
    old_cents: int
    new_cents: int
    effective_on: date


def send_notices(rt: Runtime) -> int:
    """Tell everyone whose price changes, once, when its notice is due. Returns how many."""
    told = 0
    while some := rt.transact(_tell_some):
        told += some
    return told


def _tell_some(uow: UnitOfWork) -> int:
    found = [ToTell(*row) for row in uow.sql(TO_TELL, {"now": uow.now}).fetchall()]
    for each in found:
        _tell(uow, each)
    return len(found)


def _tell(uow: UnitOfWork, each: ToTell) -> None:
    """The notice's row and its text; who cannot be texted has a row with no message, and is a person's task."""
    way = way_to(uow, each.spa_id, each.client_id, about_money=True)
    key = f"price:{each.migration_id}:{each.membership_id}"
    if way is not None:
        message = PriceChange(
            first_name=way.first_name,
            plan=each.plan,
            old_cents=each.old_cents,
            new_cents=each.new_cents,
            effective_on=each.effective_on,
            help_phone=each.help_phone,
        )
        messaging.tell(uow, way.to, message, key=key)
    else:
        facts = {"migration": each.migration_id}
        tasks.open_task(uow, each.spa_id, key=key, kind="price_notice_by_hand", client_id=each.client_id, facts=facts)
    uow.sql(
        "INSERT INTO price_notice (spa_id, migration_id, membership_id, message_id, sent_at)"
        " VALUES (%s, %s, %s, (SELECT id FROM outbound_message WHERE spa_id = %s AND key = %s), %s)",
        (each.spa_id, each.migration_id, each.membership_id, each.spa_id, key, uow.now),
    )
    legal_notices.of_price(uow, each.spa_id, each.migration_id, each.membership_id, each.effective_on, key)


def agree(uow: UnitOfWork, spa_id: int, migration_id: int, membership_id: int, *, actor: str) -> bool:
    """A member has said yes to the new price, where the law wants that said (`rules.md` 6.6). False for one who has not
    been told of it: nobody agrees to what they do not know.
    """
    row = uow.sql(
        "UPDATE price_notice SET agreed_at = %s WHERE spa_id = %s AND migration_id = %s AND membership_id = %s"
        " AND settled_at IS NULL RETURNING 1",
        (uow.now, spa_id, migration_id, membership_id),
    ).fetchone()
    if row is not None:
        subject = f"membership:{membership_id}"
        audit.write(uow, spa_id, actor=actor, evidence="E2", act="price_agreed", subject=subject)
    return row is not None


TO_MOVE = """
    SELECT g.id, m.id, m.client_id, g.to_version_id, g.effective_on, o.dues_cents, n.dues_cents, c.region, t.sent_at,
           t.agreed_at, CASE WHEN msg.status = 'delivered' THEN msg.settled_at END, EXISTS (
               SELECT 1 FROM membership o WHERE o.spa_id = m.spa_id AND o.client_id = m.client_id
               AND o.plan_version_id = g.to_version_id AND o.standing <> 'ended')
    FROM plan_migration g
    JOIN plan_version o ON (o.spa_id, o.id) = (g.spa_id, g.from_version_id)
    JOIN plan_version n ON (n.spa_id, n.id) = (g.spa_id, g.to_version_id)
    JOIN membership m ON (m.spa_id, m.plan_version_id) = (g.spa_id, g.from_version_id) AND m.standing <> 'ended'
    JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    LEFT JOIN price_notice t ON (t.spa_id, t.migration_id, t.membership_id) = (g.spa_id, g.id, m.id)
    LEFT JOIN outbound_message msg ON (msg.spa_id, msg.id) = (t.spa_id, t.message_id)
    WHERE g.spa_id = %s AND g.effective_on <= %s AND t.settled_at IS NULL ORDER BY g.effective_on, g.id, m.id"""


@dataclass(frozen=True, slots=True)
class ToMove:
    """One member whose new price is to come into force, with what can be shown for the notice."""

    migration_id: int
    membership_id: int
    client_id: int
    to_version: int
    effective_on: date
    old_cents: int
    new_cents: int
    region: str | None
    sent_at: datetime | None
    agreed_at: datetime | None
    delivered_at: datetime | None
    has_it: bool
    """They are a member under the new terms already: one such membership is all that there may be."""

    def proof(self, zone: str) -> NoticeProof:
        """In days of the spa."""

        def day(at: datetime | None) -> date | None:
            return None if at is None else local_day(at, zone)

        return NoticeProof(
            effective_on=self.effective_on,
            from_cents=self.old_cents,
            to_cents=self.new_cents,
            sent_on=day(self.sent_at),
            delivered_on=day(self.delivered_at),
            agreed_on=day(self.agreed_at),
        )


def take_effect(uow: UnitOfWork, spa_id: int, today: date) -> int:
    """The new price comes into force for those who were told in time; the others keep theirs. How many moved."""
    return sum(_move(uow, spa_id, each, outcome) for each, outcome in _due(uow, spa_id, today))


def moving(uow: UnitOfWork, spa_id: int, today: date) -> dict[int, int]:
    """Who would go over to which version on a day, as it stands now: by membership. Changes nothing."""
    return {each.membership_id: each.to_version for each, what in _due(uow, spa_id, today) if what == "moved"}


def _due(uow: UnitOfWork, spa_id: int, today: date) -> list[tuple[ToMove, str]]:
    """Everyone whose new price is due, and what is to become of it."""
    found = [ToMove(*row) for row in uow.sql(TO_MOVE, (spa_id, today)).fetchall()]
    if not found:
        return []
    [[zone]] = uow.sql("SELECT zone FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return [(each, _outcome(each, zone)) for each in found]


def _outcome(each: ToMove, zone: str) -> str:
    if each.has_it:
        return "kept:has_it"
    verdict = notices.may_raise(each.proof(zone), each.region)
    return f"kept:{verdict.reason}" if isinstance(verdict, KeepOld) else "moved"


def _move(uow: UnitOfWork, spa_id: int, each: ToMove, outcome: str) -> bool:
    if outcome == "moved":
        uow.sql(
            "UPDATE membership SET plan_version_id = %s, changed_at = %s WHERE spa_id = %s AND id = %s",
            (each.to_version, uow.now, spa_id, each.membership_id),
        )
    else:
        key, facts = f"price_kept:{each.migration_id}:{each.membership_id}", {"why": outcome}
        tasks.open_task(uow, spa_id, key=key, kind="price_kept", client_id=each.client_id, facts=facts)
    uow.sql(
        """INSERT INTO price_notice AS t (spa_id, migration_id, membership_id, sent_at, settled_at, outcome)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (spa_id, migration_id, membership_id)
           DO UPDATE SET settled_at = excluded.settled_at, outcome = excluded.outcome""",
        (spa_id, each.migration_id, each.membership_id, uow.now, uow.now, outcome),
    )
    subject = f"membership:{each.membership_id}"
    audit.write(uow, spa_id, actor="clock", evidence="E3", act=f"price_{outcome}", subject=subject)
    return outcome == "moved"
