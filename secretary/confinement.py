"""What binds a process that opens documents: limits it sets on itself, its parent's life, and what its death tells."""

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import Final

from secretary.errors import Crashed, JobFailure, OutOfMemory, TimedOut

_PR_SET_PDEATHSIG: Final = 1
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_SIGNS_OF_NO_MEMORY: Final = ("bad_alloc", "out of memory", "memoryerror", "cannot allocate")
# An allocation that fails makes a C++ library abort or trap; so does a broken pointer. What tells them apart is how much
# address space the process had taken when it was last seen.
_MEMORY_SIGNALS: Final = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV, signal.SIGBUS})
_TIME_SIGNALS: Final = frozenset({signal.SIGXCPU, signal.SIGALRM})
_NEARLY: Final = 0.5
"""Buffers grow by doubling: the allocation that fails asks for as much again as is held."""


def cause_of_death(returncode: int, words: str, *, peak_bytes: int, memory_bytes: int) -> JobFailure:
    """What it means that a process with these last words on standard error ended, having taken `peak_bytes` of its limit."""
    died_of = -returncode
    if died_of in _TIME_SIGNALS:
        return TimedOut()
    nearly_full = peak_bytes > memory_bytes * _NEARLY
    if died_of in _MEMORY_SIGNALS and (nearly_full or any(sign in words.lower() for sign in _SIGNS_OF_NO_MEMORY)):
        return OutOfMemory()
    return Crashed()


def allow_cpu(seconds: float) -> None:
    """From now on at most `seconds` of CPU; a clock comes first, this holds when nobody looks at the clock."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def allow_seconds(seconds: float) -> None:
    """Be killed unless this is called again within `seconds`; 0 ends the wait. Holds inside of C code, which no exception ends."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def limit_address_space(size: int, *, at_most: int | None = None) -> None:
    """Take no more than `size` bytes; what this process starts may allow itself up to `at_most`, as before when None."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = hard if at_most is None else at_most
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size if ceiling == resource.RLIM_INFINITY else min(size, ceiling), ceiling))


def leave_network() -> bool:
    """Go where there is no network, not even the machine's own (unshare(2), Linux); False where that is not permitted.

    To be called before the process has threads: without privileges it takes a user namespace, which only a single thread can.
    """
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    return unshare is not None and (unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent dies (prctl(2), Linux), also when it died before this call."""
    if hasattr(signal, "SIGKILL") and os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def taken_bytes(pid: int) -> tuple[int, int]:
    """Address space and resident memory of a process; zeros where the system does not say, or it has ended."""
    try:
        virtual, resident = Path(f"/proc/{pid}/statm").read_text().split()[:2]
    except (OSError, ValueError):
        return 0, 0
    page = resource.getpagesize()
    return int(virtual) * page, int(resident) * page
