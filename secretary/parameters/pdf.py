"""Parameters of `pdf` jobs; contract section 4."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from secretary.parameters.base import Parameters
from secretary.parameters.choices import exactly_one
from secretary.parameters.languages import language_codes
from secretary.parameters.near_match import near_match
from secretary.parameters.templating import ContextValues, LanguageName, TemplateName, TemplateWish
from secretary.providers import ProviderName


class ExtractionMethod(StrEnum):
    """How the text of a page is read."""

    NATIVE = "native"
    """The text the document itself carries."""
    OCR = "ocr"
    """Every page is read from its picture."""
    COMBINED = "combined"
    """Native where that is good, OCR where it is not."""
    MISTRAL_OCR = "mistral_ocr"
    """Mistral's OCR service."""
    OPENAI_VISION = "openai_vision"
    """A vision model behind an OpenAI-compatible server."""


_HISTORICAL_METHODS = {"tesseract_ocr": "ocr", "both": "combined", "llm": "openai_vision"}
_REMOTE_METHODS: dict[ExtractionMethod, ProviderName] = {
    ExtractionMethod.MISTRAL_OCR: "mistral",
    ExtractionMethod.OPENAI_VISION: "openai",
}


ONLY_TEXT: Final = {"include_tables": False, "include_markdown": False}
"""Parameters for those who read a PDF only for its plain text."""


def _method(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    known = _HISTORICAL_METHODS.get(value, value)
    if known in set(ExtractionMethod):
        return ExtractionMethod(known)
    names = ", ".join(ExtractionMethod)
    raise PydanticCustomError(
        "method", "must be one of {names}{meant}", {"names": names, "meant": near_match(value, ExtractionMethod)}
    )


class PdfParameters(Parameters):
    """Extract text, tables, images and metadata of a PDF."""

    spellings: ClassVar[dict[str, str]] = {
        "file_path": "filename",
        "useCache": "use_cache",
        "includeImages": "include_images",
    }
    secrets: ClassVar[frozenset[str]] = frozenset({"password"})
    input_field: ClassVar[str | None] = "filename"
    url_field: ClassVar[str | None] = "url"
    without_effect: ClassVar[frozenset[str]] = frozenset({"filename", "url", "use_cache", "force_refresh", "webhook"})

    filename: str | None = Field(
        None, min_length=1, max_length=4096, description="Path of the PDF, inside the allowed input folders."
    )
    url: str | None = Field(
        None, min_length=1, max_length=8192, description="Address of the PDF; exactly one of filename and url."
    )
    extraction_method: Annotated[ExtractionMethod, BeforeValidator(_method)] = Field(
        ExtractionMethod.NATIVE, description="How the text of a page is read."
    )
    language: Annotated[list[str] | None, BeforeValidator(language_codes)] = Field(
        None,
        description="Languages to read by OCR, as ISO 639 codes: en, de, or several such as de,en; "
        "when not given, English and German as far as the server has their data.",
    )
    template: TemplateName | None = Field(None, description="Name of a template to fill from the text.")
    context: ContextValues | None = Field(None, description="Values for the template's variables.")
    target_language: LanguageName | None = Field(None, description="Language of the filled template, such as de.")
    use_cache: bool = Field(True, description="Take the results of an equal earlier job when there are any.")
    force_refresh: bool = Field(False, description="Do the work anew and replace what is cached.")
    include_images: bool = Field(
        False, description="Also produce an image and a preview of each page, and the images it holds."
    )
    include_tables: bool = Field(True, description="Also find tables; each is a CSV file, too.")
    include_markdown: bool = Field(
        True,
        description="Also write the text as Markdown, with headings, lists and tables in their places; "
        "where only the plain text is wanted, pages are read faster without it.",
    )
    page_start: int | None = Field(None, ge=1, le=1_000_000, description="First page, counted from 1.")
    page_end: int | None = Field(None, ge=1, le=1_000_000, description="Last page, inclusive.")
    password: str | None = Field(None, max_length=1024, repr=False, description="Password of an encrypted PDF.")

    @property
    def needs_provider(self) -> tuple[ProviderName, str] | None:
        name = _REMOTE_METHODS.get(self.extraction_method)
        return (name, self.extraction_method.value) if name else None

    @property
    def may_use_ocr(self) -> bool:
        return self.extraction_method in (ExtractionMethod.OCR, ExtractionMethod.COMBINED)

    @property
    def template_wish(self) -> TemplateWish | None:
        return TemplateWish(self.template, None, self.target_language) if self.template is not None else None

    @field_validator("filename")
    @classmethod
    def _no_null_byte(cls, value: str | None) -> str | None:
        if value is not None and "\0" in value:
            raise PydanticCustomError("null_byte", "a path cannot hold a null byte")
        return value

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        exactly_one(self, "filename", "url")
        if self.page_start and self.page_end and self.page_start > self.page_end:
            raise PydanticCustomError("page_range", "page_start is after page_end")
        return self
