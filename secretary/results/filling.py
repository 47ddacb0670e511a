"""How a template was filled: by whom, from what, and what of it could not be."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class TextPlace(BaseModel):
    """Where a value stands in the text."""

    start: int = Field(description="Characters before it.")
    end: int = Field(description="Characters up to its end.")
    line: int = Field(description="Its line, counted from 1.")


class ModelUsage(BaseModel):
    """What the language model was asked and what that took."""

    requests: int = Field(description="Requests that were answered.")
    input_tokens: int | None = Field(default=None, description="As the server counts them, None where it does not say.")
    output_tokens: int | None = Field(
        default=None, description="As the server counts them, None where it does not say."
    )
    seconds: float = Field(description="From the first request to the last answer.")
    temperature: float | None = Field(default=None, description="None where the model takes none.")


class TemplateFilling(BaseModel):
    """How the fields came about."""

    model_config = ConfigDict(extra="forbid")

    template: str = Field(description="The template's name; template_content for one that came with the job.")
    provider: str = Field(
        description="rules: extracted word for word. llm: by a language model. none: no fields to fill."
    )
    generated: bool = Field(description="Whether a model wrote the values; False when each is a piece of the text.")
    model: str | None = Field(default=None, description="The language model, as its server names it.")
    unfilled: list[str] = Field(default_factory=list, description="Fields that the text says nothing about.")
    places: dict[str, list[TextPlace]] = Field(
        default_factory=dict, description="Of extracted values, where each stands in the text."
    )
    notes: list[str] = Field(default_factory=list, description="What to know of the values.")
    usage: ModelUsage | None = None
    translated: bool = Field(default=False, description="Whether the values were asked for in target_language.")
    characters: int = Field(description="Length of the text that was read.")

    @property
    def repeatable(self) -> bool:
        """Whether an equal job would be filled alike: a model's answers are at temperature 0 only, as far as any can be."""
        return not self.generated or (self.usage is not None and self.usage.temperature == 0)


class FilledTemplate(BaseModel):
    """A template that was filled."""

    transformed_text: str = Field(description="The template with its values.")
    template_fields: dict[str, JsonValue] = Field(description="The fields by name; None where the text does not say.")
    filling: TemplateFilling
