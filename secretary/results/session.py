"""Results of `session` jobs; contract section 4."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from secretary.results.base import Results
from secretary.results.filling import TemplateFilling


class SlidePage(BaseModel):
    """One page of an attachment."""

    page: int = Field(description="Page number, counted from 1.")
    text: str = Field(description="The page's text.")
    preview: str | None = Field(default=None, description="Path of its preview inside target_dir, 360 pixels wide.")
    image: str | None = Field(default=None, description="Path of its image inside target_dir.")


class SessionAttachment(BaseModel):
    """A PDF that belongs to the session. One that could not be read has an `error` in place of pages."""

    url: str
    name: str = Field(description="What it is called.")
    page_count: int | None = None
    pages: list[SlidePage] = Field(default_factory=list)
    error: str | None = Field(default=None, description="Why it could not be read.")


class SessionTranscript(BaseModel):
    """Where the transcript comes from."""

    source: str = Field(description="given, captions, speech or local.")
    language: str | None = None
    provider: str | None = None
    model: str | None = None
    url: str | None = Field(default=None, description="The captions or the video it was made from.")
    from_cache: bool = Field(default=False, description="Whether an earlier job of the same owner made it.")


class SessionStructuredData(BaseModel):
    """The session's facts, and how the report came about."""

    model_config = ConfigDict(extra="forbid")

    event: str
    session: str
    track: str
    title: str | None = Field(default=None, description="What the page calls the session.")
    day: str | None = None
    starttime: str | None = None
    endtime: str | None = None
    place: str | None = None
    speakers: list[str] = Field(default_factory=list)
    description: str | None = None
    url: str = Field(description="The page, after redirects.")
    video_url: str | None = None
    source_language: str
    language: str = Field(description="The report's language.")
    translated: bool = Field(description="Whether a language model wrote it in another language than the session's.")
    transcript: SessionTranscript | None = Field(default=None, description="None where there is none.")
    template_fields: dict[str, JsonValue] = Field(default_factory=dict)
    filling: TemplateFilling


class SessionResults(Results):
    """Results of a `session` job."""

    markdown_file: str = Field(description="Path of the report inside target_dir.")
    markdown_content: str = Field(description="The report.")
    web_text: str = Field(description="The page's main text, as Markdown.")
    video_transcript: str | None = Field(
        description="What is said, with times where they are known; None where there is none."
    )
    attachments: list[SessionAttachment] = Field(default_factory=list)
    structured_data: SessionStructuredData
