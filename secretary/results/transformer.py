"""Results of `transformer` jobs; contract section 4."""

from pydantic import BaseModel, Field, JsonValue

from secretary.results.base import Results
from secretary.results.filling import TemplateFilling


class TextSource(BaseModel):
    """What the text was read from."""

    kind: str = Field(description="text, html, pdf, markdown or plain.")
    url: str | None = Field(default=None, description="Where it came from in the end, after redirects.")
    title: str | None = Field(default=None, description="Its own title, if it has one.")


class TransformerStructuredData(BaseModel):
    """The fields, and how they came about."""

    fields: dict[str, JsonValue] = Field(description="The template's fields by name.")
    filling: TemplateFilling
    source: TextSource
    source_language: str | None = None
    target_language: str | None = None


class TransformerResults(Results):
    """Results of a `transformer` job."""

    transformed_text: str = Field(description="The template with its values, as Markdown.")
    template_fields: dict[str, JsonValue] = Field(description="The fields by name; None where the text does not say.")
    structured_data: TransformerStructuredData

    @property
    def whole(self) -> bool:
        return self.structured_data.filling.repeatable
