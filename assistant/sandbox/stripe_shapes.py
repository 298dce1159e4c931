"""Stripe's objects as they go over the wire: every field of each kind, most of them empty."""

from collections.abc import Mapping
from typing import Any

from assistant.sandbox.stripe_objects import Facts

API_VERSION = "2026-10-28.endive"
CARD_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
NOBODY = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}

SHAPES: Mapping[str, Facts] = {
    "customer": {
        **dict.fromkeys(
            "address currency default_source description discount email name phone shipping test_clock".split()
        ),
        "balance": 0,
        "delinquent": False,
        "invoice_prefix": "TEST0001",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    },
    "payment_method": {
        "allow_redisplay": "limited",
        "billing_details": NOBODY,
        "card": {
            "checks": CARD_CHECKS,
            "country": "US",
            "display_brand": None,
            "funding": "credit",
            "generated_from": None,
            "networks": {"available": [], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    },
    "setup_intent": {
        **dict.fromkeys(
            "application automatic_payment_methods cancellation_reason client_secret customer description "
            "excluded_payment_method_types flow_directions last_setup_error latest_attempt mandate next_action "
            "on_behalf_of payment_method payment_method_configuration_details single_use_mandate".split()
        ),
        "livemode": False,
        "metadata": {},
        "payment_method_options": {
            "card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
        "usage": "off_session",
    },
    "payment_intent": {
        **dict.fromkeys(
            "application application_fee_amount automatic_payment_methods canceled_at cancellation_reason "
            "client_secret customer customer_account description excluded_payment_method_types last_payment_error "
            "latest_charge managed_payments next_action on_behalf_of payment_method "
            "payment_method_configuration_details processing receipt_email review setup_future_usage shipping source "
            "statement_descriptor statement_descriptor_suffix transfer_data transfer_group".split()
        ),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "currency": "usd",
        "livemode": False,
        "metadata": {},
        "payment_method_options": {
            "card": {"installments": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
    },
    "charge": {
        **dict.fromkeys(
            "application application_fee application_fee_amount balance_transaction customer description "
            "failure_balance_transaction failure_code failure_message on_behalf_of payment_intent payment_method "
            "receipt_email receipt_number receipt_url review shipping source source_transfer statement_descriptor "
            "statement_descriptor_suffix transfer_data transfer_group".split()
        ),
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": NOBODY,
        "calculated_statement_descriptor": "SANDBOX",
        "captured": False,
        "currency": "usd",
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "outcome": {
            **dict.fromkeys("advice_code network_advice_code network_decline_code network_status reason".split()),
            "risk_level": "normal",
            "seller_message": None,
            "type": "authorized",
        },
        "paid": False,
        "payment_method_details": {
            "card": {
                **dict.fromkeys(
                    "amount_authorized authorization_code installments mandate network_token network_transaction_id "
                    "three_d_secure transaction_link_id wallet".split()
                ),
                "checks": CARD_CHECKS,
                "country": "US",
                "extended_authorization": {"status": "disabled"},
                "funding": "credit",
                "incremental_authorization": {"status": "unavailable"},
                "multicapture": {"status": "unavailable"},
                "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
                "regulated_status": "unregulated",
            },
            "type": "card",
        },
        "refunded": False,
    },
    "balance_transaction": {
        "balance_type": "payments",
        "currency": "usd",
        "description": None,
        "exchange_rate": None,
        "reporting_category": "charge",
        "status": "pending",
        "type": "charge",
    },
    "checkout.session": {
        **dict.fromkeys(
            "adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total "
            "billing_address_collection cancel_url client_reference_id client_secret collected_information consent "
            "consent_collection currency currency_conversion customer customer_account customer_creation "
            "customer_details customer_email discounts integration_identifier invoice invoice_creation locale "
            "managed_payments origin_context payment_intent payment_link payment_method_collection "
            "payment_method_configuration_details permissions recovered_from saved_payment_method_options setup_intent "
            "shipping_address_collection shipping_cost submit_type subscription success_url total_details url "
            "wallet_options".split()
        ),
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "custom_text": dict.fromkeys(
            ["after_submit", "shipping_address", "submit", "terms_of_service_acceptance"],
        ),
        "livemode": False,
        "metadata": {},
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "ui_mode": "hosted_page",
    },
    "refund": {
        **dict.fromkeys(
            "balance_transaction customer customer_account payment_intent payment_method reason receipt_number "
            "source_transfer_reversal transfer_reversal".split()
        ),
        "currency": "usd",
        "destination_details": {
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        "metadata": {},
    },
    "dispute": {
        "balance_transactions": [],
        "currency": "usd",
        "enhanced_eligibility_types": [],
        "evidence": {},
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": None,
    },
    "event": {
        "api_version": API_VERSION,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
    },
}
"""A charge has no `refunds`: since 2022 they come only when asked for (`rules.md` 5.11)."""


def whole(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Facts, and those inside them, as Stripe would send them. What begins with _ is the book's own."""
    if isinstance(value, list):
        return [whole(each) for each in value]
    if not isinstance(value, dict):
        return value
    shape = SHAPES.get(value["object"]) if isinstance(value.get("object"), str) else None
    shown = {name: whole(each) for name, each in value.items() if not name.startswith("_")}
    return _laid_over(shape, shown) if shape else shown


def _laid_over(shape: Facts, facts: Facts) -> Facts:
    laid = {**shape, **facts}
    for name, under in shape.items():
        over = facts.get(name)
        if under and isinstance(under, dict) and isinstance(over, dict):
            laid[name] = _laid_over(under, over)
    return laid
