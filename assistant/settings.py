"""What the environment must say before anything starts; all that is wrong with it is told at once, in sentences."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints
from urllib.parse import SplitResult, urlsplit

EX_CONFIG = 78
"""Exit code of a program that was configured wrongly (sysexits.h)."""

PRODUCTION = "production"


class BadSettings(Exception):  # noqa: N818  # the name says what is bad
    """The environment cannot be used. `problems` holds every reason, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# ── readers: text → value, or ValueError with the end of a sentence that begins with the variable's name ──


def _environment(value: str, _env: str) -> str:
    if value not in {"development", PRODUCTION}:
        raise ValueError("must be development or production")
    return value


def _database_url(value: str, _env: str) -> str:
    """Any usual spelling of a PostgreSQL URL, as SQLAlchemy wants it."""
    parts = _split(value)
    if parts.scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must be a PostgreSQL address such as postgresql://name:password@host/database")
    if not parts.path.strip("/"):
        raise ValueError("must name a database after the host, as in postgresql://host/database")
    return "postgresql+psycopg" + value[len(parts.scheme) :]


def _redis_url(value: str, _env: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must be a Redis address such as redis://host:6379/0 or unix:///path/to/redis.sock")
    if not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ValueError("must say where Redis is, as in redis://host:6379/0")
    return value


def _secret_key(value: str, _env: str) -> str:
    if len(value) < 32:
        raise ValueError("must have 32 random characters or more, as from: openssl rand -hex 32")
    return value


def _any_text(value: str, _env: str) -> str:
    return value


def _account_sid(value: str, _env: str) -> str:
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
        raise ValueError("must be AC and 32 digits or letters a-f, as the Twilio console shows it")
    return value


def _stripe_key(value: str, env: str) -> str:
    found = re.fullmatch(r"(?:sk|rk)_(test|live)_\w+", value)
    if found is None:
        raise ValueError("must be a Stripe secret or restricted key: it begins with sk_ or rk_, then test_ or live_")
    if found[1] == "live" and env != PRODUCTION:
        raise ValueError("is a live key, which would charge real cards: live keys need ENV=production")
    if found[1] == "test" and env == PRODUCTION:
        raise ValueError("is a test key, which collects nothing: ENV=production needs a live key")
    return value


def _sendgrid_key(value: str, _env: str) -> str:
    if not value.startswith("SG."):
        raise ValueError("must begin with SG., as SendGrid made it")
    return value


def _public_url(value: str, env: str) -> str:
    """Where members and providers reach us: signatures cover it, so it has one spelling and no trailing slash."""
    parts = _web_address(value, env)
    if parts.path.strip("/"):
        raise ValueError("must have no path after the host, as in https://spa.example.com")
    return value.rstrip("/")


def _provider_url(value: str, env: str) -> str:
    parts = _web_address(value, env)
    if env == PRODUCTION and _is_loopback(parts):
        raise ValueError("points at this machine: a stand-in for a provider is for development only")
    return value.rstrip("/")


def _port(value: str, _env: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ValueError("must be a whole number from 1 to 65535")
    return int(value)


def _clock_file(value: str, env: str) -> Path:
    if env == PRODUCTION:
        raise ValueError("shifts the time and is for the demo only: unset it when ENV=production")
    return Path(value)


def _web_address(value: str, env: str) -> SplitResult:
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a web address such as https://spa.example.com")
    if parts.scheme == "http" and env == PRODUCTION:
        raise ValueError("must begin with https:// when ENV=production")
    if parts.scheme == "http" and not _is_loopback(parts):
        raise ValueError("must begin with https:// (http:// is for this machine only, as in http://127.0.0.1:8000)")
    return parts


def _split(value: str) -> SplitResult:
    if re.search(r"\s", value):
        raise ValueError("must be one address without spaces")
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is no number
    except ValueError as error:
        raise ValueError(f"is not an address ({error})") from None
    return parts


def _is_loopback(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# ── the settings ──


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
            "development or production. Production refuses test keys, http and stand-ins.", _environment, "development"
        ),
    ] = "development"
    database_url: Annotated[
        str,
        Setting(
            "The PostgreSQL database. `make demo` and `assistant serve` start their own when it is unset.",
            _database_url,
            secret=True,
            example="postgresql://assistant:password@localhost/assistant",
        ),
    ]
    redis_url: Annotated[
        str,
        Setting(
            "The Redis that wakes the workers. `make demo` and `assistant serve` start their own when it is unset.",
            _redis_url,
            secret=True,
            example="redis://localhost:6379/0",
        ),
    ]
    secret_key: Annotated[
        str,
        Setting("Signs sessions and links: 32 random characters or more, kept for good.", _secret_key, secret=True),
    ]
    public_base_url: Annotated[
        str,
        Setting(
            "Where members and providers reach this installation, as they spell it. Provider signatures cover it.",
            _public_url,
            example="https://spa.example.com",
        ),
    ]
    port: Annotated[int, Setting("The port the web server listens on.", _port, "8000")] = 8000
    twilio_account_sid: Annotated[str, Setting("The Twilio account that sends the texts.", _account_sid)]
    twilio_auth_token: Annotated[
        str,
        Setting(
            "The Twilio account's auth token: it sends texts, and proves webhooks.",
            _any_text,
            secret=True,
        ),
    ]
    twilio_auth_token_old: Annotated[
        str | None,
        Setting(
            "The auth token before this one, while webhooks signed with it may still arrive. Unset it a day later.",
            _any_text,
            optional=True,
            secret=True,
        ),
    ] = None
    twilio_api_base: Annotated[
        str, Setting("Twilio's API, or a stand-in during development.", _provider_url, "https://api.twilio.com")
    ] = "https://api.twilio.com"
    stripe_secret_key: Annotated[
        str, Setting("The Stripe key that charges cards: a live one in production only.", _stripe_key, secret=True)
    ]
    stripe_api_base: Annotated[
        str, Setting("Stripe's API, or a stand-in during development.", _provider_url, "https://api.stripe.com")
    ] = "https://api.stripe.com"
    sendgrid_api_key: Annotated[str, Setting("The SendGrid key that sends the emails.", _sendgrid_key, secret=True)]
    sendgrid_api_base: Annotated[
        str, Setting("SendGrid's API, or a stand-in during development.", _provider_url, "https://api.sendgrid.com")
    ] = "https://api.sendgrid.com"
    clock_file: Annotated[
        Path | None,
        Setting("A file of whole seconds that shift the time: the demo's time machine.", _clock_file, optional=True),
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
