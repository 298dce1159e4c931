"""Signatures: ours against the providers' own verifiers, and against people who are not the providers."""

from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from assistant.gateways.signatures import is_from_stripe, is_from_twilio, sign_stripe, sign_twilio

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PAIRS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
OLD, NEW = "an-old-token", "a-new-token"

letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
forms = st.lists(st.tuples(st.one_of(st.sampled_from(["A", "B", "Body"]), letters), letters), max_size=8)
urls = st.sampled_from(
    [
        "https://spa.example/webhooks/twilio/inbound",
        "https://spa.example:8443/webhooks/twilio/status?m=1&s=2",
        "http://127.0.0.1:8000/x?é=%20",
        "http://spa.example/x",
    ]
)


def test_twilios_own_example() -> None:
    assert sign_twilio(TOKEN, URL, PAIRS) == SIGNED
    assert is_from_twilio([TOKEN], URL, PAIRS, SIGNED)


@given(token=letters.filter(bool), url=urls, pairs=forms)
def test_signs_as_twilios_sdk_does_repeated_parameters_included(
    token: str, url: str, pairs: list[tuple[str, str]]
) -> None:
    assert sign_twilio(token, url, pairs) == RequestValidator(token).compute_signature(url, MultiDict(pairs))


@given(token=letters.filter(bool), url=urls, pairs=forms, spelt=st.sampled_from(["", ":443", ":80", ":8443"]))
def test_accepts_what_twilios_validator_accepts(token: str, url: str, pairs: list[tuple[str, str]], spelt: str) -> None:
    host = url.split("/")[2]
    signed_url = url.replace(host, host.split(":")[0] + spelt, 1)
    signature = sign_twilio(token, signed_url, pairs)
    theirs = RequestValidator(token).validate(url, MultiDict(pairs), signature)
    assert is_from_twilio([token], url, pairs, signature) == theirs


@given(token=st.text(), url=st.text(), pairs=st.lists(st.tuples(st.text(), st.text())), signature=st.text())
def test_no_stranger_makes_it_raise_or_gets_in(
    token: str, url: str, pairs: list[tuple[str, str]], signature: str | None
) -> None:
    assert is_from_twilio([token, ""], url, pairs, signature) is False


@given(st.text(st.characters(), max_size=30), st.text(st.characters(categories=["Cs"]), min_size=1, max_size=3))
def test_lone_surrogates_are_refused_quietly(words: str, broken: str) -> None:
    assert not is_from_twilio([TOKEN], URL, [("Body", words + broken)], SIGNED)
    assert not is_from_twilio([TOKEN], URL + broken, PAIRS, SIGNED)
    assert not is_from_twilio([TOKEN], URL, PAIRS, SIGNED + broken)


@pytest.mark.parametrize("signer", [OLD, NEW])
def test_both_tokens_open_while_one_is_being_rotated(signer: str) -> None:
    assert is_from_twilio([NEW, OLD], URL, PAIRS, sign_twilio(signer, URL, PAIRS))
    assert not is_from_twilio(["another"], URL, PAIRS, sign_twilio(signer, URL, PAIRS))


def test_an_empty_token_opens_nothing() -> None:
    forged = sign_twilio("", URL, PAIRS)
    assert RequestValidator("").validate(URL, dict(PAIRS), forged)  # what we must not do
    assert not is_from_twilio([""], URL, PAIRS, forged)
    assert not is_from_twilio([TOKEN, ""], URL, PAIRS, forged)
    assert not is_from_twilio([], URL, PAIRS, forged)


def test_trailing_space_is_signed_too() -> None:
    pairs = [("Body", "pause ")]
    assert is_from_twilio([TOKEN], URL, pairs, sign_twilio(TOKEN, URL, pairs))
    assert not is_from_twilio([TOKEN], URL, [("Body", "pause")], sign_twilio(TOKEN, URL, pairs))


