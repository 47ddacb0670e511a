"""The work of a `session` job: a session's page, what is said in its video and its slides, as one Markdown report."""

import tempfile
from pathlib import Path
from typing import Final

from secretary.documents.collected_text import MAX_CHARACTERS
from secretary.documents.web_facts import PageLink
from secretary.fetching import OutboundClient
from secretary.handlers import Context
from secretary.language.transforming import Stretch, Transformation, transform
from secretary.language.wishes import WishedTemplate, template_for_job
from secretary.parameters.session import SessionParameters, same_language
from secretary.parameters.templating import TemplateWish
from secretary.providers import not_configured
from secretary.results.filling import FilledTemplate
from secretary.results.session import SessionResults, SessionStructuredData
from secretary.sessions.facts import facts_of
from secretary.sessions.page import SessionPage, fetch_page
from secretary.sessions.places import places_of
from secretary.sessions.recording import Recorder, Recording
from secretary.sessions.report import Gathered, text_to_read, variables_of, with_short_names
from secretary.sessions.slides import Slides

_FOUND_ATTACHMENTS: Final = 20
"""More are read only of those that the job names."""
_STRETCH: Final = Stretch("generating_markdown", 90, 99)


def run(parameters: SessionParameters, context: Context) -> SessionResults:
    """Leaves `<event>/<language>/<track>/<file>.md` and `<event>/assets/<stem>/…`. Without its page there is no report; of
    everything else that cannot be had, a warning."""
    context.report("initializing", 0, "Starting")
    language = _language(parameters, context)
    wished = _template(parameters, language, context)
    places = places_of(parameters.event, language, parameters.track, parameters.filename)
    client = OutboundClient(context.outbound)
    context.report("fetching_page", 10, "Fetching the session's page")
    # Beside the files of the job: what is fetched only to be read is not handed out.
    with tempfile.TemporaryDirectory(dir=context.directory.parent, prefix="fetched-") as folder:
        page = fetch_page(parameters.url, parameters.session, client, context, Path(folder))
        recording = _recording(parameters, page, client, context, Path(folder))
        slides = Slides(client, places, context, Path(folder))
        context.report("processing_attachments", 70, "Looking for attachments")
        attachments = slides.read(_links(parameters, page, context))
    gathered = Gathered(parameters, page, facts_of(parameters, page.facts), recording, attachments, places, language)
    context.report("generating_markdown", 90, "Writing the report")
    filled = transform(_order(gathered, wished), context, _STRETCH)
    return _results(gathered, filled, slides.assets, context)


def _language(parameters: SessionParameters, context: Context) -> str:
    """That of the report: the one asked for; the usual one only where there is a model that can translate into it."""
    if context.providers.llm is not None or "target_language" in parameters.model_fields_set:
        if parameters.must_be_translated and context.providers.llm is None:
            raise not_configured("llm", f"target_language {parameters.target_language}")
        return parameters.target_language
    context.log(
        "info",
        f"No language model is set up, so the report is in the language of the session, {parameters.source_language}.",
    )
    return parameters.source_language


def _template(parameters: SessionParameters, language: str, context: Context) -> WishedTemplate:
    wished = template_for_job(TemplateWish(parameters.template, None, language), context.providers.templates)
    asked_for = "target_language" in parameters.model_fields_set
    if wished.warning and (asked_for or not same_language(language, parameters.source_language)):
        context.warn(wished.warning)
    elif wished.warning:
        # A template of one's own is likely to be in the session's language, whatever its name says.
        context.log("info", wished.warning)
    return wished


def _recording(
    parameters: SessionParameters, page: SessionPage, client: OutboundClient, context: Context, folder: Path
) -> Recording:
    context.report("downloading_media", 30, "Looking for a transcript")
    recording = Recorder(parameters, page.facts, client, context, folder).recording()
    context.report(
        "processing_video", 50, "There is a transcript" if recording.transcript else "There is no transcript"
    )
    if recording.missing:
        context.warn(f"There is no transcript. {recording.missing}")
    return recording


def _links(parameters: SessionParameters, page: SessionPage, context: Context) -> list[PageLink]:
    if parameters.attachments_url is not None:
        named = {link.url: link.text for link in page.facts.pdfs}
        return [PageLink(url, named.get(url, "")) for url in dict.fromkeys(parameters.attachments_url)]
    found = page.facts.pdfs
    if len(found) > _FOUND_ATTACHMENTS:
        context.warn(
            f"The page links to {len(found)} PDFs; the first {_FOUND_ATTACHMENTS} are in the report. "
            "Name others by attachments_url."
        )
    return list(found[:_FOUND_ATTACHMENTS])


def _order(gathered: Gathered, wished: WishedTemplate) -> Transformation:
    return Transformation(
        template=with_short_names(wished.template),
        text=text_to_read(gathered),
        source_language=gathered.parameters.source_language,
        target_language=gathered.language,
        variables=variables_of(gathered),
        harmless=True,
    )


def _results(gathered: Gathered, filled: FilledTemplate, assets: list[str], context: Context) -> SessionResults:
    places, recording = gathered.places, gathered.recording
    if gathered.is_translated and not filled.filling.translated:
        context.warn(f"The template has no fields, so nothing in the report was translated into {gathered.language}.")
    report = context.directory / places.report
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(filled.transformed_text, encoding="utf-8", newline="")
    return SessionResults(
        markdown_file=str(places.report),
        markdown_content=_shown(filled.transformed_text, "markdown_content", context),
        web_text=gathered.page.text,
        video_transcript=_shown(recording.transcript, "video_transcript", context) if recording.transcript else None,
        attachments=list(gathered.attachments),
        assets=assets,
        structured_data=_structured(gathered, filled),
        target_dir="",
    )


def _structured(gathered: Gathered, filled: FilledTemplate) -> SessionStructuredData:
    parameters, facts, recording = gathered.parameters, gathered.facts, gathered.recording
    return SessionStructuredData(
        event=parameters.event,
        session=parameters.session,
        track=parameters.track,
        title=gathered.page.title,
        day=facts.day,
        starttime=facts.starttime,
        endtime=facts.endtime,
        place=facts.place,
        speakers=list(facts.speakers),
        description=gathered.page.facts.description,
        url=gathered.page.url,
        video_url=recording.video,
        source_language=parameters.source_language,
        language=gathered.language,
        translated=filled.filling.translated,
        transcript=recording.origin,
        template_fields=filled.template_fields,
        filling=filled.filling,
    )


def _shown(text: str, name: str, context: Context) -> str:
    if len(text) > MAX_CHARACTERS:
        context.warn(f"{name} holds the first {MAX_CHARACTERS:,} characters; the report has all of it.")
    return text[:MAX_CHARACTERS]
