"""What a child may use; the child sets most of it on itself before it opens anything."""

import ctypes
import os
import resource
import signal
from dataclasses import asdict, dataclass
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_OPEN_FILES: Final = 256


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of one child: bytes of address space, bytes of one written file, seconds of CPU for one job, pages of a document."""

    memory_bytes: int
    file_bytes: int
    job_seconds: float
    max_pages: int

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def confine(limits: ChildLimits, parent: int) -> None:
    """Bind this process to its limits and to the life of `parent`."""
    die_with_parent(parent)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: float) -> None:
    """From now on at most `seconds` of CPU; the parent's clock comes first, this holds when the parent is stopped."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def die_with_parent(parent: int) -> None:
    """Be killed when the parent dies (prctl(2), Linux), also when it died before this call."""
    if hasattr(signal, "SIGKILL") and os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
