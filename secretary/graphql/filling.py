"""How a template was filled, as GraphQL hands it out: the same for pdf and transformer jobs."""

import strawberry
from strawberry.scalars import JSON

from secretary import results


@strawberry.type(description="What the language model was asked, and what that took.")
class ModelUsage:
    requests: int = strawberry.field(description="Requests that were answered.")
    input_tokens: int | None = strawberry.field(description="As the server counts them; null where it does not say.")
    output_tokens: int | None = strawberry.field(description="As the server counts them; null where it does not say.")
    seconds: float = strawberry.field(description="From the first request to the last answer.")
    temperature: float | None = strawberry.field(description="Null where the model takes none.")

    @classmethod
    def from_results(cls, usage: results.ModelUsage) -> "ModelUsage":
        return cls(
            requests=usage.requests,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            seconds=usage.seconds,
            temperature=usage.temperature,
        )


@strawberry.type(description="How the fields of a template came about.")
class TemplateFilling:
    template: str = strawberry.field(
        description="The template's name; template_content for one that came with the job."
    )
    provider: str = strawberry.field(
        description="rules: extracted word for word. llm: by a language model. none: there were no fields to fill."
    )
    generated: bool = strawberry.field(
        description="Whether a model wrote the values; false when each is a piece of the text."
    )
    model: str | None = strawberry.field(description="The language model, as its server names it.")
    unfilled: list[str] = strawberry.field(description="Fields that the text says nothing about.")
    places: JSON = strawberry.field(
        description="Of extracted values, where each stands in the text: by field, a list of start, end and line."
    )
    notes: list[str] = strawberry.field(description="What to know of the values.")
    usage: ModelUsage | None = strawberry.field(description="What the language model was asked, if one was.")
    translated: bool = strawberry.field(description="Whether the values were asked for in the target language.")
    characters: int = strawberry.field(description="Length of the text that was read.")

    @classmethod
    def from_results(cls, filling: results.TemplateFilling) -> "TemplateFilling":
        return cls(
            template=filling.template,
            provider=filling.provider,
            generated=filling.generated,
            model=filling.model,
            unfilled=filling.unfilled,
            places=JSON({name: [place.model_dump() for place in found] for name, found in filling.places.items()}),
            notes=filling.notes,
            usage=ModelUsage.from_results(filling.usage) if filling.usage else None,
            translated=filling.translated,
            characters=filling.characters,
        )
