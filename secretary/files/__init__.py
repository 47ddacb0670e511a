"""Files: inputs that may be read, and what jobs produced."""

from secretary.files.inputs import resolve_input
from secretary.files.produced import ProducedFile, ProducedFolder, WorkingFolder

__all__ = ["ProducedFile", "ProducedFolder", "WorkingFolder", "resolve_input"]
