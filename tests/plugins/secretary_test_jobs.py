"""Job types of another package, found by their entry points: they sleep, die, eat and fail as the tests need it."""

import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

from pydantic import Field

from secretary.errors import FetchFailed, OutputInvalid
from secretary.handlers import Context
from secretary.job_types import JobType
from secretary.parameters import Parameters
from secretary.results import Results


class Nothing(Parameters):
    """No parameters."""


class SleepParameters(Parameters):
    seconds: float = Field(1.0, ge=0)
    mark: str | None = Field(
        None, description="A file that gets a line at the start and one at the end of each attempt."
    )


class DieParameters(Parameters):
    signal_number: int = signal.SIGKILL


class EatParameters(Parameters):
    megabytes: int = 4096


class SpinParameters(Parameters):
    way: str = "loop"


class FlakyParameters(Parameters):
    counter: str
    failures: int


class ChattyParameters(Parameters):
    reports: int = 500


class DialParameters(Parameters):
    port: int


class Echo(Results):
    """What came in, and the process it ran in."""

    pid: int
    attempts: int = 1


def noop(parameters: Nothing, context: Context) -> Echo:
    return Echo(pid=os.getpid())


def sleep(parameters: SleepParameters, context: Context) -> Echo:
    _mark(parameters.mark, f"begin {os.getpid()}")
    until = time.monotonic() + parameters.seconds
    while (left := until - time.monotonic()) > 0:
        context.report("sleeping", int(100 * (1 - left / parameters.seconds)), f"{left:.1f} s left")
        time.sleep(min(left, 0.05))
    (context.directory / "slept.md").write_text("I slept.\n")
    _mark(parameters.mark, f"end {os.getpid()}")
    return Echo(pid=os.getpid())


def die(parameters: DieParameters, context: Context) -> Echo:
    context.report("dying", 50, "Any moment now")
    os.kill(os.getpid(), parameters.signal_number)
    time.sleep(60)
    return Echo(pid=os.getpid())


def eat(parameters: EatParameters, context: Context) -> Echo:
    eaten = [bytearray(1024 * 1024) for _ in range(parameters.megabytes)]
    return Echo(pid=len(eaten))


def spin(parameters: SpinParameters, context: Context) -> Echo:
    if parameters.way == "regular expression":
        re.match(r"(a+)+$", "a" * 64 + "b")
    while True:
        pass


def flaky(parameters: FlakyParameters, context: Context) -> Echo:
    counter = Path(parameters.counter)
    attempts = int(counter.read_text()) + 1 if counter.exists() else 1
    counter.write_text(str(attempts))
    if attempts <= parameters.failures:
        raise FetchFailed(f"failure {attempts}")
    return Echo(pid=os.getpid(), attempts=attempts)


def broken(parameters: Nothing, context: Context) -> Echo:
    secret = "/srv/secret/path"
    raise RuntimeError(f"nobody may read {secret}")


def chatty(parameters: ChattyParameters, context: Context) -> Echo:
    sys.stdout.write("a library that prints to standard output\n")
    sys.stdout.flush()
    os.write(1, b"and one that writes to its descriptor\n")
    for number in range(parameters.reports):
        context.report("talking", 100 * number // parameters.reports, f"report {number}")
    context.log("info", "a line with NUL \0 and a lone surrogate \ud800")
    context.warn("something was only partly possible")
    return Echo(pid=os.getpid())


def dial(parameters: DialParameters, context: Context) -> Echo:
    with socket.socket() as line:
        return Echo(pid=os.getpid(), attempts=line.connect_ex(("127.0.0.1", parameters.port)))


def unfit(parameters: Nothing, context: Context) -> Echo:
    (context.directory / "answer.txt").write_text("42")
    raise OutputInvalid


def _mark(path: str | None, line: str) -> None:
    if path:
        with Path(path).open("a") as file:
            file.write(line + "\n")


def _job_type(name: str, parameters: type[Parameters]) -> JobType:
    return JobType(name, f"Test job {name}.", parameters, Echo, f"secretary_test_jobs:{name}")


NOOP = _job_type("noop", Nothing)
SLEEP = _job_type("sleep", SleepParameters)
DIE = _job_type("die", DieParameters)
EAT = _job_type("eat", EatParameters)
SPIN = _job_type("spin", SpinParameters)
FLAKY = _job_type("flaky", FlakyParameters)
BROKEN = _job_type("broken", Nothing)
CHATTY = _job_type("chatty", ChattyParameters)
UNFIT = _job_type("unfit", Nothing)
DIAL = _job_type("dial", DialParameters)
DIAL_OFFLINE = JobType("dial_offline", "As dial.", DialParameters, Echo, "secretary_test_jobs:dial", network=False)