SIGNATURES = [
    None,
    "",
    " ",
    "=",
    "====",
    "A" * 28,
    "a",
    "null",
    "None",
    "undefined",
    "0",
    "true",
    "{}",
    "[]",
    SIGNED[:-1],
    SIGNED[1:],
    SIGNED + "=",
    SIGNED + " ",
    " " + SIGNED,
    SIGNED + "\n",
    SIGNED + "\0",
    SIGNED.lower(),
    SIGNED.upper(),
    SIGNED.swapcase(),
    SIGNED[::-1],
    SIGNED * 2,
    f"{SIGNED},{SIGNED}",
    f"{SIGNED}; x",
    SIGNED.replace("/", "_").replace("+", "-"),
    SIGNED.replace("/", "\\"),
    f"sha1={SIGNED}",
    f"v1={SIGNED}",
    f"Bearer {SIGNED}",
    SIGNED.encode().hex(),
    SIGNED.replace("R", "Ｒ"),  # noqa: RUF001 - a full-width R
    SIGNED.replace("O", "О"),  # noqa: RUF001 - a Cyrillic O
    "é" * 28,
    "🙂",
    "\ud800",
    "\udcff" * 28,
    "\0" * 28,
    "\r\nSet-Cookie: a=b",
    "' OR '1'='1",
    "%52%53%4f",
    "A" * 100_000,
    sign_twilio("", URL, PAIRS),
    sign_twilio("wrong", URL, PAIRS),
    sign_twilio(TOKEN + " ", URL, PAIRS),
    sign_twilio(TOKEN, URL, []),
    sign_twilio(TOKEN, URL + "/", PAIRS),
    sign_twilio(TOKEN, URL.upper(), PAIRS),
    sign_twilio(TOKEN, URL.replace("https", "http"), PAIRS),
    sign_twilio(TOKEN, URL.replace("mycompany.com", "evil.example"), PAIRS),
    sign_twilio(TOKEN, URL.split("?", maxsplit=1)[0], PAIRS),
    sign_twilio(TOKEN, URL.replace("foo=1&bar=2", "bar=2&foo=1"), PAIRS),
    sign_twilio(TOKEN, "", PAIRS),
    sign_twilio(TOKEN, URL, PAIRS[:-1]),
    sign_twilio(TOKEN, URL, [*PAIRS, ("Body", "")]),
    sign_twilio(TOKEN, URL, [(n.lower(), v) for n, v in PAIRS]),
    sign_twilio(TOKEN, URL, [*PAIRS, ("To", "+18005551213")]),
]
FORMS = [
    [],
    PAIRS[1:],
    [*PAIRS, ("OptOutType", "START")],
    [*PAIRS, ("", "x")],
    [*PAIRS, ("To", "+15005550006")],
    [(n, v + " ") for n, v in PAIRS],
    [(n, v.strip("+")) for n, v in PAIRS],
    [("CallSid", "CA1234567890ABCDE"), ("From", "+15551234567")],
    [("\ud800", "")],
    [("Body", "\udfff")],
]


@pytest.mark.parametrize("signature", SIGNATURES, ids=range(len(SIGNATURES)))
def test_a_forged_signature_is_refused_and_never_raises(signature: str | None) -> None:
    assert is_from_twilio([TOKEN], URL, PAIRS, signature) is False


@pytest.mark.parametrize("pairs", FORMS, ids=range(len(FORMS)))
def test_a_changed_form_is_refused_and_never_raises(pairs: list[tuple[str, str]]) -> None:
    assert is_from_twilio([TOKEN], URL, pairs, SIGNED) is False


@pytest.mark.parametrize(
    "url", ["", "x", "https://[", "https://[::1", "https://h:99999/", "https://h:x/", "//", "\ud800"]
)
def test_an_impossible_url_is_refused_and_never_raises(url: str) -> None:
    assert is_from_twilio([TOKEN], url, PAIRS, SIGNED) is False


# --- Stripe -----------------------------------------------------------------------------------------------------------

SECRET = "whsec_test"
RAW = b'{"id":"evt_1","type":"payment_intent.succeeded"}'
AT = datetime.fromtimestamp(1_700_000_000, UTC)
V1 = "001ce3ef73e456cedaab328328720d3ad59defb8bbd0f1518f46c04ad4ac0bb7"
HEADER = f"t=1700000000,v1={V1}"


def from_stripe(
    header: str | None, *, raw: bytes = RAW, now: datetime = AT, secrets: tuple[str, ...] = (SECRET,)
) -> bool:
    return is_from_stripe(secrets, raw, header, now=now)


def test_the_rule_sheets_own_example() -> None:
    assert sign_stripe(SECRET, RAW, AT) == HEADER
    assert from_stripe(HEADER)
    assert not from_stripe(HEADER, raw=b'{"id": "evt_1", "type": "payment_intent.succeeded"}')


