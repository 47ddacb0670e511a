"""A small conference's web site on this machine: a session's page with all that such pages have, captions and slides."""

import json
from pathlib import Path

from tests.documents_made import text_pdf
from tests.fetching.servers import Server, answering

CAPTIONS = """WEBVTT
Language: en

00:01.000 --> 00:04.000
<v Ada>Welcome to this talk about fast parsers.

01:05.000 --> 01:08.500
Parsers should be <b>small</b> &amp; fast.
"""
GERMAN_CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:04.000\nWillkommen.\n"

EVENT = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "EducationEvent", "name": "Another talk", "performer": {"@type": "Person", "name": "Nobody"}},
        {
            "@type": "EducationEvent",
            "name": "Fast parsers",
            "description": "How parsers are written that are fast &amp; small.",
            "startDate": "2025-02-01T10:30:00+01:00",
            "endDate": "2025-02-01T11:00:00+01:00",
            "location": {"@type": "Place", "name": "Room K.1.105"},
            "performer": [{"@type": "Person", "name": "Ada Lovelace"}, {"@type": "Person", "name": "Alan Turing"}],
        },
    ],
}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fast parsers | ExampleConf</title>
<meta property="og:title" content="Fast parsers">
<script type="application/ld+json">{event}</script>
<script type="application/ld+json">{{ broken</script></head>
<body><nav><a href="/">Home</a> <a href="/about">About this site</a></nav>
<main><article><h1>Fast parsers</h1>
<p>Parsers read text and make sense of it. This talk shows how a parser becomes fast without becoming hard to read, and
what was measured on the way.</p>
<p>It is for everybody who has written a parser once and was not pleased with how long it took to read a large file.</p>
<h2>Outline</h2><ul><li>What is slow in a parser</li><li>How to measure it</li><li>What to do about it</li></ul>
</article></main>
{media}
{links}
<footer>Imprint</footer></body></html>"""

VIDEO = """<video controls><source src="../media/talk.mp4" type="video/mp4">
<track kind="subtitles" srclang="de" src="../media/talk.de.vtt"><track kind="captions" srclang="en" src="../media/talk.en.vtt">
<track kind="chapters" src="../media/chapters.vtt"></video>"""
SLIDES = (
    """<p><a href="/slides/fast%20parsers.pdf">Slides</a> <a href="/slides/fast%20parsers.pdf#page=2">again</a></p>"""
)


def page(*, event: object = EVENT, media: str = VIDEO, links: str = SLIDES) -> bytes:
    return PAGE.format(event=json.dumps(event), media=media, links=links).encode()


def put_up(server: Server, folder: Path, **parts: str) -> str:
    """Put the site on the server; the session's address, which redirects once."""
    slides = text_pdf(folder / "made-slides.pdf", "First slide\nof *two*", "Second slide <b>here</b>").read_bytes()
    server.on("/go", answering(302, location="/schedule/fast-parsers"))
    server.on("/schedule/fast-parsers", answering(200, page(**parts), content_type="text/html; charset=utf-8"))
    server.on("/media/talk.en.vtt", answering(200, CAPTIONS.encode(), content_type="text/vtt"))
    server.on("/media/talk.de.vtt", answering(200, GERMAN_CAPTIONS.encode(), content_type="text/vtt"))
    server.on("/slides/fast%20parsers.pdf", answering(200, slides, content_type="application/pdf"))
    return server.url("/go")


def asked_for(url: str, **more: object) -> dict[str, object]:
    """Parameters of a job about this session."""
    said = {
        "event": "ExampleConf 2025",
        "session": "Fast parsers",
        "track": "Devroom: Languages",
        "filename": "fast-parsers.md",
    }
    return {**said, "url": url, **more}
