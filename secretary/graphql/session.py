"""The results of a session job, as GraphQL hands them out."""

from typing import Any

import strawberry
from strawberry.scalars import JSON

from secretary import results
from secretary.graphql.filling import TemplateFilling


@strawberry.type(description="One page of a session's attachment.")
class SlidePage:
    page: int = strawberry.field(description="Page number, counted from 1.")
    text: str = strawberry.field(description="The page's text.")
    preview: str | None = strawberry.field(description="Path of its preview inside targetDir, 360 pixels wide.")
    image: str | None = strawberry.field(description="Path of its image inside targetDir.")


@strawberry.type(description="A PDF that belongs to a session.")
class SessionAttachment:
    url: str = strawberry.field(description="Its address.")
    name: str = strawberry.field(description="What it is called.")
    page_count: int | None = strawberry.field(description="Pages of the whole document.")
    pages: list[SlidePage] = strawberry.field(description="Those that could be read.")
    error: str | None = strawberry.field(description="Why it could not be read.")

    @classmethod
    def from_results(cls, found: results.SessionAttachment) -> "SessionAttachment":
        pages = [
            SlidePage(page=each.page, text=each.text, preview=each.preview, image=each.image) for each in found.pages
        ]
        return cls(url=found.url, name=found.name, page_count=found.page_count, pages=pages, error=found.error)


@strawberry.type(description="Where a transcript comes from.")
class SessionTranscript:
    source: str = strawberry.field(description="given, captions, speech or local.")
    language: str | None = strawberry.field(description="Its language, where that is known.")
    provider: str | None = strawberry.field(description="What heard it.")
    model: str | None = strawberry.field(description="The model that heard it.")
    url: str | None = strawberry.field(description="The captions or the video it was made from.")
    from_cache: bool = strawberry.field(description="Whether an earlier job of the same owner made it.")

    @classmethod
    def from_results(cls, found: results.SessionTranscript) -> "SessionTranscript":
        return cls(
            source=found.source,
            language=found.language,
            provider=found.provider,
            model=found.model,
            url=found.url,
            from_cache=found.from_cache,
        )


@strawberry.type(description="A session's facts, and how its report came about.")
class SessionStructuredData:
    event: str = strawberry.field(description="The event, as it was given.")
    session: str = strawberry.field(description="The session's title, as it was given.")
    track: str = strawberry.field(description="The track, as it was given.")
    title: str | None = strawberry.field(description="What the page calls the session.")
    day: str | None = strawberry.field(description="The day, as given or as the page says.")
    starttime: str | None = strawberry.field(description="When it begins.")
    endtime: str | None = strawberry.field(description="When it ends.")
    place: str | None = strawberry.field(description="Where it takes place.")
    speakers: list[str] = strawberry.field(description="Who speaks.")
    description: str | None = strawberry.field(description="What the page says for machines.")
    url: str = strawberry.field(description="The page, after redirects.")
    video_url: str | None = strawberry.field(description="The video.")
    # As in the other types' results, so that one document may ask for all of them.
    source_language: str | None = strawberry.field(description="The session's language.")
    language: str = strawberry.field(description="The report's language.")
    translated: bool = strawberry.field(
        description="Whether a language model wrote it in another language than the session's."
    )
    transcript: SessionTranscript | None = strawberry.field(description="Null where there is none.")
    template_fields: JSON | None = strawberry.field(description="The template's fields by name.")
    filling: TemplateFilling = strawberry.field(description="How they came about.")

    @classmethod
    def from_results(cls, data: results.SessionStructuredData) -> "SessionStructuredData":
        return cls(
            event=data.event,
            session=data.session,
            track=data.track,
            title=data.title,
            day=data.day,
            starttime=data.starttime,
            endtime=data.endtime,
            place=data.place,
            speakers=data.speakers,
            description=data.description,
            url=data.url,
            video_url=data.video_url,
            source_language=data.source_language,
            language=data.language,
            translated=data.translated,
            transcript=SessionTranscript.from_results(data.transcript) if data.transcript else None,
            template_fields=JSON(data.template_fields),
            filling=TemplateFilling.from_results(data.filling),
        )


@strawberry.type(description="Results of a session job.")
class SessionResults:
    markdown_file: str = strawberry.field(description="Path of the report inside targetDir.")
    markdown_content: str = strawberry.field(description="The report.")
    web_text: str = strawberry.field(description="The page's main text, as Markdown.")
    video_transcript: str | None = strawberry.field(description="What is said, with times where they are known.")
    attachments: list[SessionAttachment] = strawberry.field(description="The session's PDFs.")
    structured_data: SessionStructuredData = strawberry.field(description="The facts, and how the report came about.")
    assets: list[str] = strawberry.field(description="Paths of produced images and previews inside targetDir.")
    target_dir: str = strawberry.field(description="Where the produced files lie as the server sees them.")
    warnings: list[str] = strawberry.field(description="What was only partly possible.")

    @classmethod
    def from_row(cls, stored: dict[str, Any]) -> "SessionResults":
        found = results.SessionResults.model_validate(stored)
        return cls(
            markdown_file=found.markdown_file,
            markdown_content=found.markdown_content,
            web_text=found.web_text,
            video_transcript=found.video_transcript,
            attachments=[SessionAttachment.from_results(each) for each in found.attachments],
            structured_data=SessionStructuredData.from_results(found.structured_data),
            assets=found.assets,
            target_dir=found.target_dir,
            warnings=found.warnings,
        )
