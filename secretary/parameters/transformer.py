"""Parameters of `transformer` jobs; contract section 4."""

from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from secretary.parameters.base import Parameters
from secretary.parameters.choices import exactly_one
from secretary.parameters.templating import MAX_TEMPLATE, ContextValues, LanguageName, TemplateName, TemplateWish


class TransformerParameters(Parameters):
    """Fill a template from a text or a web page."""

    spellings: ClassVar[dict[str, str]] = {"useCache": "use_cache"}
    url_field: ClassVar[str | None] = "url"
    fetching_step: ClassVar[str | None] = None
    without_effect: ClassVar[frozenset[str]] = frozenset({"use_cache", "force_refresh", "webhook"})

    text: str | None = Field(None, description="The text to read; exactly one of text and url.")
    url: str | None = Field(
        None, min_length=1, max_length=8192, description="Address of what to read: a web page, a PDF, or plain text."
    )
    template: TemplateName | None = Field(
        None, description="Name of the template to fill; exactly one of template and template_content."
    )
    template_content: str | None = Field(None, max_length=MAX_TEMPLATE, description="The template itself.")
    context: ContextValues | None = Field(
        None, description="Values for the template's variables, and what else to know of the text."
    )
    source_language: LanguageName | None = Field(None, description="Language of the text, such as en.")
    target_language: LanguageName | None = Field(None, description="Language of the filled template, such as de.")
    use_cache: bool = Field(True, description="Take the results of an equal earlier job when there are any.")
    force_refresh: bool = Field(False, description="Do the work anew and replace what is cached.")

    @property
    def template_wish(self) -> TemplateWish:
        return TemplateWish(self.template, self.template_content, self.target_language)

    @field_validator("text", "template_content")
    @classmethod
    def _says_something(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise PydanticCustomError("empty", "must not be empty")
        return value

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        exactly_one(self, "text", "url")
        exactly_one(self, "template", "template_content")
        return self
