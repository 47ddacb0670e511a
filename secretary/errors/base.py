"""The root of the tree, and the wrong field of an input."""

from dataclasses import dataclass
from typing import Any, ClassVar

from secretary.errors.codes import ErrorCode


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong input field: `path` from the root of the caller's input, and a sentence that says how to mend it."""

    path: tuple[str, ...]
    message: str

    @property
    def field(self) -> str:
        return ".".join(self.path)

    def under(self, *prefix: str) -> "FieldError":
        return FieldError((*prefix, *self.path), self.message)


class SecretaryError(Exception):
    """Something went wrong that a caller may read about."""

    code: ClassVar[ErrorCode]
    http_status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, *, details: Any = None) -> None:
        self.message = message or (self.__doc__ or self.code).strip().splitlines()[0]
        self.details = details
        super().__init__(self.message)
