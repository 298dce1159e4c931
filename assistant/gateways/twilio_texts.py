"""Text messages by Twilio: what it took, what it refused, and what nobody can know without asking again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from urllib3 import PoolManager, Timeout, make_headers
from urllib3.exceptions import DecodeError, NewConnectionError, ProtocolError, ProxyError, SSLError, TimeoutError

from assistant.gateways.ports import Accepted, Answer, Refused, Text, Unanswered
from assistant.gateways.unsent import never_left

CONNECT_SECONDS, READ_SECONDS = 3.05, 10.0
OFFICIAL = "https://api.twilio.com"
POOL = 64
"""Kept connections: as many as calls may be on their way at once."""
NOT_SENT = 0
"""Our own code for a request that never left: `Refused(0, …)` may simply be tried again."""
THROTTLED = 20429
SKEW = timedelta(minutes=1)
"""How far Twilio's clock may stand behind ours before a text of ours is missed by `find`."""
WELL_BEFORE = timedelta(days=1)
LOOKBACK = 500
PAGE = 50

REASONS = {
    NOT_SENT: "not sent: no connection to Twilio",
    THROTTLED: "too many requests",
    20003: "Twilio does not accept our credentials",
    21211: "the recipient's number is not valid",
    21408: "texting to that country is not enabled",
    21602: "the text has no words",
    21606: "the sender's number cannot send texts",
    21610: "the recipient has opted out",
    21614: "the recipient's number cannot receive texts",
    21617: "the text is longer than 1600 characters",
}
"""Our own words for Twilio's refusals (`rules.md` 3.6): its sentences quote the number."""


def status_callback(public_base_url: str, text: Text) -> str:
    """Where Twilio tells what became of a text. Our row's id rides along, so that a lost answer is still matched."""
    return f"{public_base_url}/webhooks/twilio/status?m={text.message_id}&s={text.spa_id}"


class TwilioTexts:
    """The `Texts` port by Twilio's own SDK. Safe to share between threads."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        public_base_url: str,
        api_base: str | None = None,
        *,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        # A given environment keeps TWILIO_EDGE and TWILIO_REGION from rewriting an address that we chose.
        chosen = {"TWILIO_ACCOUNT_SID": account_sid} if api_base else None
        http = _Http(Timeout(*timeout), _pool(api_base or OFFICIAL))
        client = Client(account_sid, auth_token, http_client=http, environment=chosen)
        if api_base:
            client.api.base_url = api_base
        self._messages = client.api.account.messages
        self._public_base_url = public_base_url

    def send(self, text: Text) -> Answer:
        try:
            taken = self._messages.create(
                from_=text.sender,
                to=text.recipient,
                body=text.body,
                status_callback=status_callback(self._public_base_url, text),
                validity_period=text.validity_seconds,
            )
        except (TwilioRestException, TwilioServiceException) as error:
            return _judged(error.status, error.code)
        except (*BROKEN, _Garbled) as error:
            return _unheard(error)
        return Accepted(taken.sid)

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """The oldest text that fits.

        Twilio could filter by `DateSent`, but a text still in its queue has none, and a text missed here would be
        sent twice: so everything between the two numbers is read, newest first, until well before `since`.
        """
        found: Accepted | None = None
        try:
            for each in self._messages.stream(to=text.recipient, from_=text.sender, limit=LOOKBACK, page_size=PAGE):
                taken_at = each.date_created or since
                if taken_at < since - WELL_BEFORE:
                    break
                if taken_at >= since - SKEW and each.body == text.body and each.sid not in known:
                    found = Accepted(each.sid)
        except (TwilioException, *BROKEN, _Garbled) as error:
            return Unanswered(_named(error))
        return found

    def redact(self, provider_id: str) -> bool:
        """False for a text still on its way: Twilio keeps its words until it has arrived or failed."""
        try:
            self._messages(provider_id).update(body="")
        except (TwilioRestException, TwilioServiceException) as error:
            return bool(error.status == HTTPStatus.NOT_FOUND)  # it holds no such text, so none of its words
        except (TwilioException, *BROKEN, _Garbled):
            return False
        return True


BROKEN = (TimeoutError, NewConnectionError, ProtocolError, ProxyError, SSLError, DecodeError)
"""What the network does to us. Anything else that urllib3 raises is a mistake of ours, and is not caught."""


def _judged(status: int, code: object) -> Refused | Unanswered:
    """A 4xx is a plain no. A server that failed, or gave up waiting (408), may have taken the text first."""
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == THROTTLED:
        return Refused(THROTTLED, REASONS[THROTTLED])
    if not 400 <= status < 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unanswered(f"Twilio answered with status {status}")
    number = code if isinstance(code, int) else status
    return Refused(number, REASONS.get(number, f"Twilio refused with status {status}"))


def _unheard(error: Exception) -> Refused | Unanswered:
    return Refused(NOT_SENT, REASONS[NOT_SENT]) if never_left(error) else Unanswered(_named(error))


def _named(error: Exception) -> str:
    """The kind of an error: its sentence would quote the address, and with it the recipient's number."""
    return type(error).__name__.strip("_")


class _Garbled(Exception):  # noqa: N818 - it is what the answer was
    """A 2xx that holds no message: a proxy's page, or half an answer."""


def _pool(base: str) -> PoolManager:
    """What the environment says of proxies and certificates, as `requests` reads it: once, and not for each text."""
    said = requests.Session().merge_environment_settings(base, {}, None, None, None)
    proxy, adapter = select_proxy(base, said["proxies"]), HTTPAdapter(pool_maxsize=POOL)
    pool: PoolManager = adapter.proxy_manager_for(proxy) if proxy else adapter.poolmanager
    trusted = said["verify"] if isinstance(said["verify"], str) else requests.utils.DEFAULT_CA_BUNDLE_PATH
    pool.connection_pool_kw |= {"ca_certs": trusted, "cert_reqs": "CERT_REQUIRED"}
    return pool


@dataclass(frozen=True, slots=True)
class _Http:
    """Twilio's `HttpClient` as its SDK calls it, over one pool of connections.

    The SDK's own takes a single number as its timeout, logs every address with the numbers in it, keeps the last
    request on itself, and costs half as much again in `requests`. Nothing here changes after the start, so threads can
    share it.
    """

    timeout: Timeout
    pool: PoolManager

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **_chosen_by_us: object,
    ) -> Response:
        """Ask once. Our timeout stands, and a redirect is an answer like any other."""
        answer = self.pool.request(
            method,
            f"{url}?{_form(params)}" if params else url,
            body=_form(data) if data else None,
            headers={**(headers or {}), **(make_headers(basic_auth=":".join(auth)) if auth else {})},
            timeout=self.timeout,
            retries=False,
            redirect=False,
        )
        words = answer.data.decode("utf-8", "replace")
        if answer.status < HTTPStatus.BAD_REQUEST and not _is_understood(words):
            raise _Garbled
        return Response(answer.status, words, answer.headers)


def _form(fields: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in fields.items() if value is not None}, doseq=True)


def _is_understood(words: str) -> bool:
    """Whether this is a message, or a page of messages: on anything else the SDK trips, or misreads it in silence."""
    try:
        said = json.loads(words)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    held = said.get("messages", [said])
    return isinstance(held, list) and all(isinstance(each, dict) and isinstance(each.get("sid"), str) for each in held)
