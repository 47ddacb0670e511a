"""Captions as they come with a video: WebVTT (W3C, 2019) and SubRip, the times and the words without their markup."""

import html
import re
from collections.abc import Iterator
from typing import Final

from secretary.language.speech.transcript import Segment, Transcript

_TIMING: Final = re.compile(
    r"^\s*((?:\d{1,4}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3})[ \t]+-->[ \t]+((?:\d{1,4}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3})(?:\s|$)"
)
_SIGNATURE: Final = re.compile(r"^WEBVTT(?:[ \t].*)?$")
_TAG: Final = re.compile(r"<[^<>]{0,500}>|\{\\[^{}]{0,100}\}")
_LANGUAGE: Final = re.compile(r"^Language:\s*([A-Za-z]{2,3})\b", re.MULTILINE)
_MOST_LINES: Final = 8  # of a cue that are looked for in the one before
_NOT_SPOKEN: Final = ("NOTE", "STYLE", "REGION")


def parse_captions(text: str) -> Transcript:
    """The transcript in a caption file. Raises ValueError where it is neither WebVTT nor SubRip.

    Captions that roll, repeating the line before, as live captioning makes them, are told once.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_webvtt = _SIGNATURE.match(lines[0]) is not None
    segments = tuple(_without_repeats(_cues(lines)))
    if not is_webvtt and not segments:
        raise ValueError("this is neither WebVTT nor SubRip")
    head = "\n".join(lines[: lines.index("")] if "" in lines else lines[:1])
    language = _LANGUAGE.search(head) if is_webvtt else None
    return Transcript(segments, "captions", language=language[1].lower() if language else None)


def _cues(lines: list[str]) -> Iterator[tuple[float, float, list[str]]]:
    """Times and lines of each cue, in the file's order."""
    index = 0
    while index < len(lines):
        timing = _TIMING.match(lines[index])
        if timing is None:
            index = _behind_block(lines, index) if lines[index].startswith(_NOT_SPOKEN) else index + 1
            continue
        end = _behind_block(lines, index)
        said = [plain for line in lines[index + 1 : end] if (plain := _spoken(line))]
        yield _seconds(timing[1]), _seconds(timing[2]), said
        index = end


def _behind_block(lines: list[str], index: int) -> int:
    while index < len(lines) and lines[index].strip():
        index += 1
    return index


def _without_repeats(cues: Iterator[tuple[float, float, list[str]]]) -> Iterator[Segment]:
    before: list[str] = []
    for start, end, said in cues:
        repeated = next(
            (count for count in range(min(len(said), _MOST_LINES), 0, -1) if before[-count:] == said[:count]), 0
        )
        before = said or before
        if fresh := " ".join(said[repeated:]):
            yield Segment(start, max(start, end), fresh)


def _spoken(line: str) -> str:
    """The words, without voices, classes and time stamps; `&amp;` and the like as what they mean."""
    return " ".join(html.unescape(_TAG.sub("", line)).split())


def _seconds(timing: str) -> float:
    *hours, minutes, seconds = timing.replace(",", ".").split(":")
    return (int(hours[0]) * 3600 if hours else 0) + int(minutes) * 60 + float(seconds)
