"""Mail by SendGrid's own client: what it took, what it refused, and what only its events can tell."""

import socket
import ssl
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from python_http_client.client import Client
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from assistant.gateways.email_port import Mail
from assistant.gateways.ports import Accepted, Answer, Refused, Unanswered

SENDGRID = "https://api.sendgrid.com"
SECONDS = 10.0
NOT_SENT = 0
"""Our own code for a request that never left: `Refused(0, …)` may simply be tried again."""
REASONS = {
    NOT_SENT: "not sent: no connection to SendGrid",
    400: "SendGrid does not take such a mail",
    401: "SendGrid does not accept our key",
    403: "our key may not send, or not from this address",
    413: "the mail is too large",
    429: "too many requests",
}
"""Our own words for SendGrid's refusals: its sentences quote the address."""


def sendgrid_client(api_key: str, api_base: str | None = None, *, timeout: float = SECONDS) -> SendGridAPIClient:
    """A client for SendGrid, or for whatever answers at `api_base`.

    `timeout`, in seconds, bounds connecting and each read alike: urllib knows only one. The SDK itself sets none.
    """
    made = SendGridAPIClient(api_key, host=(api_base or SENDGRID).rstrip("/"))
    made.client = _Http(host=made.host, request_headers=made._default_headers, version=3, timeout=timeout)  # noqa: SLF001
    return made


class SendGridEmails:
    """The `Emails` port by SendGrid's own SDK. Safe to share between threads: each call builds what it changes."""

    def __init__(self, api_key: str, api_base: str | None = None, *, timeout: float = SECONDS) -> None:
        self._client = sendgrid_client(api_key, api_base, timeout=timeout)

    def send(self, mail: Mail) -> Answer:
        try:
            answer = self._client.client.mail.send.post(request_body=body(mail))
        except HTTPError as error:
            return judged(int(error.status_code))
        except (OSError, HTTPException) as error:
            return _unheard(error)
        taken_as = answer.headers.get("X-Message-Id") if answer.status_code == HTTPStatus.ACCEPTED else None
        return Accepted(taken_as) if taken_as else Unanswered(f"SendGrid answered with status {answer.status_code}")


def body(mail: Mail) -> dict[str, Any]:
    """The request as `POST /v3/mail/send` describes it.

    Nothing is rewritten or watched: a link is the member's own, and who opened what is not ours to know.
    """
    named = {"s": str(mail.spa_id), "m": str(mail.message_id)}
    reply_to = {"reply_to": {"email": mail.reply_to}} if mail.reply_to else {}
    return {
        "personalizations": [{"to": [{"email": mail.recipient}], "custom_args": named}],
        "from": {"email": mail.sender, "name": mail.sender_name},
        **reply_to,
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "headers": dict(mail.headers),
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


def judged(status: int) -> Refused | Unanswered:
    """A 4xx is a plain no. A server that failed, or gave up waiting (408), may have taken the mail first."""
    if not 400 <= status < 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unanswered(f"SendGrid answered with status {status}")
    return Refused(status, REASONS.get(status, f"SendGrid refused with status {status}"))


def _unheard(error: Exception) -> Refused | Unanswered:
    """Only the kind of an error is told: its sentence might quote the address."""
    if _never_left(error):
        return Refused(NOT_SENT, REASONS[NOT_SENT])
    cause = error.reason if isinstance(error, URLError) else error
    return Unanswered(type(cause).__name__)


def _never_left(error: Exception) -> bool:
    """Whether this proves that no byte of the request was sent: nobody was there, or not SendGrid.

    A time-out does not: urllib knows one for connecting and for sending alike.
    """
    cause = error.reason if isinstance(error, URLError) else None
    return isinstance(cause, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)


class _AnswersOnly(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A redirect is an answer like any other: following it would take our key along."""


class _Http(Client):  # type: ignore[misc]  # it comes without types
    """SendGrid's HTTP client, which follows redirects by itself and hands on nothing that it is not told to."""

    def _build_client(self, name: str | None = None) -> "_Http":
        return _Http(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(self, _: OpenerDirector, request: Request, timeout: float | None = None) -> object:
        return super()._make_request(build_opener(_AnswersOnly), request, timeout=timeout)
