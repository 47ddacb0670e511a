"""What an OCR engine is asked and what it answers."""

from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final, Protocol

CONFIDENT: Final = 0.6
"""A word the engine is surer of than this counts as read."""


SIDEWAYS: Final = 270
"""How far clockwise both engines turn by themselves what lies on its side, its lines running from bottom to top or the like."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, how sure the engine is of it (0-1), and the height of its letters in pixels."""

    text: str
    confidence: float
    height: int


@dataclass(frozen=True, slots=True)
class OcrReading:
    """The text of a picture in reading order. `confidence` is 0-1, and 0 where nothing was found."""

    text: str
    words: tuple[Word, ...]
    engine: str
    dpi: int
    rotation: int = 0
    """How far the picture had to be turned to be read, by the engine itself or before it was given to it, in degrees clockwise."""

    @property
    def confidence(self) -> float:
        """The mean over the characters of all words, so that specks read as single letters weigh little."""
        weight = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / weight if weight else 0.0

    @property
    def confident_words(self) -> int:
        return sum(word.confidence >= CONFIDENT and any(map(str.isalnum, word.text)) for word in self.words)

    @property
    def glyph_height(self) -> float:
        """Of the usual word, in pixels; 0 where nothing was found."""
        return median(word.height for word in self.words) if self.words else 0.0

    def turned(self, rotation: int) -> "OcrReading":
        """The same reading, of a picture that was turned so far before the engine had it."""
        return replace(self, rotation=(self.rotation + rotation) % 360)


class OcrEngine(Protocol):
    """An engine ready to read; it keeps its models between pages, and is not for threads."""

    name: str
    turned_below: float
    """A page read with less confidence than this is probably turned."""
    finer_helps: bool
    """Whether it reads small letters better from a finer picture."""

    def read(self, picture: Any, *, dpi: int) -> OcrReading:
        """Read a Pillow picture of mode L."""

    def close(self) -> None: ...