@given(
    raw=st.text(st.characters(exclude_categories=["Cs"])),
    secret=letters.map("whsec_{}".format),
    extra=st.sampled_from(["", "00", "v1"]),
)
def test_stripes_own_verifier_accepts_what_we_sign_and_we_what_it_accepts(raw: str, secret: str, extra: str) -> None:
    now = datetime.fromtimestamp(0, UTC)
    seconds = int(now.timestamp())
    theirs = stripe.WebhookSignature._compute_signature(f"{seconds}.{raw}", secret)  # noqa: SLF001 - their only signer
    header = f"t={seconds},v1={extra},v1={theirs},v0=old"
    assert sign_stripe(secret, raw.encode(), now) == f"t={seconds},v1={theirs}"
    assert stripe.WebhookSignature.verify_header(raw, header, secret)
    assert is_from_stripe([secret], raw.encode(), header, now=now)


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (300, True), (301, False), (-300, True), (-301, False), (10**9, False)]
)
def test_neither_the_past_nor_the_future_is_accepted(seconds: int, good: bool) -> None:
    assert from_stripe(HEADER, now=AT + timedelta(seconds=seconds)) is good


def test_both_secrets_open_while_one_is_being_rolled() -> None:
    for secrets in [("whsec_new", SECRET), (SECRET, "whsec_old")]:
        assert from_stripe(HEADER, secrets=secrets)
    both = f"{sign_stripe('whsec_new', RAW, AT)},v1={V1}"
    assert from_stripe(both)
    assert not from_stripe(HEADER, secrets=("whsec_new",))


def test_an_empty_secret_opens_no_door() -> None:
    forged = sign_stripe("", RAW, AT)
    assert not from_stripe(forged, secrets=("",))
    assert not from_stripe(forged, secrets=(SECRET, ""))
    assert not from_stripe(forged, secrets=())


STRIPE_HEADERS = [
    None, "", " ", ",", "=", "t", "v1", "t=", "t=,v1=", f"t=1700000000,v1={V1[:-1]}", f"t=1700000000,v1={V1}0",
    f"t=1700000000,v1={V1.upper()}", f"t=1700000000,v1= {V1}", f"t=1700000000;v1={V1}", f"t=1700000000,v0={V1}",
    f"t=1700000000,V1={V1}", f"T=1700000000,v1={V1}", f"v1={V1}", "t=1700000000", f"t=1700000001,v1={V1}",
    f"t= 1700000000,v1={V1}", f"t=+1700000000,v1={V1}", f"t=01700000000,v1={V1}", f"t=1700000000.0,v1={V1}",
    f"t=1_700_000_000,v1={V1}", f"t=17e8,v1={V1}", f"t=-1700000000,v1={V1}", f"t=NaN,v1={V1}",
    f"t={'9' * 5000},v1={V1}",
    f"t=\u0661700000000,v1={V1}", f"t=1700000000,t=1700000000,v1={V1}", f"t=1,t=1700000000,v1={V1}", "v1=" * 5000,
    f"t=1700000000,v1=\ud800{V1}", f"t=1700000000,v1={'é' * 64}", f"t=1700000000,v1={V1}\n", f"t=1700000000,v1=0x{V1}",
    f"t=1700000000,{'v1=00,' * 2000}v1={V1}", f"t=1700000000\0,v1={V1}", f"{HEADER},{HEADER}", V1, "\ud800", "🙂", "{}",
    sign_stripe("wrong", RAW, AT), sign_stripe(f"{SECRET} ", RAW, AT), sign_stripe(SECRET, RAW + b"\n", AT),
    sign_stripe(SECRET, b"", AT), sign_stripe("", RAW, AT),
]  # fmt: skip


@pytest.mark.parametrize("header", STRIPE_HEADERS, ids=range(len(STRIPE_HEADERS)))
def test_a_forged_header_is_refused_and_never_raises(header: str | None) -> None:
    assert from_stripe(header) is False


@given(header=st.text(), raw=st.binary(), secret=st.text(st.characters(exclude_categories=["Cs"])))
def test_nobody_makes_it_raise_or_gets_in(header: str, raw: bytes, secret: str) -> None:
    assert is_from_stripe([secret], raw, header, now=AT) is False
    assert is_from_stripe([secret], raw, f"t=1700000000,v1={header}", now=AT) is False


def test_a_body_that_is_no_text_is_only_bytes() -> None:
    raw = b"\xff\xfe\x00"
    assert from_stripe(sign_stripe(SECRET, raw, AT), raw=raw)
