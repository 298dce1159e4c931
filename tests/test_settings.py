"""Bad environments are refused, all at once and in sentences."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import demo
from assistant.local import env_file
from assistant.settings import EX_CONFIG, SETTINGS, BadSettings, Settings

PROJECT = Path(__file__).parents[1]
SID = "AC" + "0" * 32
DEVELOPMENT = {
    "DATABASE_URL": "postgresql://assistant:hidden-1@localhost/assistant",
    "REDIS_URL": "redis://:hidden-2@localhost:6379/0",
    "SECRET_KEY": "hidden-3-" + "x" * 32,
    "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": "hidden-4",
    "TWILIO_AUTH_TOKEN_OLD": "hidden-5",
    "STRIPE_SECRET_KEY": "sk_test_hidden6",
    "STRIPE_WEBHOOK_SECRET": "whsec_hidden-8",
    "STRIPE_WEBHOOK_SECRET_OLD": "whsec_hidden-9",
    "SENDGRID_API_KEY": "SG.hidden-7",
}
PRODUCTION = DEVELOPMENT | {
    "ENV": "production",
    "PUBLIC_BASE_URL": "https://spa.example.com",
    "STRIPE_SECRET_KEY": "rk_live_hidden6",
}

BAD = [
    (DEVELOPMENT, "ENV", "staging", "must be development or production"),
    (DEVELOPMENT, "ENV", "Production", "must be development or production"),
    (DEVELOPMENT, "ENV", "", "is set but empty"),
    (DEVELOPMENT, "DATABASE_URL", None, "is missing"),
    (DEVELOPMENT, "DATABASE_URL", "sqlite:///spa.db", "must be a PostgreSQL address"),
    (DEVELOPMENT, "DATABASE_URL", "spa", "must be a PostgreSQL address"),
    (DEVELOPMENT, "DATABASE_URL", "postgresql://localhost/", "must name a database"),
    (DEVELOPMENT, "DATABASE_URL", "postgresql://localhost:many/spa", "is not an address"),
    (DEVELOPMENT, "REDIS_URL", None, "is missing"),
    (DEVELOPMENT, "REDIS_URL", "http://localhost:6379", "must be a Redis address"),
    (DEVELOPMENT, "REDIS_URL", "redis:///0", "must say where Redis is"),
    (DEVELOPMENT, "SECRET_KEY", None, "is missing"),
    (DEVELOPMENT, "SECRET_KEY", "", "is set but empty"),
    (DEVELOPMENT, "SECRET_KEY", "   ", "is set but empty"),
    (DEVELOPMENT, "SECRET_KEY", "change-me", "must have 32 random characters"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", None, "is missing"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "http://spa.example.com", "must begin with https://"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "http://127.0.0.1.example.com", "must begin with https://"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "spa.example.com", "must be a web address"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "https://", "must be a web address"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "https://spa.example.com/desk", "must have no path"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "https://spa.example.com?a=1", "must be a web address"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "https://spa.example .com", "must be one address without spaces"),
    (DEVELOPMENT, "PUBLIC_BASE_URL", "https://[::1", "is not an address"),
    (PRODUCTION, "PUBLIC_BASE_URL", "http://spa.example.com", "must begin with https://"),
    (PRODUCTION, "PUBLIC_BASE_URL", "http://localhost:8000", "must begin with https://"),
    (DEVELOPMENT, "PORT", "eighty", "must be a whole number"),
    (DEVELOPMENT, "PORT", "0", "must be a whole number"),
    (DEVELOPMENT, "PORT", "65536", "must be a whole number"),
    (DEVELOPMENT, "PORT", "-1", "must be a whole number"),
    (DEVELOPMENT, "TWILIO_ACCOUNT_SID", None, "is missing"),
    (DEVELOPMENT, "TWILIO_ACCOUNT_SID", "SK" + "0" * 32, "must be AC and 32"),
    (DEVELOPMENT, "TWILIO_AUTH_TOKEN", None, "is missing"),
    (DEVELOPMENT, "TWILIO_AUTH_TOKEN", "", "is set but empty"),
    (DEVELOPMENT, "TWILIO_AUTH_TOKEN_OLD", "", "is set but empty"),
    (DEVELOPMENT, "TWILIO_API_BASE", "http://api.example.com", "must begin with https://"),
    (PRODUCTION, "TWILIO_API_BASE", "http://127.0.0.1:8025", "must begin with https://"),
    (PRODUCTION, "TWILIO_API_BASE", "https://localhost:8025", "points at this machine"),
    (DEVELOPMENT, "STRIPE_SECRET_KEY", "", "is set but empty"),
    (DEVELOPMENT, "STRIPE_SECRET_KEY", "pk_test_1", "must be a Stripe secret"),
    (DEVELOPMENT, "STRIPE_SECRET_KEY", "sk_live_1", "is a live key"),
    (DEVELOPMENT, "STRIPE_SECRET_KEY", "rk_live_1", "is a live key"),
    (PRODUCTION, "STRIPE_SECRET_KEY", "sk_test_1", "is a test key"),
    (PRODUCTION, "STRIPE_SECRET_KEY", "rk_test_1", "is a test key"),
    (PRODUCTION, "STRIPE_API_BASE", "https://127.0.0.1:8025", "points at this machine"),
    (DEVELOPMENT, "STRIPE_PER_SECOND", "0", "must be a whole number"),
    (DEVELOPMENT, "STRIPE_PER_SECOND", "12.5", "must be a whole number"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET", None, "is missing"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET", "", "is set but empty"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET", "whsec_", "must begin with whsec_"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET", "sk_test_1", "must begin with whsec_"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET", "whsec_two words", "must begin with whsec_"),
    (DEVELOPMENT, "STRIPE_WEBHOOK_SECRET_OLD", "", "is set but empty"),
    (PRODUCTION, "STRIPE_WEBHOOK_SECRET_OLD", "old", "must begin with whsec_"),
    (DEVELOPMENT, "SENDGRID_API_KEY", "key", "must begin with SG."),
    (PRODUCTION, "SENDGRID_API_BASE", "https://[::1]:8025", "points at this machine"),
    (DEVELOPMENT, "SENDGRID_INBOUND_PUBLIC_KEY", "", "is set but empty"),
    (DEVELOPMENT, "SENDGRID_INBOUND_PUBLIC_KEY", "MFkw", "must be a public key"),
    (DEVELOPMENT, "SENDGRID_INBOUND_PUBLIC_KEY_OLD", "-----BEGIN PUBLIC KEY-----", "must be a public key"),
    (DEVELOPMENT, "SENDGRID_EVENTS_PUBLIC_KEY", "SG.hidden", "must be a public key"),
    (PRODUCTION, "SENDGRID_EVENTS_PUBLIC_KEY_OLD", "", "is set but empty"),
    (PRODUCTION, "CLOCK_FILE", "clock", "is for the demo only"),
]


@pytest.mark.parametrize(("good", "name", "value", "reason"), BAD)
def test_a_bad_value_is_refused_in_a_sentence(good: dict[str, str], name: str, value: str | None, reason: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.read(_with(good, name, value))

    (problem,) = caught.value.problems
    assert problem.startswith(f"{name} ")
    assert reason in problem
    assert re.fullmatch(r"[^\n]+[^.]\.", problem)


@pytest.mark.parametrize(("good", "name", "value", "reason"), [BAD[0], BAD[3], BAD[24], BAD[-1]])
def test_a_program_exits_with_78_and_the_sentence(
    good: dict[str, str], name: str, value: str | None, reason: str
) -> None:
    ended = _read_in_a_program(_with(good, name, value))

    assert ended.returncode == EX_CONFIG == 78
    assert ended.stderr.startswith(f"{name} ")
    assert reason in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_empty_environment_is_told_everything_at_once() -> None:
    ended = _read_in_a_program({})

    required = {name for name, setting in SETTINGS.items() if setting.default is None and not setting.optional}
    assert {line.split()[0] for line in ended.stderr.splitlines()} == required


def test_good_environments_are_read() -> None:
    assert Settings.read(DEVELOPMENT).env == "development"
    assert _read_in_a_program(PRODUCTION).returncode == 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_database_is_one(scheme: str) -> None:
    read = Settings.read(DEVELOPMENT | {"DATABASE_URL": f"{scheme}://a:b@c/d?host=/x"})

    assert read.database_url == "postgresql+psycopg://a:b@c/d?host=/x"


def test_addresses_lose_their_last_slash() -> None:
    assert Settings.read(PRODUCTION | {"PUBLIC_BASE_URL": "https://a.example/"}).public_base_url == "https://a.example"


@pytest.mark.parametrize(
    ("base", "pages"),
    [
        (None, "https://checkout.stripe.com"),
        ("https://api.stripe.com/", "https://checkout.stripe.com"),
        ("http://127.0.0.1:8025/stripe", "http://127.0.0.1:8025"),
    ],
)
def test_cards_are_typed_at_stripe_or_beside_its_stand_in(base: str | None, pages: str) -> None:
    assert Settings.read(_with(DEVELOPMENT, "STRIPE_API_BASE", base)).stripe_pages_origin == pages


def test_a_key_says_whether_money_is_real() -> None:
    assert [Settings.read(good).stripe_is_live for good in (DEVELOPMENT, PRODUCTION)] == [False, True]


def test_no_secret_is_shown() -> None:
    assert "hidden" not in repr(Settings.read(PRODUCTION))
    assert "hidden" not in str(Settings.read(PRODUCTION))


def test_a_refusal_does_not_repeat_a_secret() -> None:
    secrets = [name for name, setting in SETTINGS.items() if setting.secret]
    with pytest.raises(BadSettings) as caught:
        Settings.read(DEVELOPMENT | dict.fromkeys(secrets, "oops"))

    assert "oops" not in str(caught.value)


def test_each_field_has_the_default_that_the_environment_has() -> None:
    unset = Settings.read({name: value for name, value in DEVELOPMENT.items() if not name.endswith("_OLD")})

    for field in dataclasses.fields(Settings):
        if field.default is not dataclasses.MISSING:
            assert getattr(unset, field.name) == field.default


def test_every_setting_is_documented() -> None:
    assert all(setting.doc.endswith(".") for setting in SETTINGS.values())
    assert all(re.search(rf"^(# )?{name}=", env_file.example(), re.MULTILINE) for name in SETTINGS)


def test_the_example_in_the_repository_is_the_one_the_settings_make() -> None:
    assert (PROJECT / ".env.example").read_text() == env_file.example()


def test_an_env_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# words\n\nA=1\nexport B='two = 2'\n C = \"three\"\n#D=4\nE=\n")

    assert env_file.read(file) == {"A": "1", "B": "two = 2", "C": "three", "E": ""}
    assert env_file.read(tmp_path / "none") == {}


def test_a_demo_of_yesterday_gains_the_secrets_of_today(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = demo._secrets(file)  # noqa: SLF001 - the demo's own file
    assert demo._secrets(file) == first  # noqa: SLF001
    old = {name: value for name, value in first.items() if name != "STRIPE_WEBHOOK_SECRET"}
    file.write_text(json.dumps(old))
    again = demo._secrets(file)  # noqa: SLF001
    assert old.items() <= again.items()
    assert again["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")
    assert json.loads(file.read_text()) == again


def _with(good: dict[str, str], name: str, value: str | None) -> dict[str, str]:
    return {key: each for key, each in (good | {name: value}).items() if each is not None}


def _read_in_a_program(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    program = "import os; from assistant.settings import read_or_exit; read_or_exit(os.environ)"
    path = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environ | path, cwd=PROJECT, capture_output=True, text=True, check=False)
