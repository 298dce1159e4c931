"""How we reach SendGrid: its own client, with a limit on how long we wait."""

from sendgrid import SendGridAPIClient

SENDGRID = "https://api.sendgrid.com"
SECONDS = 10.0


def sendgrid_client(api_key: str, api_base: str | None = None, *, timeout: float = SECONDS) -> SendGridAPIClient:
    """A client for SendGrid, or for whatever answers at `api_base`.

    `timeout`, in seconds, bounds connecting and each read alike: urllib knows only one. The SDK itself sets none.
    """
    client = SendGridAPIClient(api_key, host=(api_base or SENDGRID).rstrip("/"))
    client.client.timeout = timeout  # handed down to every call the client builds
    return client
