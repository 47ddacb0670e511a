"""The program that turns speech into text by a model in a folder of this machine, `python -m secretary.language.speech.whisper_worker`;
needs the package faster-whisper (the `speech` extra)."""

import json
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from secretary.confinement import allow_seconds, die_with_parent, leave_network, limit_address_space
from secretary.errors import JobFailure, ProviderFailed, ProviderNotConfigured
from secretary.language.speech.telling import private_stdout

_NOT_INSTALLED = (
    "The package faster-whisper is not installed: the operator of this server installs secretary[speech], or unsets "
    "SECRETARY_WHISPER_FOLDER."
)


def main() -> None:
    """Tell the pieces of each part, then that it was heard; the last line is `{"done": true}` or the reason it is not."""
    order = json.loads(sys.stdin.buffer.readline())
    # A model that is not whole in its folder must fail, not be fetched.
    leave_network()
    die_with_parent(order["parent"])
    limit_address_space(order["address_bytes"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    replies = private_stdout()

    def tell(**message: Any) -> None:
        allow_seconds(order["silence_seconds"])
        replies.write(json.dumps(message).encode() + b"\n")
        replies.flush()

    tell(ready=True)
    try:
        _hear(_loaded(order["model"]), order, tell)
    except JobFailure as failure:
        tell(refused=[type(failure).__name__, failure.message])
    except Exception:  # noqa: BLE001  # told to the process that asked, which fails the job under an id
        tell(unforeseen=traceback.format_exc(limit=20))
    else:
        tell(done=True)


def _loaded(folder: str) -> Any:
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise ProviderNotConfigured(_NOT_INSTALLED) from error
    try:
        return WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        sentence = "The speech model cannot be loaded; the operator of this server corrects SECRETARY_WHISPER_FOLDER."
        raise ProviderFailed(sentence) from error


def _hear(model: Any, order: dict[str, Any], tell: Callable[..., None]) -> None:
    language = order["language"]
    for number, part in enumerate(order["parts"], 1):
        pieces, heard = model.transcribe(str(Path(order["folder"], part["part"])), language=language, vad_filter=False)
        for piece in pieces:
            if said := " ".join(piece.text.split()):
                start, end = (min(part["start"] + seconds, part["end"]) for seconds in (piece.start, piece.end))
                tell(start=start, end=end, text=said)
        # The first part tells for all of them.
        language = language or heard.language
        tell(heard=number, language=language)


if __name__ == "__main__":
    main()
