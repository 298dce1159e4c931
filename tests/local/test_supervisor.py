"""The supervisor, with small stand-ins for the programs of a spa."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.local.census import identity, session_members
from assistant.local.errors import LocalServerError
from assistant.local.machine import claimed, wait_for_port
from assistant.local.supervisor import Child, StopAsked, Supervisor, stop_leftovers

SLEEP = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=GROUP)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "log", tmp_path / "processes.json") as made:
        yield made


def child(name: str, program: str, **more: object) -> Child:
    return Child(name, (sys.executable, "-c", program), dict(os.environ), **more)  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    return identity(pid) is not None


def wait_for(ready: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_killed_program_is_started_again(supervisor: Supervisor) -> None:
    changes: list[int] = []
    supervisor.on_change = lambda: changes.append(1)
    supervisor.start(child("web", SLEEP))
    first = supervisor.pids()["web"]

    os.kill(first, signal.SIGKILL)
    supervisor.wait_until(lambda: supervisor.pids().get("web", first) != first, 5, "web")

    assert alive(supervisor.pids()["web"])
    assert changes == [1]
    assert [entry["pid"] for entry in json.loads(supervisor.record.read_text())] == [supervisor.pids()["web"]]


def test_what_a_killed_program_led_goes_with_it(supervisor: Supervisor) -> None:
    supervisor.start(child("web", PARENT.replace("GROUP", "None")))
    log = supervisor.logs / "web.log"
    wait_for(lambda: log.exists() and log.read_text().endswith("\n"))
    worker = int(log.read_text())
    first = supervisor.pids()["web"]

    os.kill(first, signal.SIGKILL)
    supervisor.wait_until(lambda: supervisor.pids().get("web", first) != first, 5, "web")

    wait_for(lambda: not alive(worker))


def test_a_program_that_keeps_dying_is_waited_for_longer_and_longer(supervisor: Supervisor) -> None:
    said: list[str] = []
    supervisor.say = said.append
    supervisor.start(child("web", "import sys; sys.exit('no such table')"))

    with pytest.raises(LocalServerError, match=r"(?s)web does not stay up.*no such table"):
        supervisor.wait_until(lambda: False, 30, "web")
    assert [sentence.split()[-2] for sentence in said] == ["0.2", "0.4", "0.8", "1.6", "3.2"]
    assert said[0].startswith("web ended with code 1;")


def test_everything_is_stopped_and_databases_last(tmp_path: Path) -> None:
    note = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit()); print('up', flush=True)\n"
    note += f"try: time.sleep(600)\nfinally: open({str(tmp_path / 'order')!r}, 'a').write(sys.argv[1] + ' ')"
    with Supervisor(tmp_path / "log", tmp_path / "processes.json") as supervisor:
        for name, is_base in (("base", True), ("web", False)):
            command = (sys.executable, "-c", note, name)
            supervisor.start(Child(name, command, dict(os.environ), is_base=is_base))
        logs = [supervisor.logs / f"{name}.log" for name in ("base", "web")]
        supervisor.wait_until(lambda: all(log.read_text() for log in logs), 10, "base")
        pids = supervisor.pids().values()

    assert (tmp_path / "order").read_text() == "web base "
    assert not any(map(alive, pids))
    assert not supervisor.record.exists()


def test_a_stopped_program_leaves_no_work_horse(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log", tmp_path / "processes.json") as supervisor:
        supervisor.start(child("worker", PARENT.replace("GROUP", "0")))
        log = supervisor.logs / "worker.log"
        supervisor.wait_until(lambda: bool(log.read_text()), 10, "worker")
        horse, pid = int(log.read_text()), supervisor.pids()["worker"]
        assert set(session_members(pid)) == {pid, horse}

    wait_for(lambda: not alive(horse))


def test_ctrl_c_ends_the_run(supervisor: Supervisor) -> None:
    supervisor.start(child("web", SLEEP))
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()

    supervisor.run()

    with pytest.raises(StopAsked):
        supervisor.wait_until(lambda: False, 1, "web")


def test_a_program_run_once_tells_why_it_failed(supervisor: Supervisor) -> None:
    supervisor.run_once(child("prepare", "print('well')"))
    with pytest.raises(LocalServerError, match=r"(?s)prepare did not work.*no such role"):
        supervisor.run_once(child("prepare", "import sys; sys.exit('no such role')"))


def test_programs_survive_a_killed_supervisor_and_the_next_one_finds_them(tmp_path: Path) -> None:
    program = f"""
import os, pathlib, signal, sys
from assistant.local.supervisor import Child, Supervisor
home = pathlib.Path({str(tmp_path)!r})
with Supervisor(home / "log", home / "processes.json") as supervisor:
    for name in ("web", "clock"):
        supervisor.start(Child(name, (sys.executable, "-c", {SLEEP!r}), dict(os.environ)))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGKILL
    record = tmp_path / "processes.json"
    pids = [entry["pid"] for entry in json.loads(record.read_text())]
    assert all(map(alive, pids))

    with claimed(tmp_path, "The demo") as leftovers:
        assert leftovers == ["web", "clock"]

    wait_for(lambda: not any(map(alive, pids)))
    assert not record.exists()


def test_a_stranger_with_a_recorded_pid_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    entry = {"name": "web", "pid": os.getpid(), "identity": "another start", "stop_with": 9, "is_base": False}
    record.write_text(json.dumps([entry]))

    assert stop_leftovers(record) == []


def test_two_at_once_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with (
        claimed(tmp_path, "The demo"),
        pytest.raises(LocalServerError, match="The demo already runs here"),
        claimed(tmp_path, "The demo"),
    ):
        pass


def test_a_taken_port_is_a_sentence() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(LocalServerError, match=rf"^Port {port} is taken by another program\. Choose another"):
            wait_for_port(port, "PORT")
    wait_for_port(port, "PORT")


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_is_none_is_a_sentence(port: int) -> None:
    with pytest.raises(LocalServerError, match="is no port"):
        wait_for_port(port, "PORT")


def test_a_program_that_will_not_end_is_ended(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log", tmp_path / "processes.json", patience=0.5) as supervisor:
        supervisor.start(child("web", STUBBORN))
        supervisor.wait_until(lambda: bool((supervisor.logs / "web.log").read_text()), 10, "web")
        pid = supervisor.pids()["web"]

    assert not alive(pid)
