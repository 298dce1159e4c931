"""`assistant serve`: the programs of the Procfile under one supervisor, for a spa with one machine."""

import os
import sys

from assistant.local import env_file
from assistant.local.errors import LocalServerError
from assistant.local.machine import PROJECT, Servers, claimed, prepare, start_processes, wait_for_port
from assistant.local.processes import inherited
from assistant.local.supervisor import StopAsked, Supervisor
from assistant.settings import SETTINGS, Settings, read_or_exit

HOME = PROJECT / ".local" / "serve"
"""Never touched by the demo, nor by FRESH=1."""
OURS = {"DATABASE_URL": "postgresql://ours/assistant", "REDIS_URL": "redis://ours"}
"""Stands for what is yet to be started, so that the rest can be judged before anything is."""


def run(*, host: str = "127.0.0.1") -> int:
    """Serve until Ctrl-C or SIGTERM, on the keys of the environment and of .env; gives the exit code.

    The web server listens on this machine only, for a proxy or tunnel that speaks https, unless `host` says otherwise.
    """
    environ = {**env_file.read(PROJECT / ".env"), **os.environ}
    try:
        with claimed(HOME, "The assistant") as leftovers:
            settings = read_or_exit(OURS | environ)
            wait_for_port(settings.port, "PORT", host=host, seconds=5 if leftovers else 0)
            servers = Servers.at(HOME, environ)
            given = {name: environ[name] for name in SETTINGS if name in environ}
            _supervise(servers, {**inherited(frozenset(SETTINGS)), **given, **servers.urls}, settings, host)
    except LocalServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (KeyboardInterrupt, StopAsked):
        return 0
    return 0


def _supervise(servers: Servers, environ: dict[str, str], settings: Settings, host: str) -> None:
    supervisor = Supervisor(HOME / "log", HOME / "processes.json", say=lambda sentence: print(sentence, flush=True))
    try:
        with supervisor:
            servers.start(supervisor)
            prepare(supervisor, environ)
            start_processes(supervisor, environ, host=host, port=settings.port)
            print(
                f"Serving {settings.public_base_url} on port {settings.port}; logs are in {supervisor.logs}.",
                flush=True,
            )
            supervisor.run()
    finally:
        servers.discard_sockets()
