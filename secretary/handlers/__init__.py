"""What a handler is: a plain function of `(parameters, context)` that runs in a sandboxed child and returns its results."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from secretary.fetching import OutboundPolicy
from secretary.files import KeptTexts
from secretary.providers import Providers

LogLevel = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of an input that came from elsewhere: its URL after redirects, the media type and charset that its server
    gave, its safe name."""

    url: str | None
    media_type: str | None
    filename: str
    charset: str | None = None


class Context(Protocol):
    """What a running handler has of the world: one input, one folder to write into, and a way to report."""

    @property
    def source(self) -> Path | None:
        """The input file with every link resolved, already known to be inside the allowed folders; None for other inputs."""

    @property
    def source_info(self) -> SourceInfo | None:
        """Where the source came from; None for a file in the allowed folders."""

    @property
    def directory(self) -> Path:
        """An empty folder; every file left in it becomes a produced file of the job."""

    @property
    def limits(self) -> "Limits":
        """What this job may use."""

    @property
    def providers(self) -> Providers:
        """The OCR data and remote services that are set up, with their keys; never to be logged."""

    @property
    def outbound(self) -> OutboundPolicy:
        """What requests to addresses of callers may do, where this process reaches the network at all."""

    @property
    def kept_texts(self) -> KeptTexts | None:
        """What earlier jobs of the same owner have kept; None where nothing is."""

    @property
    def careful(self) -> bool:
        """Whether an attempt before this one ended its process: the input is taken for dangerous, and is not opened here."""

    def report(self, step: str, percent: int, message: str) -> None:
        """Tell subscribers where the job stands; `percent` 0-99 is raised to the last one reported if it is lower."""

    def sign_of_life(self) -> None:
        """Say that the work goes on, where the last report still holds."""

    def allow_seconds(self, seconds: float) -> None:
        """Let this process be killed unless this is called again within `seconds`; 0 ends the wait."""

    def log(self, level: LogLevel, message: str) -> None:
        """Add a line to the job's log."""

    def warn(self, message: str) -> None:
        """Add a warning to the results and to the log: something that was asked for was only partly possible."""


class Limits(Protocol):
    """What one job may use."""

    @property
    def max_pages(self) -> int:
        """Pages a document may have in the range asked for."""

    @property
    def page_seconds(self) -> float:
        """Seconds for one of them."""

    @property
    def memory_bytes(self) -> int:
        """Memory of the job's process, and of each page worker it starts."""

    @property
    def job_seconds(self) -> float:
        """Seconds for the whole job."""

    @property
    def max_file_bytes(self) -> int:
        """Bytes of a document that the job fetches itself."""

    @property
    def media_bytes(self) -> int:
        """Bytes of a video."""
