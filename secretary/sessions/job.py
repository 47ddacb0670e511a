"""The job that gathers a session, as the parts of this package know it."""

from pathlib import Path
from typing import Protocol

from secretary.documents.source_text import Limits as DocumentLimits
from secretary.files import KeptTexts
from secretary.providers import Providers


class Limits(DocumentLimits, Protocol):
    """What the job may use: seconds in all, bytes of an attachment and of a video."""

    @property
    def job_seconds(self) -> float: ...

    @property
    def max_file_bytes(self) -> int: ...

    @property
    def media_bytes(self) -> int: ...


class Job(Protocol):
    """Where its files lie, and how it is told of what happens."""

    @property
    def directory(self) -> Path: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def providers(self) -> Providers: ...

    @property
    def kept_texts(self) -> KeptTexts | None: ...

    def report(self, step: str, percent: int, message: str) -> None: ...

    def sign_of_life(self) -> None: ...

    def warn(self, message: str) -> None: ...
