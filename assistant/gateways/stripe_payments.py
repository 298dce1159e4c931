"""Charging cards by Stripe, and how we reach Stripe: its own client, paced, and no retries behind our back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from random import SystemRandom
from time import sleep
from typing import Any, Protocol, TypeVar

import requests
import stripe

from assistant.gateways import stripe_answers
from assistant.gateways.pace_port import Pacer
from assistant.gateways.ports import ChargeAnswer, ChargeOrder, Declined, Payment, Throttled, Unanswered
from assistant.gateways.stripe_answers import EXPANDED, Body, Reply
from assistant.gateways.unsent import never_left

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0
ASKS = 4
"""How often a request is made that Stripe has no time for."""
BACK_OFF_SECONDS = 0.5
"""Doubled at each further ask, and then anything between half of it and all of it."""
PAGE = 100
ALL_DAY_LONG = {"payment_intents.create": "/v1/payment_intents"}
"""Asked without the SDK's objects, which nobody looks at and which take a third of its time (`docs/performance.md`)."""
UNREADABLE = "Stripe's answer cannot be read"
Read = TypeVar("Read")
DICE = SystemRandom()


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


class Ask(Protocol):
    """One request to Stripe, by the SDK's name for it. Never raises for anything the network or Stripe does."""

    def __call__(
        self, endpoint: str, params: Body, *, account: str | None, id_: str | None = None, key: str | None = None
    ) -> Reply | Throttled | Unanswered: ...


class StripeApi:
    """`Ask` by Stripe's own SDK: every request waits its turn, and one that Stripe has no time for is made again.

    Safe to share between threads: the SDK keeps a session for each.
    """

    def __init__(
        self,
        client: stripe.StripeClient,
        pacer: Pacer,
        *,
        sleep: Callable[[float], object] = sleep,
        jitter: Callable[[], float] = DICE.random,
    ) -> None:
        self._client, self._pacer, self._sleep, self._jitter = client, pacer, sleep, jitter

    def __call__(
        self, endpoint: str, params: Body, *, account: str | None, id_: str | None = None, key: str | None = None
    ) -> Reply | Throttled | Unanswered:
        """The same key each time: a 429 is kept under none (`rules.md` 5.6)."""
        for asked in range(1, ASKS + 1):
            self._pacer.wait(account, endpoint)
            reply = self._once(endpoint, params, account, id_, key)
            if not (isinstance(reply, Reply) and reply.is_busy) or asked == ASKS:
                break
            self._sleep(BACK_OFF_SECONDS * 2 ** (asked - 1) * (1 + self._jitter()) / 2)
        return reply

    def _once(
        self, endpoint: str, params: Body, account: str | None, id_: str | None, key: str | None
    ) -> Reply | Throttled | Unanswered:
        options = {name: each for name, each in (("idempotency_key", key), ("stripe_account", account)) if each}
        try:
            if path := ALL_DAY_LONG.get(endpoint):
                return _reply(200, self._client.raw_request("post", path, **params, **options).data)
            method = attrgetter(endpoint)(self._client.v1)
            answer = method(*([id_] if id_ else []), dict(params), options)
        except stripe.APIConnectionError as error:
            return unheard(error)
        except stripe.StripeError as error:
            return _replied(error)
        except (
            AttributeError,
            UnicodeDecodeError,
        ):  # what the SDK trips over: JSON that is no object, and no text at all
            return Unanswered(UNREADABLE)
        return _reply(200, getattr(getattr(answer, "last_response", None), "data", None))


def unheard(error: Exception) -> Throttled | Unanswered:
    """No answer came. Surely not attempted only where there never was a connection to ask on."""
    cause = error.__cause__
    if isinstance(cause, requests.RequestException) and never_left(_beneath(cause)):
        return Throttled("not asked: no connection to Stripe")
    return Unanswered(type(cause or error).__name__)


