"""How the programs that work on sound tell what they do."""

import os
from typing import IO, Any


def private_stdout() -> IO[Any]:
    """The real standard output, moved away from fd 1, which becomes standard error: libraries print what is no message."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies
