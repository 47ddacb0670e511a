"""The program that takes the sound out of a video, `python -m secretary.language.speech.audio_worker`: one order on standard
input, a line for each thing to tell on standard output. What a video can do to it ends with it."""

import json
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from secretary.confinement import allow_cpu, allow_seconds, die_with_parent, leave_network, limit_address_space
from secretary.errors import JobFailure
from secretary.language.speech.telling import private_stdout


def main() -> None:
    """Write the parts into the order's folder, telling of each; the last line is `{"done": true}` or the reason it is not."""
    order = json.loads(sys.stdin.buffer.readline())
    leave_network()
    die_with_parent(order["parent"])
    limit_address_space(order["address_bytes"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    allow_cpu(order["cpu_seconds"])
    replies = private_stdout()

    def tell(**message: Any) -> None:
        # Each word is a sign of life; without one for so long the video has caught FFmpeg in a loop.
        allow_seconds(order["silence_seconds"])
        replies.write(json.dumps(message).encode() + b"\n")
        replies.flush()

    tell(ready=True)
    from secretary.language.speech.audio import extract

    try:
        for part in extract(Path(order["media"]), Path(order["folder"]), lambda at, of: tell(heard=at, of=of)):
            tell(part=part.path.name, start=part.start, end=part.end)
    except JobFailure as failure:
        tell(refused=[type(failure).__name__, failure.message])
    except Exception:  # noqa: BLE001  # told to the process that asked, which fails the job under an id
        tell(unforeseen=traceback.format_exc(limit=20))
    else:
        tell(done=True)


if __name__ == "__main__":
    main()
