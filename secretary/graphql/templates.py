"""The templates a caller can name, with what they ask and what they need."""

import asyncio
from typing import Annotated

import strawberry

from secretary.graphql.context import Info
from secretary.language import templates

Language = Annotated[
    str | None, strawberry.argument(description="One of `languages`; the template of exactly this name when not given.")
]


@strawberry.type(description="A field of a template: a question that is answered from the text.")
class TemplateField:
    name: str = strawberry.field(description="Its name, under which `template_fields` has the answer.")
    question: str = strawberry.field(description="What is asked about the text.")
    is_list: bool = strawberry.field(description="Whether the answer is a list.")


@strawberry.type(description="A template that can be asked for by its name.")
class Template:
    name: str = strawberry.field(description="What `template` says.")
    source: templates.TemplateSource = strawberry.field(
        description="Whether it is part of this service or of its operator's own folder."
    )
    fields: list[TemplateField] = strawberry.field(description="What it asks, in the order of its text.")
    variables: list[str] = strawberry.field(
        description="What it takes from `context` and the job's parameters; `text` is the input."
    )
    languages: list[str] = strawberry.field(
        description="Languages for which there is a variant of its own, chosen by `target_language`."
    )
    error: str | None = strawberry.field(
        description="Why it cannot be used, with line and column; null for one that can."
    )

    @strawberry.field(description="What its author wrote; null for a file that is no text, or is gone by now.")
    async def text(self, info: Info, language: Language = None) -> str | None:
        return await asyncio.to_thread(info.context.service.templates.text, self.name, target_language=language)

    @classmethod
    def from_listed(cls, listed: templates.ListedTemplate) -> "Template":
        template = listed.template
        fields = template.fields if template else ()
        return cls(
            name=listed.name,
            source=listed.source,
            fields=[TemplateField(name=it.name, question=it.question, is_list=it.many) for it in fields],
            variables=list(template.variables) if template else [],
            languages=list(listed.languages),
            error=listed.error.message if listed.error else None,
        )
