"""What befalls cards and payments outside of our house: banks decline, the updater renews, money is given back."""

from collections.abc import Sequence
from typing import Any

from assistant.sandbox.stripe_cards import Verdict
from assistant.simulation.house import House, Person

SOFT = (
    Verdict("insufficient_funds", "try_again_later", "51"),
    Verdict("do_not_honor", "try_again_later", "05"),
    Verdict("generic_decline", "try_again_later"),
    Verdict("try_again_later"),
    Verdict("card_velocity_exceeded", "try_again_later", "65"),
    Verdict("insufficient_funds", network_advice_code="24"),
    Verdict("insufficient_funds", network_advice_code="27"),
    Verdict("security_violation"),
    Verdict("never_heard_of_it"),
    Verdict("processing_error", "try_again_later"),
    Verdict("issuer_not_available"),
)
HARD = (
    Verdict("expired_card", "confirm_card_data", "54"),
    Verdict("incorrect_cvc", "confirm_card_data", "N7"),
    Verdict("new_account_information_available"),
    Verdict("card_not_supported"),
    Verdict("transaction_not_allowed"),
    Verdict("lost_card", "do_not_try_again", "41"),
    Verdict("stolen_card", "do_not_try_again", "43"),
    Verdict("do_not_honor", network_advice_code="03"),
    Verdict("revocation_of_authorization", network_decline_code="R1"),
    Verdict("do_not_honor", network_advice_code="40"),
)
OURS = (
    Verdict("fraudulent", blocked=True),
    Verdict("invalid_amount"),
    Verdict("duplicate_transaction"),
    Verdict("testmode_decline"),
)
AUTHENTICATE = Verdict("authentication_required")
PROCESSING = Verdict(processing=True)
YES = Verdict()


def payment_method(house: House, person: Person, role: str = "current") -> str | None:
    """Their card at the processor, as we know it."""
    rows = house.rows("SELECT payment_method_id FROM card WHERE client_id = %s AND role = %s", (person.client_id, role))
    return str(rows[0][0]) if rows else None


def sour(house: House, person: Person) -> str | None:
    """From now on the bank says no to a card: a few times, or for good."""
    method = payment_method(house, person, "backup" if house.chance.random() < 0.15 else "current")
    if method is None:
        return None
    [(kind, choice)] = house.chance.choices(
        [("soft", SOFT), ("hard", HARD), ("ours", OURS), ("auth", (AUTHENTICATE,)), ("processing", (PROCESSING,))],
        (60, 22, 4, 9, 5),
    )
    verdict = house.chance.choice(choice)
    match kind:
        case "processing":
            house.stripe.behave(method, PROCESSING, standing=YES)
        case "soft" if house.chance.random() < 0.6:
            house.stripe.behave(method, *_several(house, verdict), standing=YES)
        case _:
            house.stripe.behave(method, standing=verdict)
    house.happened[f"bank: {kind}"] += 1
    return f"{person.name}'s bank: {verdict.decline_code or 'processing'}"


def _several(house: House, verdict: Verdict) -> Sequence[Verdict]:
    return [verdict, *(house.chance.choice(SOFT) for _ in range(house.chance.randint(0, 3)))]


def sweeten(house: House, person: Person) -> str | None:
    """There is money on the account again."""
    method = payment_method(house, person)
    if method is None:
        return None
    house.stripe.behave(method, standing=YES)
    house.happened["bank: money again"] += 1
    return f"{person.name} has money again"


def renew(house: House, person: Person) -> str | None:
    """The networks' updater has a new card of the same account, under a new number or only a new date."""
    method = payment_method(house, person)
    if method is None:
        return None
    number = house.new_number() if house.chance.random() < 0.5 else None
    house.stripe.renew_card(method, number=number, exp_year=house.today.year + house.chance.randint(3, 9))
    house.happened["card renewed by the updater"] += 1
    return f"{person.name}'s card is renewed by the updater"


def detach(house: House, person: Person) -> str | None:
    """Somebody takes a card away on the processor's own pages."""
    method = payment_method(house, person)
    if method is None or not house.bare.vault.detach(None, method):
        return None
    house.happened["card detached outside"] += 1
    return f"{person.name}'s card is taken away outside"


def give_back(house: House, person: Person) -> str | None:
    """Somebody refunds a charge at the processor, behind our back: all of it, or a part."""
    paid = [each for each in payments_of(house, person) if each["status"] == "succeeded"]
    fresh = [each for each in paid if each["id"] not in house.given_back]
    if not fresh:
        return None
    payment, cents = fresh[-1]["id"], None
    if house.chance.random() < 0.4:
        cents = max(1, fresh[-1]["amount"] // 3)
    try:
        house.stripe.refund(payment, cents)
    except ValueError:
        return f"{person.name}'s last charge cannot be given back outside"
    house.given_back.add(payment)
    house.happened["refunded outside"] += 1
    return f"{person.name}'s last charge is refunded outside"


def payments_of(house: House, person: Person) -> Sequence[dict[str, Any]]:
    if person.customer_id is None:
        return ()
    return house.stripe.all("payment_intent", customer=person.customer_id)


def settle_processing(house: House) -> int:
    """What the banks had yet to say, they say: yes mostly."""
    settled = 0
    for (customer_id,) in house.rows(PROCESSING_OF):
        for each in house.stripe.all("payment_intent", customer=str(customer_id), where={"status": "processing"}):
            verdict = YES if house.chance.random() < 0.6 else SOFT[0]
            house.stripe.settle_payment(each["id"], verdict)
            house.happened["processing settled"] += 1
            settled += 1
    return settled


PROCESSING_OF = """
    SELECT DISTINCT customer_id FROM charge_attempt WHERE status IN ('asked', 'unanswered') ORDER BY 1"""
