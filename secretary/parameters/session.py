"""Parameters of `session` jobs; contract section 4."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from secretary.parameters.base import Parameters
from secretary.parameters.templating import LanguageName, TemplateName, TemplateWish
from secretary.providers import ProviderName

MAX_TRANSCRIPT: Final = 2_000_000
"""Characters of a transcript that comes with the job."""
MAX_ATTACHMENTS: Final = 50
MAX_SPEAKERS: Final = 100


def _says_something(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty", "must not be empty")
    return value


def _names(value: Any) -> Any:
    """`"Ada Lovelace, Alan Turing"` as a list; lists are taken as they are."""
    if not isinstance(value, str):
        return value
    return [name.strip() for name in re.split(r"[,;\n]", value) if name.strip()]


def _addresses(value: Any) -> Any:
    """One address is a list of one."""
    return [value] if isinstance(value, str) else value


Said = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_says_something)]
Address = Annotated[str, Field(min_length=1, max_length=8192)]


class SessionParameters(Parameters):
    """A conference session's page, video and slides, as one Markdown report."""

    spellings: ClassVar[dict[str, str]] = {
        "useCache": "use_cache",
        "createArchive": "create_archive",
        "sourceLanguage": "source_language",
        "targetLanguage": "target_language",
        "videoUrl": "video_url",
        "videoTranscript": "video_transcript",
        "attachmentsUrl": "attachments_url",
        "attachment_url": "attachments_url",
    }

    event: Said = Field(description="The event, such as FOSDEM 2025; the report's first folder.")
    session: Said = Field(description="The session's title.")
    url: Address = Field(description="Address of the session's web page.")
    filename: Said = Field(description="Name of the report, with or without .md; its assets are named after it, too.")
    track: Said = Field(description="The track or room; the report's folder.")
    day: Said | None = Field(None, description="The day, in any words.")
    starttime: Said | None = Field(None, description="When it begins, in any words.")
    endtime: Said | None = Field(None, description="When it ends, in any words.")
    speakers: Annotated[list[Said] | None, BeforeValidator(_names)] = Field(
        None,
        max_length=MAX_SPEAKERS,
        description="Who speaks, as a list or separated by commas; found on the page when not given.",
    )
    video_url: Address | None = Field(
        None, description="Address of the video's file; found on the page when not given."
    )
    video_transcript: str | None = Field(
        None, max_length=MAX_TRANSCRIPT, description="What is said in the video; with it no video is fetched."
    )
    attachments_url: Annotated[list[Address] | None, BeforeValidator(_addresses)] = Field(
        None,
        max_length=MAX_ATTACHMENTS,
        description="Addresses of PDFs, one or a list; found on the page when not given, none with an empty list.",
    )
    source_language: LanguageName = Field("en", description="Language of the session.")
    target_language: LanguageName = Field(
        "de",
        description="Language of the report. When it is not given and this server has no language model to translate with, "
        "the report is in source_language.",
    )
    template: TemplateName = Field("Session", description="Name of the template that makes the report.")
    create_archive: bool = Field(True, description="Whether there is a ZIP file of everything.")
    use_cache: bool = Field(
        True, description="Take the transcript of the same video when an earlier job of the same owner made one."
    )

    @property
    def template_wish(self) -> TemplateWish:
        return TemplateWish(self.template, None, self.target_language)

    @property
    def must_be_translated(self) -> bool:
        """Whether the caller has asked for another language than the session's."""
        given = "target_language" in self.model_fields_set
        return given and not same_language(self.target_language, self.source_language)

    @property
    def needs_provider(self) -> tuple[ProviderName, str] | None:
        return ("llm", f"target_language {self.target_language}") if self.must_be_translated else None

    @property
    def addresses(self) -> Iterator[tuple[str, str]]:
        yield "url", self.url
        if self.video_url is not None and self.video_transcript is None:
            yield "video_url", self.video_url
        for address in self.attachments_url or ():
            yield "attachments_url", address

    @property
    def wants_archive(self) -> bool:
        return self.create_archive


def same_language(one: str, other: str) -> bool:
    """Whether both name the same language, in whatever region; `de` and `German` are not known to."""
    return _primary(one) == _primary(other)


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
