"""Why a service cannot start, each as one sentence that names what to do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secretary.up.lock import RunningService


class CannotStart(Exception):
    """The service cannot start; the message says why and what to do."""


class AlreadyRunning(CannotStart):
    """Another service has this data folder."""

    def __init__(self, message: str, service: "RunningService | None") -> None:
        super().__init__(message)
        self.service = service
