"""What was said, piece by piece, with the time where that is known."""

from dataclasses import dataclass
from typing import Final, Literal

Source = Literal["captions", "speech", "local"]
"""Captions that came with the video, a remote speech provider, or a model on this machine."""

_HOUR: Final = 3600
_PARAGRAPH_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 4.0
_SENTENCE_END: Final = (".", "!", "?", "…", ":", '"', "”", "»")


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece; `start` and `end` are seconds from the video's beginning, None where nobody said."""

    start: float | None
    end: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """All pieces in order. `language` is the ISO 639 code that the source tells."""

    segments: tuple[Segment, ...]
    source: Source
    provider: str | None = None
    model: str | None = None
    language: str | None = None

    @property
    def text(self) -> str:
        """As paragraphs, without times."""
        return "\n\n".join(text for _, text in self._paragraphs())

    def markdown(self) -> str:
        """As paragraphs, each behind the time it begins at where that is known."""
        return "\n\n".join(
            text if start is None else f"**[{clock(start)}]** {text}" for start, text in self._paragraphs()
        )

    def _paragraphs(self) -> list[tuple[float | None, str]]:
        paragraphs: list[tuple[float | None, list[str]]] = []
        last: Segment | None = None
        for segment in self.segments:
            if last is None or _begins_paragraph(paragraphs[-1][0], last, segment):
                paragraphs.append((segment.start, []))
            paragraphs[-1][1].append(segment.text)
            last = segment
        return [(start, " ".join(texts)) for start, texts in paragraphs]


def _begins_paragraph(began: float | None, last: Segment, segment: Segment) -> bool:
    """After a pause, or after a sentence once the paragraph has lasted a minute."""
    if began is None or segment.start is None:
        # Without times each piece is what a provider made of minutes of speech.
        return True
    if last.end is not None and segment.start - last.end >= _PAUSE_SECONDS:
        return True
    return segment.start - began >= _PARAGRAPH_SECONDS and last.text.endswith(_SENTENCE_END)


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours from the first one on: `04:07`, `1:02:33`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"
