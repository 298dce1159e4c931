"""What is done with credit and money in a day, by whom and how often."""

from collections.abc import Callable

from assistant.simulation import changing, gifts, members, money_back, purse, staff, till
from assistant.simulation.house import House, Person

Deed = Callable[[House, Person], str | None]
VISITS: tuple[tuple[Deed, int], ...] = (
    (till.visit, 44),
    (till.void, 7),
    (purse.use, 14),
    (purse.undo, 8),
    (purse.book, 6),
    (purse.come, 7),
    (gifts.give, 8),
    (gifts.hand_on, 6),
    (gifts.have_back, 4),
    (gifts.extend, 2),
)
"""What members do with what they hold."""
CHANGES: tuple[tuple[Deed, int], ...] = (
    *changing.CHANGES,
    (money_back.refund, 14),
    (money_back.dispute, 6),
    (money_back.own_mistake, 4),
)
"""What they change, and what goes back to them."""
BESIDE_THE_TILL: tuple[Deed, ...] = (
    *(till.visit, till.visit, till.void, purse.use, purse.use, purse.book, gifts.hand_on),
)
"""What befalls one who is being served, between two moments of a till."""
BESIDE_A_WORKER: tuple[Deed, ...] = (
    *(members.pay, members.skip, members.new_card, staff.take_cash, staff.retry, staff.waive),
    *(till.visit, purse.use, changing.pause, changing.cancel, changing.change_plan, money_back.refund),
)
"""What somebody does while a worker waits for an answer."""
LATER: tuple[tuple[float, str, Deed], ...] = (
    (
        0.15,
        "SELECT DISTINCT client_id FROM invoice WHERE status = 'skipped' AND reason = 'missed' ORDER BY 1 LIMIT 20",
        staff.take_missed,
    ),
    (
        0.2,
        """SELECT DISTINCT client_id FROM dunning_case
           WHERE closed_at IS NULL AND promise_on IS NOT NULL ORDER BY 1 LIMIT 20""",
        members.unpromise,
    ),
    (
        0.15,
        """SELECT DISTINCT m.client_id FROM pause z JOIN membership m ON (m.spa_id, m.id) = (z.spa_id, z.membership_id)
           WHERE z.ended_at IS NULL ORDER BY 1 LIMIT 20""",
        changing.resume,
    ),
    (
        0.1,
        """SELECT DISTINCT m.client_id FROM cancellation x
           JOIN membership m ON (m.spa_id, m.id) = (x.spa_id, x.membership_id)
           WHERE x.withdrawn_at IS NULL AND x.done_at IS NULL ORDER BY 1 LIMIT 20""",
        changing.stay,
    ),
    (
        0.2,
        """SELECT DISTINCT client_id FROM staff_task
           WHERE kind = 'refund_due' AND closed_at IS NULL AND client_id IS NOT NULL ORDER BY 1 LIMIT 20""",
        money_back.own_mistake,
    ),
    (
        0.2,
        """SELECT DISTINCT client_id FROM credit_hold WHERE settled_at IS NULL AND ref LIKE 'booking:%%'
           ORDER BY 1 LIMIT 20""",
        purse.come,
    ),
    (
        0.25,
        """SELECT DISTINCT i.client_id FROM charge_attempt a
           JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
           WHERE a.status IN ('asked', 'unanswered') AND i.kind = 'dues' ORDER BY 1 LIMIT 20""",
        changing.cancel,
    ),
)
"""What somebody does about what is pending with them: how often in a day, with whom, and what."""
