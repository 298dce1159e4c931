"""How we reach Stripe: its own client, with a limit on how long we wait and no retries behind our back."""

import stripe

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0


def stripe_client(
    secret_key: str, api_base: str | None = None, *, timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
) -> stripe.StripeClient:
    """A client for Stripe, or for whatever answers at `api_base`. `timeout` is (connect, read), in seconds.

    The SDK would wait 80 s. It would also retry, but only under a key of its own making unless we pass ours: retries
    are the business of our charge attempts, which commit their key first.
    """
    return stripe.StripeClient(
        secret_key,
        base_addresses={"api": api_base} if api_base else {},
        http_client=stripe.RequestsClient(timeout=timeout),
        max_network_retries=0,
    )
