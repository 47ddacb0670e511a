"""What parent and child say to each other: one JSON object per line."""

import json
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from typing import Any, Final

MAX_LINE: Final = 64 * 1024 * 1024
"""The longest line the parent reads, in bytes; a child that writes more has run wild."""


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt for the child: what to do, what to read, where to write, and the providers it may use with their keys."""

    job_type: str
    parameters: dict[str, Any]
    source: str | None
    directory: str
    archive: str
    providers: dict[str, Any] = field(default_factory=dict, repr=False)
    careful: bool = False
    source_info: dict[str, Any] | None = None
    outbound: dict[str, Any] = field(default_factory=dict)
    """What requests to addresses of callers may do; see `fetching.OutboundPolicy`."""
    kept_texts: dict[str, Any] | None = None
    """Where texts of this owner are kept; see `files.KeptTexts`."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The child has loaded its libraries and waits for a task."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The handler reports where it stands."""

    step: str
    percent: int
    message: str


@dataclass(frozen=True, slots=True)
class Logged:
    """The handler adds a line to the job's log."""

    level: str
    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """The handler returned: its results, the files it left, how much memory the child holds now, and whether they
    may be given to an equal job."""

    results: dict[str, Any]
    files: list[dict[str, Any]]
    warnings: list[str]
    resident_bytes: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The handler failed. `traceback` is for the log only; `reusable` says that the child can take another task; `files` is what
    the failed job keeps."""

    code: str
    message: str
    details: Any
    transient: bool
    reusable: bool
    traceback: str | None
    files: list[dict[str, Any]] = field(default_factory=list)


Message = Ready | Reported | Logged | Done | Failed

_KINDS: Final = {kind.__name__: kind for kind in (Ready, Reported, Logged, Done, Failed)}


def encode(message: Message | Task) -> bytes:
    """One line. NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can hold, become U+FFFD."""
    fields = {each.name: cleaned(getattr(message, each.name)) for each in dataclass_fields(message)}
    return json.dumps({"kind": type(message).__name__, **fields}).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Raises ValueError, KeyError or TypeError on a line that is no message."""
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise TypeError("a message is an object")
    return _KINDS[fields.pop("kind")](**fields)


def decode_task(line: bytes) -> Task:
    fields = json.loads(line)
    del fields["kind"]
    return Task(**fields)


def cleaned(value: Any) -> Any:
    """The same JSON value with every text fit to be stored."""
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return text if text.isascii() else text.encode("utf-8", "replace").decode() if _has_surrogate(text) else text
    if isinstance(value, dict):
        return {cleaned(name): cleaned(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(member) for member in value]
    return value


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
