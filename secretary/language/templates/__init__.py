"""Templates: Markdown files with fields to fill; read by a parser, found by name, written out with their values."""

from secretary.language.templates.library import (
    FoundTemplate,
    ListedTemplate,
    TemplateLibrary,
    TemplateSource,
    read_template,
)
from secretary.language.templates.parsing import parse_template
from secretary.language.templates.rendering import render, render_system_prompt
from secretary.language.templates.template import FieldPlace, FrontMatterEntry, Template, TemplateField

__all__ = [
    "FieldPlace",
    "FoundTemplate",
    "FrontMatterEntry",
    "ListedTemplate",
    "Template",
    "TemplateField",
    "TemplateLibrary",
    "TemplateSource",
    "parse_template",
    "read_template",
    "render",
    "render_system_prompt",
]