def _beneath(error: requests.RequestException) -> BaseException:
    """The error of urllib3 that `requests` made its own of."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return reason if isinstance(reason, BaseException) else error


def _replied(error: stripe.StripeError) -> Reply | Unanswered:
    """What an error says; one without a status is the SDK's own."""
    if error.http_status is None:
        return Unanswered(f"{UNREADABLE}: {type(error).__name__}")
    return _reply(error.http_status, error.json_body)


def _reply(status: int, said: object) -> Reply | Unanswered:
    if status < 300 and not (isinstance(said, Mapping) and isinstance(said.get("object"), str)):
        return Unanswered(UNREADABLE)
    return Reply(status, said if isinstance(said, Mapping) else {})


class StripePayments:
    """The `Payments` port."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        """Ask once. Where the bank gave no code of its own, the charge is looked at: Stripe may have blocked it."""
        params = stripe_answers.charge_params(order)
        reply = self._ask("payment_intents.create", params, account=order.account, key=order.key)
        if not isinstance(reply, Reply):
            return reply
        answer = understood(lambda _: stripe_answers.charge_answer(reply), reply.body)
        charge_id = stripe_answers.failed_charge(reply)
        if not isinstance(answer, Declined) or charge_id is None or not stripe_answers.needs_outcome(answer):
            return answer
        charge = self._ask("charges.retrieve", {}, account=order.account, id_=charge_id)
        if not isinstance(charge, Reply) or charge.status != 200:
            return answer
        return stripe_answers.with_outcome(answer, charge.body.get("outcome") or {})

    def fetch(self, account: str | None, payment_id: str) -> Payment | Unanswered | None:
        found = fetched(self._ask, "payment_intents.retrieve", {"expand": [EXPANDED]}, account, payment_id)
        return understood(stripe_answers.payment, found) if isinstance(found, Mapping) else found

    def listed(
        self, account: str | None, *, since: datetime, until: datetime | None = None, customer_id: str | None = None
    ) -> Sequence[Payment] | Unanswered:
        """Stripe counts whole seconds: a payment of the same second as either end is among them."""
        created = {"gte": int(since.timestamp())} | ({"lte": int(until.timestamp())} if until else {})
        asked: dict[str, Any] = {"created": created, "limit": PAGE, "expand": [f"data.{EXPANDED}"]}
        if customer_id:
            asked["customer"] = customer_id
        found: list[Payment] = []
        while True:
            reply = self._ask("payment_intents.list", asked, account=account)
            page = told(reply)
            if isinstance(page, Unanswered):
                return page
            payments = understood(_payments, page)
            if isinstance(payments, Unanswered):
                return payments
            found += payments
            if not page.get("has_more") or not payments:
                return found
            asked |= {"starting_after": payments[-1].payment_id}


def fetched(ask: Ask, endpoint: str, params: Body, account: str | None, id_: str) -> Body | Unanswered | None:
    """One object; None when there is none of that id."""
    reply = ask(endpoint, params, account=account, id_=id_)
    if isinstance(reply, Reply) and reply.status == 404 and stripe_answers.fault_of(reply) is None:
        return None
    return told(reply)


def told(reply: Reply | Throttled | Unanswered) -> Body | Unanswered:
    """What was asked for; why it was not told is all the same to one who only asks."""
    fault = stripe_answers.fault_of(reply) if isinstance(reply, Reply) else reply
    if fault is not None:
        return Unanswered(fault.reason)
    if not isinstance(reply, Reply) or reply.status != 200:
        return Unanswered(f"Stripe refused: {reply.error.get('code') if isinstance(reply, Reply) else ''}")
    return reply.body


def understood(read: Callable[[Body], Read], body: Body) -> Read | Unanswered:
    """What an object says, where it says all that such an object does."""
    try:
        return read(body)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Unanswered(UNREADABLE)


def _payments(page: Body) -> list[Payment]:
    return [stripe_answers.payment(each) for each in page["data"]]
