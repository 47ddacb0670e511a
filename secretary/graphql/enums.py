"""The service's own enums made known to GraphQL, before any type that shows them is read: one enum per concept, whichever
door speaks of it, and each value with the sentence it has where it is defined."""

import ast
import inspect
import textwrap
from enum import Enum

import strawberry

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.language.templates import TemplateSource
from secretary.parameters import ExtractionMethod
from secretary.store import OrderField


def show(enum: type[Enum], description: str, *, name: str | None = None) -> None:
    """Make an enum known to GraphQL, under its own name or another."""
    strawberry.enum(enum, name=name, description=description)
    sentences = sentences_beside(enum)
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


show(JobStatus, "Where a job or a batch stands.")
show(ErrorCode, "What kind of error it is.")
show(ExtractionMethod, "How the text of a page is read.")
show(OrderField, "What a list of jobs may be ordered by.", name="JobOrderField")
show(TemplateSource, "Where a template comes from.")
