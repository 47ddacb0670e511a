"""The template a job wishes for: one of this installation's by its name, or the one it brings."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secretary.errors import TemplateError, UnknownTemplate
from secretary.language.templates import Template, TemplateLibrary, parse_template
from secretary.parameters.templating import TemplateWish

BROUGHT: Final = "template_content"
"""What a template is called that came with the job."""


@dataclass(frozen=True, slots=True)
class WishedTemplate:
    """The template. `warning` says that it is not in the language that was asked for."""

    template: Template
    warning: str | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that makes it: a file that was edited is another template."""
        parts = (self.template.name, *map(repr, (self.template.opening, self.template.front_matter_pieces)))
        more = (self.template.closing, self.template.body_pieces, self.template.system_prompt_pieces)
        return hashlib.sha256("\0".join((*parts, *map(repr, more))).encode("utf-8", "surrogatepass")).hexdigest()


def find_template(wish: TemplateWish, library: TemplateLibrary) -> WishedTemplate:
    """Raises UnknownTemplate about the parameter `template`, and TemplateError for what is no template."""
    if wish.content is not None:
        return WishedTemplate(parse_template(wish.content, name=BROUGHT))
    assert wish.name is not None, "a wish has a name or a content"
    found = library.get(wish.name, target_language=wish.target_language, under=("parameters", "template"))
    return WishedTemplate(found.template, found.warning)


def template_for_job(wish: TemplateWish, folder: str | None) -> WishedTemplate:
    """As `find_template`, for a job that was taken when the template was there: raises TemplateError also when it is gone."""
    try:
        return find_template(wish, TemplateLibrary(Path(folder) if folder else None))
    except UnknownTemplate as unknown:
        raise TemplateError(unknown.message[:1].upper() + unknown.message[1:]) from unknown
