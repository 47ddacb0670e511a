"""What a child may use; the child sets most of it on itself before it opens anything."""

import resource
from dataclasses import asdict, dataclass
from typing import Final

from secretary.confinement import die_with_parent, leave_network, limit_address_space

_OPEN_FILES: Final = 256
_ROOM_FOR_OCR: Final = 4
"""onnxruntime reserves gigabytes of address space that it never touches; page workers that read by OCR are watched instead."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of one child: bytes of address space, bytes of one written file, seconds of CPU for one job, pages of a document,
    seconds for one of them, whether it may reach the network, and bytes of a document and of a video that it fetches there."""

    memory_bytes: int
    file_bytes: int
    job_seconds: float
    max_pages: int
    page_seconds: float = 20.0
    network: bool = True
    max_file_bytes: int = 100 * 1024**2
    media_bytes: int = 1024**3

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def confine(limits: ChildLimits, parent: int) -> None:
    """Bind this process to its limits and to the life of `parent`."""
    if not limits.network:
        leave_network()
    die_with_parent(parent)
    limit_address_space(limits.memory_bytes, at_most=limits.memory_bytes * _ROOM_FOR_OCR)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
