"""`assistant demo`: a whole spa with pretended providers, on nothing but what `make setup` installed."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant import seeds_staff
from assistant.local.errors import LocalServerError
from assistant.local.machine import PROJECT, Servers, claimed, is_well, prepare, start_processes, wait_for_port
from assistant.local.places import forget
from assistant.local.processes import SANDBOX, TIME_MACHINE, inherited, words
from assistant.local.supervisor import Child, StopAsked, Supervisor, write_atomically
from assistant.sandbox import sendgrid_keys
from assistant.settings import SETTINGS

HOME = PROJECT / ".local"
FOLDERS = ("postgres", "redis", "sandbox", "log")
FILES = ("clock", "clock.move", "clock.stopped", "cast.json", "secrets.json", "demo.json")
"""What FRESH=1 deletes. Nothing else in .local is the demo's."""

MAIL_DOMAIN = "mail.fernandlumen.example.com"
"""Of the invented spa: mail to it goes nowhere but into the sandbox."""


def run(*, fresh: bool = False, port: int = 8000, sandbox_port: int = 8025) -> int:
    """Run the demo until Ctrl-C; gives the exit code."""
    try:
        with claimed(HOME, "The demo") as leftovers:
            (HOME / "demo.json").unlink(missing_ok=True)
            _tell_leftovers(leftovers)
            for number, variable in ((port, "PORT"), (sandbox_port, "SANDBOX_PORT")):
                wait_for_port(number, variable, seconds=5 if leftovers else 0)
            if fresh:
                _begin_again()
            _supervise(Servers.at(HOME, os.environ), port, sandbox_port)
    except LocalServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (KeyboardInterrupt, StopAsked):
        return 0
    return 0


def _supervise(servers: Servers, port: int, sandbox_port: int) -> None:
    environ = _environ(servers, port, sandbox_port)
    supervisor = Supervisor(HOME / "log", HOME / "processes.json", say=_say)
    try:
        with supervisor:
            servers.start(supervisor)
            supervisor.start(Child("sandbox", words(SANDBOX), environ, cwd=PROJECT))
            prepare(supervisor, environ, cast=HOME / "cast.json")
            start_processes(supervisor, environ, host="127.0.0.1", port=port)
            supervisor.start(Child("time_machine", words(TIME_MACHINE), environ, cwd=PROJECT))
            supervisor.wait_until(lambda: is_well(sandbox_port), 60, "sandbox")
            supervisor.on_change = lambda: _write_facts(supervisor, environ, sandbox_port)
            supervisor.on_change()
            print(_where_to_look(port, sandbox_port), flush=True)
            supervisor.run()
    finally:
        (HOME / "demo.json").unlink(missing_ok=True)
        servers.discard_sockets()


def _environ(servers: Servers, port: int, sandbox_port: int) -> dict[str, str]:
    """The environment of every program: none of the person's own settings and keys, save where the databases are."""
    kept = _secrets(HOME / "secrets.json")
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost"]))
    return {
        **inherited(frozenset(SETTINGS)),
        **kept,
        "SENDGRID_INBOUND_PUBLIC_KEY": sendgrid_keys.public(kept["SANDBOX_SENDGRID_KEY"]),
        "SENDGRID_EVENTS_PUBLIC_KEY": sendgrid_keys.public(kept["SANDBOX_SENDGRID_KEY"]),
        **servers.urls,
        "ENV": "development",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "TWILIO_API_BASE": sandbox,
        "STRIPE_API_BASE": sandbox,
        "SENDGRID_API_BASE": sandbox,
        "MAIL_DOMAIN": MAIL_DOMAIN,
        "STRIPE_PER_SECOND": "200",
        "CLOCK_FILE": str(HOME / "clock"),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_BOOK": str(_book()),
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def _secrets(path: Path) -> dict[str, str]:
    """Keys that open nothing but this demo, kept so that yesterday's links and signatures still hold today."""
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        "SENDGRID_API_KEY": f"SG.{secrets.token_hex(16)}",
        "SANDBOX_SENDGRID_KEY": sendgrid_keys.new_private(),
    }
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if missing := made.keys() - kept.keys():
        kept |= {name: made[name] for name in made if name in missing}
        write_atomically(path, json.dumps(kept, indent=1))
    return kept


def _write_facts(supervisor: Supervisor, environ: Mapping[str, str], sandbox_port: int) -> None:
    """`.local/demo.json`: what a script needs to know. It is there only while everything is up."""
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    facts = {
        "web": environ["PUBLIC_BASE_URL"],
        "console": f"{environ['PUBLIC_BASE_URL']}/console/",
        "sandbox": sandbox,
        "twilio_account_sid": environ["TWILIO_ACCOUNT_SID"],
        "twilio_auth_token": environ["TWILIO_AUTH_TOKEN"],
        "texts_of_a_phone": f"GET {sandbox}/sandbox/phones/PHONE/texts",
        "text_the_spa": f"POST {sandbox}/sandbox/texts with JSON: from, body",
        "inbox": f"{sandbox}/inbox",
        "mails_of_an_address": f"GET {sandbox}/sandbox/inboxes/ADDRESS/mails",
        "mail_the_spa": f"POST {sandbox}/sandbox/mails with JSON: from, words, and to and subject, or answers",
        **json.loads((HOME / "cast.json").read_text()),
        "database_url": environ["DATABASE_URL"],
        "redis_url": environ["REDIS_URL"],
        "clock_file": environ["CLOCK_FILE"],
        "environ": {name: environ[name] for name in SETTINGS if name in environ},
        "pids": {"supervisor": os.getpid(), **supervisor.pids()},
    }
    write_atomically(HOME / "demo.json", json.dumps(facts, indent=2) + "\n")


def _begin_again() -> None:
    """Forget all that the demo keeps."""
    if os.environ.get("DATABASE_URL"):
        raise LocalServerError("FRESH=1 empties only the demo's own database: unset DATABASE_URL or empty it yourself.")
    for name in FOLDERS:
        forget(HOME / name)
    for name in FILES:
        (HOME / name).unlink(missing_ok=True)


def _book() -> Path:
    """The sandbox's book."""
    folder = HOME / "sandbox"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "book.sqlite"


def _tell_leftovers(names: list[str]) -> None:
    if names:
        _say(f"Stopped what an earlier demo had left running: {', '.join(names)}.")


def _where_to_look(port: int, sandbox_port: int) -> str:
    return (
        f"Text the spa at http://127.0.0.1:{sandbox_port}, or write to it at http://127.0.0.1:{sandbox_port}/inbox"
        f" (its webhooks are at http://127.0.0.1:{port}, .local/demo.json has the rest). Ctrl-C stops everything.\n"
        f"The staff console is at http://127.0.0.1:{port}/console/: sign in as"
        f" {', '.join(email for email, _, _ in seeds_staff.PEOPLE)} with the password {seeds_staff.PASSWORD}"
    )


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
