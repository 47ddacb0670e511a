"""The report of a session: what its template is filled from, and the pieces that it puts in as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from secretary.documents.markdown_text import heading, inline, paragraph
from secretary.documents.web_links import in_html, shown
from secretary.language.filled import Value
from secretary.language.harmless import harmless, harmless_value
from secretary.language.templates import Template
from secretary.language.templates.template import Piece, Placeholder
from secretary.parameters.session import SessionParameters, same_language
from secretary.results.session import SessionAttachment
from secretary.sessions.facts import SessionFacts
from secretary.sessions.page import SessionPage
from secretary.sessions.places import Places
from secretary.sessions.recording import Recording

_SHORT: Final = ("videoplayer", "slides")
"""What templates may also name between single braces."""
_WORDS: Final = {
    "en": {
        "page": "Page",
        "no_image": "no image",
        "missing": "There is no transcript.",
        "language": "Language of the transcript:",
        "unread": "could not be read:",
    },
    "de": {
        "page": "Seite",
        "no_image": "kein Bild",
        "missing": "Es gibt kein Transkript.",
        "language": "Sprache des Transkripts:",
        "unread": "konnte nicht gelesen werden:",
    },
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything there is of one session, and the language its report is written in."""

    parameters: SessionParameters
    page: SessionPage
    facts: SessionFacts
    recording: Recording
    attachments: Sequence[SessionAttachment]
    places: Places
    language: str

    @property
    def is_translated(self) -> bool:
        return not same_language(self.language, self.parameters.source_language)


def text_to_read(gathered: Gathered) -> str:
    """Page, transcript and slides in one text, the facts first as labelled lines."""
    parameters, facts = gathered.parameters, gathered.facts
    labelled = {
        "Title": parameters.session,
        "Speakers": ", ".join(facts.speakers),
        "Event": parameters.event,
        "Track": parameters.track,
        "Date": facts.day,
        "Time": " - ".join(filter(None, (facts.starttime, facts.endtime))),
        "Place": facts.place,
    }
    # On one line each: what a title holds is neither another label nor another heading.
    lines = [f"{label}: {' '.join(value.split())}" for label, value in labelled.items() if value]
    parts = [f"# {' '.join(parameters.session.split())}", "\n".join(lines), gathered.page.text.strip()]
    if gathered.recording.transcript:
        parts += ["# Transcript", gathered.recording.transcript]
    for attachment in gathered.attachments:
        if any(page.text.strip() for page in attachment.pages):
            parts.append(f"# Slides: {attachment.name}")
            parts += [page.text.strip() for page in attachment.pages if page.text.strip()]
    return "\n\n".join(parts) + "\n"


def variables_of(gathered: Gathered) -> dict[str, Value]:
    """What a template may name. Texts of others are harmless, addresses are of the web."""
    parameters, facts, recording = gathered.parameters, gathered.facts, gathered.recording
    said: dict[str, Value] = {
        "event": parameters.event,
        "session": parameters.session,
        "track": parameters.track,
        "filename": parameters.filename,
        "day": facts.day,
        "starttime": facts.starttime,
        "endtime": facts.endtime,
        "speakers": list(facts.speakers),
        "place": facts.place,
        "description": gathered.page.facts.description,
        "source_language": parameters.source_language,
        "target_language": gathered.language,
        "web_text": gathered.page.text.strip(),
        "attachments_url": [attachment.url for attachment in gathered.attachments],
    }
    return {
        **{name: harmless_value(value) for name, value in said.items()},
        "url": shown(gathered.page.url),
        "video_url": shown(recording.video),
        "videoplayer": _player(recording),
        "video_transcript": _transcript(gathered),
        "slides": "\n\n".join(_gallery(gathered)),
        "attachment_links": _links(gathered.attachments),
    }


def with_short_names(template: Template) -> Template:
    """The template with `{videoplayer}` and `{slides}` in its body taken for what they stand for."""
    return replace(template, body_pieces=tuple(_pieces(template.body_pieces)))


def _pieces(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, str):
            yield from _split(piece, _SHORT)
        else:
            yield piece


def _split(text: str, names: Sequence[str]) -> Iterator[Piece]:
    if not names:
        yield from [text] if text else []
        return
    first, *rest = names
    for index, part in enumerate(text.split(f"{{{first}}}")):
        if index:
            yield Placeholder(first, None, 0, 0)
        yield from _split(part, rest)


def _player(recording: Recording) -> str:
    if not shown(recording.video):
        return ""
    url = str(recording.video)
    return f'<video controls preload="none" src="{in_html(url)}"></video>' if recording.is_file else f"<{shown(url)}>"


def _transcript(gathered: Gathered) -> str:
    words, recording = _words(gathered), gathered.recording
    if recording.transcript is None:
        return " ".join(filter(None, (words["missing"], recording.missing and harmless(recording.missing))))
    language = (recording.origin and recording.origin.language) or gathered.parameters.source_language
    told = harmless(recording.transcript)
    if same_language(language, gathered.language):
        return told
    return f"*{words['language']} {inline(language)}*\n\n{told}"


def _links(attachments: Sequence[SessionAttachment]) -> str:
    return "\n".join(f"- [{inline(each.name)}]({shown(each.url)})" for each in attachments if shown(each.url))


def _gallery(gathered: Gathered) -> Iterator[str]:
    words = _words(gathered)
    for attachment in gathered.attachments:
        yield heading(attachment.name, 3)
        if attachment.error is not None:
            yield f"{inline(attachment.name)} {words['unread']} {harmless(attachment.error)}"
        for page in attachment.pages:
            label = f"{words['page']} {page.page}"
            if page.preview and page.image:
                preview, image = (gathered.places.from_report(path) for path in (page.preview, page.image))
                yield f"[![{label}]({preview})]({image})"
            else:
                yield f"**{label}** ({words['no_image']})"
            if page.text.strip():
                yield _page_text(page.text)


def _page_text(text: str) -> str:
    paragraphs = [[paragraph(line) for line in part.splitlines() if line.strip()] for part in text.split("\n\n")]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def _words(gathered: Gathered) -> dict[str, str]:
    return _WORDS.get(gathered.language[:2].lower(), _WORDS["en"])
