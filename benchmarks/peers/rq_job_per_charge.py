"""The billing run's peer: a job for each charge, taken by RQ's own workers as its documentation starts them.

Each job is run in a fork of its own, which imports what it needs, opens its own connection and client, and charges one
invoice, with a key for the charge and a double entry for the money: what a careful newcomer to RQ writes.
"""

import os

import psycopg
import stripe

TABLES = """
CREATE TABLE invoice (id bigint PRIMARY KEY, customer text, card text, cents int, status text DEFAULT 'open');
CREATE TABLE attempt (invoice_id bigint REFERENCES invoice, key text PRIMARY KEY, status text DEFAULT 'asked');
CREATE TABLE posting (invoice_id bigint REFERENCES invoice, account text, cents int, UNIQUE (invoice_id, account));
"""


def charge(invoice_id: int) -> None:
    """The whole of one charge."""
    client = stripe.StripeClient(
        os.environ["STRIPE_SECRET_KEY"], base_addresses={"api": os.environ["STRIPE_API_BASE"]}, max_network_retries=2
    )
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT customer, card, cents, status FROM invoice WHERE id = %s FOR UPDATE", (invoice_id,)
        ).fetchone()
        if found is None or found[3] != "open":
            return
        customer, card, cents, _ = found
        key = f"peer:{invoice_id}"
        connection.execute("INSERT INTO attempt (invoice_id, key) VALUES (%s, %s)", (invoice_id, key))
        connection.commit()
        client.v1.payment_intents.create(
            {
                "amount": cents,
                "currency": "usd",
                "customer": customer,
                "payment_method": card,
                "confirm": True,
                "off_session": True,
            },
            {"idempotency_key": key},
        )
        connection.execute("UPDATE attempt SET status = 'succeeded' WHERE key = %s", (key,))
        connection.execute("UPDATE invoice SET status = 'paid' WHERE id = %s", (invoice_id,))
        for account, amount in (("cash", cents), ("dues", -cents)):
            connection.execute("INSERT INTO posting VALUES (%s, %s, %s)", (invoice_id, account, amount))
