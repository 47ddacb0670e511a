"""Children that die with their parent, also when it is killed by a signal that it cannot handle."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def dying_with(parent: int) -> Callable[[], None]:
    """What a fresh child must call before anything else (`preexec_fn`), in a parent that has one thread only.

    The kernel then kills the child when that thread ends; exec keeps this. Where there is no prctl (macOS) children of a
    killed supervisor go on until they are stopped by hand.
    """
    if not sys.platform.startswith("linux"):
        return _nothing
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            # The parent died before the kernel was told; nobody would end this child.
            os._exit(1)

    return bind


def _nothing() -> None:
    """Where the kernel offers nothing of the kind."""
