"""What one variable of the environment may say: text to value, or ValueError.

The error is the end of a sentence that begins with the variable's name, and never repeats the value: it may be secret.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

PRODUCTION = "production"


def environment(value: str, _env: str) -> str:
    if value not in {"development", PRODUCTION}:
        raise ValueError("must be development or production")
    return value


def database_url(value: str, _env: str) -> str:
    """Any usual spelling of a PostgreSQL URL, as SQLAlchemy wants it."""
    parts = _split(value)
    if parts.scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError("must be a PostgreSQL address such as postgresql://name:password@host/database")
    if not parts.path.strip("/"):
        raise ValueError("must name a database after the host, as in postgresql://host/database")
    return "postgresql+psycopg" + value[len(parts.scheme) :]


def redis_url(value: str, _env: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must be a Redis address such as redis://host:6379/0 or unix:///path/to/redis.sock")
    if not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ValueError("must say where Redis is, as in redis://host:6379/0")
    return value


def secret_key(value: str, _env: str) -> str:
    if len(value) < 32:
        raise ValueError("must have 32 random characters or more, as from: openssl rand -hex 32")
    return value


def any_text(value: str, _env: str) -> str:
    return value


def account_sid(value: str, _env: str) -> str:
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
        raise ValueError("must be AC and 32 digits or letters a-f, as the Twilio console shows it")
    return value


def stripe_key(value: str, env: str) -> str:
    found = re.fullmatch(r"(?:sk|rk)_(test|live)_\w+", value)
    if found is None:
        raise ValueError("must be a Stripe secret or restricted key: it begins with sk_ or rk_, then test_ or live_")
    if found[1] == "live" and env != PRODUCTION:
        raise ValueError("is a live key, which would charge real cards: live keys need ENV=production")
    if found[1] == "test" and env == PRODUCTION:
        raise ValueError("is a test key, which collects nothing: ENV=production needs a live key")
    return value


def webhook_secret(value: str, _env: str) -> str:
    if not re.fullmatch(r"whsec_\S+", value):
        raise ValueError("must begin with whsec_, as Stripe shows it beside the webhook's address")
    return value


def sendgrid_key(value: str, _env: str) -> str:
    if not value.startswith("SG."):
        raise ValueError("must begin with SG., as SendGrid made it")
    return value


def sendgrid_public_key(value: str, _env: str) -> str:
    """As SendGrid's console shows it: base64 without a frame; the whole of it is checked where it is used."""
    if not re.fullmatch(r"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==", value):
        raise ValueError("must be a public key as SendGrid shows it: 124 characters that begin with MFkwEwYHKoZIzj0C")
    return value


def mail_domain(value: str, _env: str) -> str:
    if not re.fullmatch(r"(?=.{4,200}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+", value):
        raise ValueError("must be a domain in small letters, such as mail.spa.example.com")
    return value


def public_url(value: str, env: str) -> str:
    """Where members and providers reach us: signatures cover it, so it has one spelling and no trailing slash."""
    parts = _web_address(value, env)
    if parts.path.strip("/"):
        raise ValueError("must have no path after the host, as in https://spa.example.com")
    return value.rstrip("/")


def provider_url(value: str, env: str) -> str:
    parts = _web_address(value, env)
    if env == PRODUCTION and _is_loopback(parts):
        raise ValueError("points at this machine: a stand-in for a provider is for development only")
    return value.rstrip("/")


def port(value: str, _env: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ValueError("must be a whole number from 1 to 65535")
    return int(value)


def a_second(value: str, _env: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 1000:
        raise ValueError("must be a whole number from 1 to 1000")
    return int(value)


def clock_file(value: str, env: str) -> Path:
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


def origin(address: str) -> str:
    """`https://host:port`, without what comes after."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
