"""Files: inputs that may be read, and what jobs produced."""

from secretary.files.cache import CachedResult, ResultCache
from secretary.files.inputs import resolve_input
from secretary.files.produced import ProducedFile, ProducedFolder, WorkingFolder

__all__ = ["CachedResult", "ProducedFile", "ProducedFolder", "ResultCache", "WorkingFolder", "resolve_input"]
