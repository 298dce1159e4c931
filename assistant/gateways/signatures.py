"""Who signed a webhook: Twilio's, Stripe's and SendGrid's signatures, checked without ever raising."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

PORTS = {"https": 443, "http": 80}
TOLERANCE = timedelta(seconds=300)
"""How far Stripe's clock and ours may be apart, and how long a request may take."""
MOST_HEADER = 4096
SECONDS = re.compile(r"[0-9]{1,12}")
SENDGRID_SECONDS = re.compile(r"[0-9]{10}")


def is_from_twilio(tokens: Sequence[str], url: str, pairs: Sequence[tuple[str, str]], signature: str | None) -> bool:
    """Whether one of our tokens signed this request; two are kept while a token is being rotated.

    `url` is the public one, built from configuration and never from the Host header; `pairs` are all the POST
    parameters as decoded, untrimmed (`rules.md` 3.4). False for anything malformed: a stranger must get a 403, not
    a 500, and Twilio's own validator raises on a missing header and accepts a request signed with an empty token
    (`reliability.md` 2.2).
    """
    if not signature:
        return False
    given = signature.encode("utf-8", "surrogatepass")
    try:
        words = _words(pairs)
        wanted = [_signed(token, spelling + words) for token in tokens if token for spelling in _spellings(url)]
    except UnicodeEncodeError:  # a lone surrogate: Twilio signs UTF-8, so Twilio did not sign this
        return False
    return any([hmac.compare_digest(given, each) for each in wanted])  # noqa: C419 - all are compared, whichever fits


def sign_twilio(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the exact URL and every distinct parameter, by name and then value (`rules.md` 3.4)."""
    return _signed(token, url + _words(pairs)).decode()


def is_from_stripe(
    secrets: Sequence[str], raw: bytes, header: str | None, *, now: datetime, tolerance: timedelta = TOLERANCE
) -> bool:
    """Whether one of our secrets signed these very bytes, and signed them just now; two are kept during a rotation.

    Stripe may sign with several secrets at once: each is a `v1` of `t=…,v1=…` (`rules.md` 5.8). False for anything
    malformed, and for a time too far ahead as well as behind: Stripe's own verifier raises on the one and accepts the
    other (`reliability.md` 2.2).
    """
    parts = [part.partition("=") for part in (header or "").split(",", 64)] if len(header or "") <= MOST_HEADER else []
    times = [value for name, _, value in parts if name == "t"]
    if len(times) != 1 or not SECONDS.fullmatch(times[0]):
        return False
    given = [value.encode("utf-8", "surrogatepass") for name, _, value in parts if name == "v1"]
    wanted = [_signed_at(secret, times[0], raw) for secret in secrets if secret]
    signed = any([hmac.compare_digest(one, other) for one in given for other in wanted])  # noqa: C419 - all are compared
    return signed and abs(now.timestamp() - int(times[0])) <= tolerance.total_seconds()


def sign_stripe(secret: str, raw: bytes, at: datetime) -> str:
    """The header that Stripe would send with these bytes at an instant."""
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={_signed_at(secret, seconds, raw).decode()}"


def is_from_sendgrid(
    keys: Sequence[str],
    raw: bytes,
    signature: str | None,
    timestamp: str | None,
    *,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> bool:
    """Whether the owner of one of these public keys signed these very bytes, and signed them just now.

    ECDSA on P-256 over the timestamp as it was spelt and the raw body (`rules.md` 4.9). A timestamp is ten digits, so
    that no digit can pass between it and the body. False for anything malformed; SendGrid's own verifier raises, and
    knows no age (`reliability.md` 2.2).
    """
    if not signature or len(signature) > MOST_HEADER or not SENDGRID_SECONDS.fullmatch(timestamp or ""):
        return False
    if abs(now.timestamp() - int(timestamp or "")) > tolerance.total_seconds():
        return False
    try:
        given = b64decode(signature, validate=True)
    except ValueError:
        return False
    signed = (timestamp or "").encode() + raw
    return any(_fits(key, given, signed) for key in keys if key)


def _fits(key: str, given: bytes, signed: bytes) -> bool:
    try:
        public_key(key).verify(given, signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """A key as SendGrid shows it: base64 of DER, without a frame. Raises ValueError for any other."""
    key = load_der_public_key(b64decode(text, validate=True))
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key of the curve P-256")  # noqa: TRY004 - the text is wrong, not its type
    return key


def sign_sendgrid(private_key: ec.EllipticCurvePrivateKey, raw: bytes, at: datetime) -> tuple[str, str]:
    """The signature and the timestamp that SendGrid would send with these bytes at an instant."""
    seconds = str(int(at.timestamp()))
    return b64encode(private_key.sign(seconds.encode() + raw, ec.ECDSA(SHA256()))).decode(), seconds


def _signed_at(secret: str, seconds: str, raw: bytes) -> bytes:
    """Hex of HMAC-SHA256 over the time as it was spelt, a dot, and the body."""
    return hmac.digest(secret.encode(), f"{seconds}.".encode() + raw, "sha256").hex().encode()


def _words(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(name + value for name, value in sorted(set(pairs)))


def _signed(token: str, words: str) -> bytes:
    return b64encode(hmac.digest(token.encode(), words.encode(), "sha1"))


@lru_cache(maxsize=64)
def _spellings(url: str) -> set[str]:
    """The URL as it is, with its port, and without: Twilio signs any of the three, as its own validator knows."""
    try:
        parts = urlsplit(url)
        port, standard = parts.port, PORTS.get(parts.scheme)
    except ValueError:
        return {url}
    if port is not None:
        return {url, parts._replace(netloc=parts.netloc.removesuffix(f":{port}")).geturl()}
    if standard is not None and parts.netloc:
        return {url, parts._replace(netloc=f"{parts.netloc}:{standard}").geturl()}
    return {url}
