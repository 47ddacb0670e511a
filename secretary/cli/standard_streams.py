"""Standard output and error as the command line needs them: there, taking every letter, and flushed before the end is told."""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import Final

from secretary.cli.speaking import complain

_OF_WRITING: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


@contextlib.contextmanager
def standard_streams() -> Iterator[None]:
    """Within it what is printed can be written, or it is said that it cannot, with exit code 1."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name with letters that this terminal does not have is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has read enough.
        _write_nothing_more()
        sys.exit(1)
    except OSError as error:
        if error.filename is not None or error.errno not in _OF_WRITING:
            # About a file or a connection of its own, and not about these streams.
            raise
        _write_nothing_more()
        complain(f"What was to be printed could not be written: {error.strerror}.")
        sys.exit(1)


def _open_what_is_closed() -> None:
    """As with `>&-`: what is opened next would take the number, and whatever prints would write into it."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w", closefd=False))


def _write_nothing_more() -> None:
    """The interpreter flushes once more when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
