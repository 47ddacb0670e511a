"""What a web page about an event tells beside its text, as values: of a size that fits a message, whatever the page holds."""

from dataclasses import dataclass
from typing import Final

MEDIA_SUFFIXES: Final = (".mp4", ".m4v", ".webm", ".mov", ".mkv", ".ogv", ".mp3", ".m4a", ".ogg", ".opus", ".wav")


@dataclass(frozen=True, slots=True)
class CaptionTrack:
    """Captions of a video; `language` as the page names it, `video` its file, as far as that is known."""

    url: str
    language: str | None
    is_default: bool
    video: str | None = None


@dataclass(frozen=True, slots=True)
class PageLink:
    """An address on the page and what it is called there."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Every address is resolved and of the web. Times are as the page writes them."""

    title: str | None = None
    description: str | None = None
    start: str | None = None
    end: str | None = None
    place: str | None = None
    speakers: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    """Addresses of files, the likeliest first."""
    players: tuple[str, ...] = ()
    """Pages and playlists that play a video but are no file of one."""
    captions: tuple[CaptionTrack, ...] = ()
    pdfs: tuple[PageLink, ...] = ()
