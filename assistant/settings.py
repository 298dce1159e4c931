"""What the environment must say before anything starts; all that is wrong with it is told at once, in sentences."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints
from urllib.parse import urlsplit

from assistant import variables

EX_CONFIG = 78
"""Exit code of a program that was configured wrongly (sysexits.h)."""

STRIPE_API = "https://api.stripe.com"
STRIPE_PAGES = "https://checkout.stripe.com"


class BadSettings(Exception):  # noqa: N818  # the name says what is bad
    """The environment cannot be used. `problems` holds every reason, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    """How one variable is read and explained."""

    doc: str
    read: Callable[..., Any]
    default: str | None = None
    """What an unset variable means. None and not optional: it must be set."""
    optional: bool = False
    secret: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """Everything the environment decides. Make it with `Settings.read(os.environ)`."""

    env: Annotated[
        str,
        Setting(
            "development or production. Production refuses test keys, http and stand-ins.",
            variables.environment,
            "development",
        ),
    ] = "development"
    database_url: Annotated[
        str,
        Setting(
            "The PostgreSQL database. `make demo` and `assistant serve` start their own when it is unset.",
            variables.database_url,
            secret=True,
            example="postgresql://assistant:password@localhost/assistant",
        ),
    ]
    redis_url: Annotated[
        str,
        Setting(
            "The Redis that wakes the workers. `make demo` and `assistant serve` start their own when it is unset.",
            variables.redis_url,
            secret=True,
            example="redis://localhost:6379/0",
        ),
    ]
    secret_key: Annotated[
        str,
        Setting(
            "Signs sessions and links: 32 random characters or more, kept for good.", variables.secret_key, secret=True
        ),
    ]
    public_base_url: Annotated[
        str,
        Setting(
            "Where members and providers reach this installation, as they spell it. Provider signatures cover it.",
            variables.public_url,
            example="https://spa.example.com",
        ),
    ]
    port: Annotated[int, Setting("The port the web server listens on.", variables.port, "8000")] = 8000
    twilio_account_sid: Annotated[str, Setting("The Twilio account that sends the texts.", variables.account_sid)]
    twilio_auth_token: Annotated[
        str,
        Setting(
            "The Twilio account's auth token: it sends texts, and proves webhooks.",
            variables.any_text,
            secret=True,
        ),
    ]
    twilio_auth_token_old: Annotated[
        str | None,
        Setting(
            "The auth token before this one, while webhooks signed with it may still arrive. Unset it a day later.",
            variables.any_text,
            optional=True,
            secret=True,
        ),
    ] = None
    twilio_api_base: Annotated[
        str,
        Setting("Twilio's API, or a stand-in during development.", variables.provider_url, "https://api.twilio.com"),
    ] = "https://api.twilio.com"
    twilio_per_second: Annotated[
        int,
        Setting("Most offers a second handed to Twilio, over all spas.", variables.a_second, "20"),
    ] = 20
    stripe_secret_key: Annotated[
        str,
        Setting("The Stripe key that charges cards: a live one in production only.", variables.stripe_key, secret=True),
    ]
    stripe_api_base: Annotated[
        str, Setting("Stripe's API, or a stand-in during development.", variables.provider_url, STRIPE_API)
    ] = STRIPE_API
    stripe_per_second: Annotated[
        int,
        Setting(
            "Most requests a second made of Stripe for one account: 25 while testing, 100 live.",
            variables.a_second,
            "25",
        ),
    ] = 25
    stripe_webhook_secret: Annotated[
        str,
        Setting(
            "The signing secret of the webhook at /webhooks/stripe: it proves events.",
            variables.webhook_secret,
            secret=True,
        ),
    ]
    stripe_webhook_secret_old: Annotated[
        str | None,
        Setting(
            "The signing secret before this one, while events signed with it may still arrive. Unset it a day later.",
            variables.webhook_secret,
            optional=True,
            secret=True,
        ),
    ] = None
    sendgrid_api_key: Annotated[
        str, Setting("The SendGrid key that sends the emails.", variables.sendgrid_key, secret=True)
    ]
    sendgrid_api_base: Annotated[
        str,
        Setting(
            "SendGrid's API, or a stand-in during development.", variables.provider_url, "https://api.sendgrid.com"
        ),
    ] = "https://api.sendgrid.com"
    mail_domain: Annotated[
        str | None,
        Setting(
            "Where our mail comes from, and answers come back to. Unset: the host of PUBLIC_BASE_URL.",
            variables.mail_domain,
            optional=True,
            example="mail.spa.example.com",
        ),
    ] = None
    sendgrid_inbound_public_key: Annotated[
        str | None,
        Setting(
            "The public key of SendGrid's Inbound Parse security policy: it proves mail. Unset, no mail is let in.",
            variables.sendgrid_public_key,
            optional=True,
        ),
    ] = None
    sendgrid_inbound_public_key_old: Annotated[
        str | None,
        Setting(
            "The key before this one, while mail signed with it may still arrive. Unset it three days later.",
            variables.sendgrid_public_key,
            optional=True,
        ),
    ] = None
    sendgrid_events_public_key: Annotated[
        str | None,
        Setting(
            "The public key of SendGrid's Signed Event Webhook: it proves events. Unset, no event is let in.",
            variables.sendgrid_public_key,
            optional=True,
        ),
    ] = None
    sendgrid_events_public_key_old: Annotated[
        str | None,
        Setting(
            "The key before this one, while events signed with it may still arrive. Unset it a day later.",
            variables.sendgrid_public_key,
            optional=True,
        ),
    ] = None
    clock_file: Annotated[
        Path | None,
        Setting(
            "A file of whole seconds that shift the time: the demo's time machine.", variables.clock_file, optional=True
        ),
    ] = None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings of an environment. Raises BadSettings with all that is wrong with it."""
        env = environ.get("ENV", "").strip()
        values: dict[str, object] = {}
        problems: list[str] = []
        for name, setting in SETTINGS.items():
            try:
                values[name.lower()] = _value(setting, environ.get(name), env)
            except ValueError as error:
                problems.append(f"{name} {error}.")
        if problems:
            raise BadSettings(problems)
        return cls(**values)  # type: ignore[arg-type]  # each reader makes its field's type; a test holds them together

    @property
    def demo_clock(self) -> Path | None:
        """The file of the demo's clock: only the demo has one, and production never."""
        return None if self.env == variables.PRODUCTION else self.clock_file

    @property
    def stripe_is_live(self) -> bool:
        """Whether our key moves real money: an event of the other kind is none of ours."""
        return self.stripe_secret_key[3:].startswith("live_")

    @property
    def stripe_pages_origin(self) -> str:
        """Where the pages on which cards are typed are: beside the API, where a stand-in plays it."""
        return STRIPE_PAGES if self.stripe_api_base == STRIPE_API else variables.origin(self.stripe_api_base)

    @property
    def mail_comes_from(self) -> str:
        """The domain of our mail."""
        return self.mail_domain or urlsplit(self.public_base_url).hostname or ""

    def __repr__(self) -> str:
        shown = (f"{n.lower()}={getattr(self, n.lower())!r}" for n, setting in SETTINGS.items() if not setting.secret)
        return f"Settings({', '.join(shown)}, …)"


SETTINGS: Mapping[str, Setting] = {
    name.upper(): hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()
}
"""Environment variable → how it is read, in the order it is documented."""


def _value(setting: Setting, given: str | None, env: str) -> object:
    if given is not None and not given.strip():
        raise ValueError("is set but empty")
    if text := (given or setting.default or "").strip():
        return setting.read(text, env)
    if setting.optional:
        return None
    raise ValueError(f"is missing. {setting.doc.rstrip('.')}")


def read_or_exit(environ: Mapping[str, str]) -> Settings:
    """The settings, or the reasons on stderr and exit code 78: what every command starts with."""
    try:
        return Settings.read(environ)
    except BadSettings as bad:
        sys.stderr.write(f"{bad}\n")
        raise SystemExit(EX_CONFIG) from None
