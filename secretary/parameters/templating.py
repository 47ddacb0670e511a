"""What the parameters of job types that fill templates have in common."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MAX_CONTEXT: Final = 50_000
"""Characters of a context as JSON: it goes with every part of a long text."""
MAX_TEMPLATE: Final = 1_000_000
"""Characters of a template given with the job."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,12}([-_][A-Za-z0-9]{1,8}){0,3}")


def _fits(context: dict[str, Any]) -> dict[str, Any]:
    size = len(json.dumps(context, ensure_ascii=False))
    if size > MAX_CONTEXT:
        raise PydanticCustomError(
            "context_size",
            "has {size} characters as JSON and may have {most}; what is to be read belongs into the text",
            {"size": f"{size:,}", "most": f"{MAX_CONTEXT:,}"},
        )
    return context


def _names_a_language(name: str) -> str:
    # It is written into the instructions of a language model.
    if not _LANGUAGE.fullmatch(name):
        raise PydanticCustomError("language", "must name a language, such as de, en-GB or German")
    return name


ContextValues = Annotated[dict[str, Any], AfterValidator(_fits)]
LanguageName = Annotated[str, AfterValidator(_names_a_language)]
TemplateName = Annotated[str, Field(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class TemplateWish:
    """Which template a job fills: one of the server's by `name`, or the `content` it brings, and the language it is filled in."""

    name: str | None
    content: str | None
    target_language: str | None

    @property
    def field(self) -> str:
        """The parameter it comes from."""
        return "template" if self.content is None else "template_content"
