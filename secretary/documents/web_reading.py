"""Reads what a web page about an event tells beside its text: who speaks and when, where its video, captions and slides are."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from secretary.documents.json_ld import LONGEST_DESCRIPTION, LONGEST_LINE, SaidEvent, SaidToMachines, read_json_ld
from secretary.documents.plain_text import one_line
from secretary.documents.web_facts import MEDIA_SUFFIXES, CaptionTrack, PageFacts, PageLink
from secretary.documents.web_links import has_suffix, resolved

_PLAYLISTS: Final = (".m3u8", ".mpd")
_PLAYERS: Final = re.compile(
    r"youtube|youtu\.be|vimeo|peertube|/videos?/embed|media\.ccc\.de|dailymotion|wistia|/player", re.IGNORECASE
)
_SPEAKER_LINK: Final = re.compile(r"/(speakers?|persons?|people|referent(en|innen)?)/[^/]+", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_SPEAKER_LABELS: Final = frozenset(
    {
        "speaker",
        "speakers",
        "speaker(s)",
        "presenter",
        "presenters",
        "referent",
        "referentin",
        "referenten",
        "vortragende",
    }
)
_MOST_SPEAKERS: Final = 100
_LONGEST_NAME: Final = 120
_MOST_LINKS: Final = 200
_LISTED: Final = (
    ".speakers li, li.speaker, #speakers li, "
    ".speakers td:first-child, table#speakers td:first-child, #speakers table td:first-child, tr.speaker td:first-child"
)


def read_facts(html: str, url: str, title: str) -> PageFacts:
    """The facts of the page at `url`; of several events on it that of this `title` is meant, or that of the page's own title, or
    else the first. A title may have more or fewer words than the event's name."""
    tree = LexborHTMLParser(html)
    base = _base(tree, url)
    machines = read_json_ld(node.text() for node in tree.css('script[type="application/ld+json"]'))
    heading = _text_of(tree.css_first("h1"))
    event = _meant(machines, (title, heading, _meta(tree, "og:title")))
    videos = list(dict.fromkeys(_videos(tree, base, machines)))
    return PageFacts(
        title=(event and event.name) or _meta(tree, "og:title") or heading,
        description=(event and event.description) or _meta(tree, "og:description", LONGEST_DESCRIPTION),
        start=event.start if event else None,
        end=event.end if event else None,
        place=event.place if event else None,
        speakers=(event.speakers if event else ()) or _speakers(tree),
        videos=tuple(video for video in videos if not has_suffix(video, *_PLAYLISTS)),
        players=tuple(
            dict.fromkeys(
                (*_players(tree, base, machines), *(each for each in videos if has_suffix(each, *_PLAYLISTS)))
            )
        ),
        captions=tuple(_captions(tree, base)),
        pdfs=tuple(_pdfs(tree, base)),
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return (node and resolved(url, node.attributes.get("href"))) or url


def _meant(machines: SaidToMachines, titles: Iterable[str | None]) -> SaidEvent | None:
    """That whose name shares most with the first title that shares anything."""
    named = [(words, event) for event in machines.events if (words := _words(event.name or "")).strip()]
    for wanted in (_words(title or "") for title in titles):
        alike = [(words, event) for words, event in named if wanted.strip() and (wanted in words or words in wanted)]
        if alike:
            return max(alike, key=lambda each: (each[0] == wanted, min(len(each[0]), len(wanted))))[1]
    return next(iter(machines.events), None)


def _words(title: str) -> str:
    """In small letters, with a space around each, so that only whole words are found in others."""
    return f" {' '.join(_WORD.findall(title.casefold()))} "


def _meta(tree: LexborHTMLParser, name: str, longest: int = LONGEST_LINE) -> str | None:
    node = tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return (one_line(node.attributes.get("content") or "", longest) or None) if node else None


def _text_of(node: LexborNode | None, longest: int = LONGEST_LINE) -> str | None:
    return (one_line(node.text(), longest) or None) if node else None


def _speakers(tree: LexborHTMLParser) -> tuple[str, ...]:
    """Links to pages of speakers, or else what the page's own marks or labels call one."""
    linked = [node for node in tree.css("a[href]") if _SPEAKER_LINK.search(node.attributes.get("href") or "")]
    marked = tree.css('[itemprop="performer"] [itemprop="name"], [itemprop="performer"], .speaker-name, .speaker .name')
    listed = tree.css(_LISTED)
    for nodes in (linked, marked, listed, list(_labelled(tree))):
        names = [name for node in nodes if (name := _text_of(node)) and len(name) <= _LONGEST_NAME]
        if names:
            return tuple(dict.fromkeys(names))[:_MOST_SPEAKERS]
    return ()


def _labelled(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """What stands behind `Speakers` in a list of terms or a row of a table: the links in it, or else all of it."""
    for label in tree.css("dt, th"):
        node = label.next if label.text().strip(" \t\r\n:").casefold() in _SPEAKER_LABELS else None
        while node is not None and node.tag != label.tag:
            if node.tag in {"dd", "td"}:
                yield from node.css("a") or [node]
            node = node.next


def _videos(tree: LexborHTMLParser, base: str, machines: SaidToMachines) -> Iterator[str]:
    named = [node.attributes.get("src") for node in tree.css("video[src], video source[src]")]
    named += [said.content for said in machines.videos]
    named += [_meta(tree, name) for name in ("og:video:secure_url", "og:video:url", "og:video") if _is_file(tree)]
    for reference in named:
        if url := resolved(base, reference):
            yield url
    for node in tree.css("a[href]"):
        url = resolved(base, node.attributes.get("href"))
        if url and has_suffix(url, *MEDIA_SUFFIXES):
            yield url


def _is_file(tree: LexborHTMLParser) -> bool:
    """Whether og:video is a file: many name a page that plays it."""
    kind = _meta(tree, "og:video:type") or ""
    return kind.startswith("video/") or (
        not kind and has_suffix(_meta(tree, "og:video") or _meta(tree, "og:video:url") or "", *MEDIA_SUFFIXES)
    )


def _players(tree: LexborHTMLParser, base: str, machines: SaidToMachines) -> Iterator[str]:
    named = [said.player for said in machines.videos]
    named += [node.attributes.get("src") for node in tree.css("iframe[src]")]
    named += [] if _is_file(tree) else [_meta(tree, "og:video:url"), _meta(tree, "og:video")]
    for reference in named:
        url = resolved(base, reference)
        if url and _PLAYERS.search(url):
            yield url


def _captions(tree: LexborHTMLParser, base: str) -> Iterator[CaptionTrack]:
    for node in tree.css("track[src]")[:_MOST_LINKS]:
        kind = (node.attributes.get("kind") or "subtitles").strip().lower()
        url = resolved(base, node.attributes.get("src"))
        if url and kind in {"captions", "subtitles"}:
            language = (node.attributes.get("srclang") or "").strip().lower() or None
            yield CaptionTrack(url, language, "default" in node.attributes, _video_of(node, base))


def _video_of(track: LexborNode, base: str) -> str | None:
    """The first file of the video that the captions belong to."""
    video = track.parent
    if video is None or video.tag != "video":
        return None
    files = (node.attributes.get("src") for node in (video, *video.css("source[src]")))
    return next((url for file in files if (url := resolved(base, file))), None)


def _pdfs(tree: LexborHTMLParser, base: str) -> Iterator[PageLink]:
    known: set[str] = set()
    for node in tree.css("a[href]"):
        url = resolved(base, node.attributes.get("href"))
        is_pdf = url and (has_suffix(url, ".pdf") or node.attributes.get("type") == "application/pdf")
        if url and is_pdf and url not in known and len(known) < _MOST_LINKS:
            known.add(url)
            yield PageLink(url, _text_of(node, _LONGEST_NAME) or "")
    for node in tree.css("object[data], embed[src], iframe[src]"):
        url = resolved(base, node.attributes.get("data") or node.attributes.get("src"))
        if url and has_suffix(url, ".pdf") and url not in known and len(known) < _MOST_LINKS:
            known.add(url)
            yield PageLink(url, "")
