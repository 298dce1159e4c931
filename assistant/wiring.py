"""Settings to Runtime: the one place that names the clock, the database, Redis and the providers together."""

import logging
import os
from functools import cache

from assistant.clock import Clock, ShiftedClock, WallClock
from assistant.db.connections import Database
from assistant.gateways.pacer import Rate, RedisPacer
from assistant.gateways.rq_queue import RqQueue, connect
from assistant.gateways.sendgrid_emails import SendGridEmails
from assistant.gateways.stripe_cards import StripeCardPages, StripeVault
from assistant.gateways.stripe_payments import StripeApi, StripePayments, stripe_client
from assistant.gateways.stripe_refunds import StripeRefunds
from assistant.gateways.twilio_texts import TwilioTexts
from assistant.runtime import Runtime
from assistant.sealing import Seal
from assistant.settings import Settings, read_or_exit


@cache
def settings() -> Settings:
    """Of this process, read once; a bad environment is told in plain sentences, exit 78."""
    return read_or_exit(os.environ)


def clock(settings: Settings) -> Clock:
    """The real one, but for the demo's, which can be moved."""
    return ShiftedClock(settings.clock_file) if settings.clock_file else WallClock()


def runtime(settings: Settings) -> Runtime:
    """The real thing. Opens nothing until it is used, so it may be made before a fork."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("stripe").setLevel(logging.WARNING)  # it tells every request, and at INFO twice
    told = clock(settings)
    redis = connect(settings.redis_url)
    rate = Rate(overall=settings.stripe_per_second, endpoint=settings.stripe_per_second)
    api = StripeApi(stripe_client(settings.stripe_secret_key, settings.stripe_api_base), RedisPacer(redis, rate))
    return Runtime(
        clock=told,
        database=Database(settings.database_url),
        queue=RqQueue(redis),
        payments=StripePayments(api),
        card_pages=StripeCardPages(api, told),
        vault=StripeVault(api),
        refunds=StripeRefunds(api),
        public_base_url=settings.public_base_url,
        seal=Seal(settings.secret_key),
        emails=SendGridEmails(settings.sendgrid_api_key, settings.sendgrid_api_base),
        mail_domain=settings.mail_comes_from,
        offers_pace=RedisPacer(redis, Rate(overall=settings.twilio_per_second, endpoint=settings.twilio_per_second)),
        texts=TwilioTexts(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            settings.public_base_url,
            settings.twilio_api_base,
        ),
    )
