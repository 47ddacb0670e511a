"""What is asked of a remote service that reads pages, and what it answers for one."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RemotePage:
    """A page as the service wrote it, in Markdown. `is_cut` tells that it stopped before the page's end."""

    markdown: str
    model: str
    confidence: float | None = None
    is_cut: bool = False


class PageService(Protocol):
    """One page at a time, from several threads."""

    @property
    def dpi(self) -> int | None:
        """Dots an inch of the picture it is sent; None where it is sent a PDF."""

    def read(self, material: bytes) -> RemotePage:
        """Raises ProviderFailed, ProviderRefused, ProviderBusy or ProviderResting."""

    def close(self) -> None: ...
