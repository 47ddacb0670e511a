"""The service's own enums made known to GraphQL, before any type that shows them is read: one enum per concept, whichever
door speaks of it, and each value with the sentence it has where it is defined."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from enum import Enum

import strawberry

from secretary import errors
from secretary.errors import ErrorCode, SecretaryError
from secretary.jobs import JobStatus
from secretary.language.templates import TemplateSource
from secretary.parameters import ExtractionMethod
from secretary.store import OrderField


def show(enum: type[Enum], description: str, *, name: str | None = None, says: Mapping[str, str] | None = None) -> None:
    """Make an enum known to GraphQL. `says` has a sentence for each member; without it they are read from beside the members."""
    strawberry.enum(enum, name=name, description=description)
    sentences = says if says is not None else sentences_beside(enum)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = sentences.get(value.name)


def sentences_beside(enum: type[Enum]) -> dict[str, str]:
    """What stands as a text beneath each member in the source."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(enum))).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for member, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            (target,) = member.targets
            found[ast.unparse(target)] = inspect.cleandoc(str(text.value.value))
    return found


def sentences_of_errors() -> dict[str, str]:
    """What the first error of each code says when nothing more is known."""
    found: dict[str, str] = {}
    for name in sorted(errors.__all__):
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, SecretaryError) and hasattr(kind, "code"):
            found.setdefault(kind.code.name, kind().message)
    return found


show(JobStatus, "Where a job or a batch stands.")
show(ErrorCode, "What kind of error it is.", says=sentences_of_errors())
show(ExtractionMethod, "How the text of a page is read.")
show(OrderField, "What a list of jobs may be ordered by.", name="JobOrderField")
show(TemplateSource, "Where a template comes from.")
