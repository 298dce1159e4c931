"""Money back by Stripe, and disputes as its book has them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.gateways.ports import Challenge, GivenBack, NotGiven, RefundAnswer, RefundOrder, Unanswered
from assistant.gateways.stripe_answers import Body, Reply, fault_of
from assistant.gateways.stripe_payments import PAGE, Ask, fetched, told, understood

GONE_WRONG = frozenset({"failed", "canceled"})
"""All else is on its way, or there: a refund is told of again when the bank sends it back."""
OUTCOMES = {"won": True, "warning_closed": True, "lost": False, "charge_refunded": True, "prevented": True}


class StripeRefunds:
    """The `Refunds` port. Safe to share between threads."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def give(self, order: RefundOrder) -> RefundAnswer:
        params: dict[str, Any] = {
            "payment_intent": order.payment_id,
            "amount": order.amount_cents,
            "metadata": {**order.metadata, "key": order.key},
        }
        reply = self._ask("refunds.create", params, account=order.account, key=order.key)
        if not isinstance(reply, Reply):
            return reply
        if fault := fault_of(reply):
            return fault
        if reply.status != 200:
            return NotGiven(str(reply.error.get("code") or "invalid_request"))
        answer = understood(_given, reply.body)
        return NotGiven(answer.failure) if isinstance(answer, GivenBack) and answer.failure else answer

    def find(
        self, account: str | None, *, payment_id: str | None = None, refund_id: str | None = None
    ) -> Sequence[GivenBack] | Unanswered:
        if refund_id is not None:
            return self._one(account, refund_id)
        asked: dict[str, Any] = {"payment_intent": payment_id, "limit": PAGE}
        found: list[GivenBack] = []
        while True:
            page = told(self._ask("refunds.list", asked, account=account))
            if isinstance(page, Unanswered):
                return page
            given = understood(_page, page)
            if isinstance(given, Unanswered):
                return given
            found += given
            if not page.get("has_more") or not given:
                return found[::-1]
            asked |= {"starting_after": given[-1].refund_id}

    def _one(self, account: str | None, refund_id: str) -> Sequence[GivenBack] | Unanswered:
        body = fetched(self._ask, "refunds.retrieve", {}, account, refund_id)
        if not isinstance(body, Mapping):
            return [] if body is None else body
        one = understood(_given, body)
        return one if isinstance(one, Unanswered) else [one]

    def dispute(self, account: str | None, dispute_id: str) -> Challenge | Unanswered | None:
        found = fetched(self._ask, "disputes.retrieve", {}, account, dispute_id)
        return understood(_challenge, found) if isinstance(found, Mapping) else found


def _page(page: Body) -> list[GivenBack]:
    return [_given(each) for each in page["data"]]


def _given(refund: Body) -> GivenBack:
    failed = refund["status"] in GONE_WRONG
    return GivenBack(
        refund_id=refund["id"],
        payment_id=refund["payment_intent"] or "",
        key=(refund.get("metadata") or {}).get("key"),
        amount_cents=int(refund["amount"]),
        failure=str(refund.get("failure_reason") or refund["status"]) if failed else None,
    )


def _challenge(dispute: Body) -> Challenge:
    """What it moved is in its own transactions; the fee with them."""
    status = dispute["status"]
    moves = dispute.get("balance_transactions") or []
    due_by = (dispute.get("evidence_details") or {}).get("due_by")
    return Challenge(
        dispute_id=dispute["id"],
        payment_id=dispute["payment_intent"] or "",
        amount_cents=int(dispute["amount"]),
        reason=str(dispute["reason"]),
        inquiry=status.startswith("warning_"),
        outcome=OUTCOMES.get(status),
        due_at=None if due_by is None else datetime.fromtimestamp(due_by, UTC),
        withdrawn_cents=-sum(int(each["amount"]) for each in moves if each["amount"] < 0),
        reinstated_cents=sum(int(each["amount"]) for each in moves if each["amount"] > 0),
        fee_cents=sum(int(each["fee"]) for each in moves),
    )
