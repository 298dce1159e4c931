"""What comes after a charge in Stripe's book: money given back, and money taken back."""

from assistant.sandbox.stripe_keys import Outcome, invalid
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_shelf import Shelf

REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})
INQUIRY = "warning_needs_response"
OPENED = frozenset({"needs_response", INQUIRY})
CLOSED = frozenset({"won", "lost", "warning_closed"})
DISPUTE_FEE_CENTS = 1500


class Aftermath:
    """Refunds and disputes of one book."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def refund(self, account: str, params: Facts) -> Outcome:
        charge = self._charge(account, params)
        left = charge["amount"] - charge.get("amount_refunded", 0)
        if charge.get("_taken_back"):
            raise invalid(
                f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
            )
        amount = params["amount"] if params.get("amount") is not None else left
        if left == 0:
            raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        if not 0 < amount <= left:
            raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
        if params.get("reason") not in {None, *REASONS}:
            raise invalid("Invalid reason", "reason")
        wanted = {name: params[name] for name in ("reason", "metadata") if params.get(name) is not None}
        refund = self._shelf.new(account, "refund", amount=amount, **_of(charge), status="succeeded", **wanted)
        refund["balance_transaction"] = self._book(account, refund, -amount, "refund")
        charge["amount_refunded"] = charge.get("amount_refunded", 0) + amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._shelf.change(account, charge, "charge.refunded")
        self._shelf.change(account, refund, "refund.created")
        return Outcome(200, refund)

    def fail_refund(self, account: str, id_: str) -> Facts:
        """The bank sends the money back: the charge is as it was."""
        refund = self._shelf.find(account, "refund", id_)
        if refund["status"] != "succeeded":
            raise invalid(f"This refund has a status of {refund['status']}.")
        charge = self._shelf.find(account, "charge", refund["charge"])
        charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
        self._shelf.objects.save(charge)
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        refund["failure_balance_transaction"] = self._book(account, refund, refund["amount"], "refund_failure")
        self._shelf.change(account, refund, "refund.updated", "refund.failed")
        return refund

    def open_dispute(
        self, account: str, charge_id: str, *, amount: int | None = None, reason: str = "general", status: str
    ) -> Facts:
        """A cardholder asks the bank for the money back; with the status of a warning the bank only asks questions."""
        charge = self._charge(account, {"charge": charge_id})
        if status not in OPENED:
            raise invalid(f"A dispute opens as one of: {', '.join(sorted(OPENED))}.", "status")
        if charge.get("disputed"):
            raise invalid(f"Charge {charge['id']} is already disputed.")
        card = charge["payment_method_details"]["card"]
        kind = "inquiry" if status == INQUIRY else "chargeback"
        details = {"brand": card["brand"], "case_type": kind, "network": card["brand"], "network_reason_code": "10.4"}
        dispute = self._shelf.new(
            account,
            "dispute",
            amount=amount if amount is not None else charge["amount"] - charge.get("amount_refunded", 0),
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            reason=reason,
            status=status,
            is_charge_refundable=status == INQUIRY,
            payment_method_details={"card": details, "type": "card"},
            evidence_details={
                "due_by": self._shelf.now() + 7 * 86_400,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
        )
        charge |= {"disputed": True, "_taken_back": status != INQUIRY}
        self._shelf.objects.save(charge)
        self._shelf.change(account, dispute, "charge.dispute.created")
        if status != INQUIRY:
            self._move(account, dispute, -dispute["amount"], DISPUTE_FEE_CENTS, "charge.dispute.funds_withdrawn")
        return dispute

    def close_dispute(self, account: str, id_: str, outcome: str) -> Facts:
        dispute = self._shelf.find(account, "dispute", id_)
        if dispute["status"] in CLOSED:
            raise invalid(f"This dispute is already closed: {dispute['status']}.")
        fitting = {"warning_closed"} if dispute["status"] == INQUIRY else {"won", "lost"}
        if outcome not in fitting:
            raise invalid(f"This dispute closes as one of: {', '.join(sorted(fitting))}.", "outcome")
        dispute["status"] = outcome
        if outcome == "won":
            self._shelf.objects.save(self._charge(account, dispute) | {"_taken_back": False})
            self._move(account, dispute, dispute["amount"], 0, "charge.dispute.funds_reinstated")
        self._shelf.change(account, dispute, "charge.dispute.closed")
        return dispute

    def _move(self, account: str, dispute: Facts, amount: int, fee: int, type_: str) -> None:
        made = self._shelf.objects.one(account, self._book(account, dispute, amount, "adjustment", fee=fee))
        dispute["balance_transactions"] = [*dispute.get("balance_transactions", []), made]
        self._shelf.change(account, dispute, type_)

    def _charge(self, account: str, params: Facts) -> Facts:
        """The charge that went through, named by itself or by its payment."""
        if params.get("charge"):
            charge = self._shelf.find(account, "charge", params["charge"], "charge")
        elif params.get("payment_intent"):
            intent = self._shelf.find(account, "payment_intent", params["payment_intent"], "payment_intent")
            if not intent.get("latest_charge"):
                raise invalid("This PaymentIntent does not have a successful charge to refund.", "payment_intent")
            charge = self._shelf.find(account, "charge", intent["latest_charge"])
        else:
            raise invalid("One of the following params should be provided: payment_intent, charge.")
        if charge["status"] != "succeeded":
            raise invalid(f"The charge {charge['id']} did not succeed.", "charge")
        return charge

    def _book(self, account: str, source: Facts, amount: int, type_: str, *, fee: int = 0) -> str:
        detail = {"amount": fee, "application": None, "currency": "usd", "description": "fee", "type": "stripe_fee"}
        made = self._shelf.new(
            account,
            "balance_transaction",
            amount=amount,
            fee=fee,
            fee_details=[detail] if fee else [],
            net=amount - fee,
            source=source["id"],
            available_on=self._shelf.now(),
            type=type_,
            reporting_category="dispute" if type_ == "adjustment" else type_,
        )
        return str(made["id"])


def _of(charge: Facts) -> Facts:
    named = ("payment_intent", "payment_method", "customer")
    return {"charge": charge["id"], **{name: charge[name] for name in named if charge.get(name)}}
