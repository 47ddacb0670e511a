"""Which blocks of a document are headings: their letters are larger or bolder than those of most of its text."""

from collections import Counter
from collections.abc import Iterable

from secretary.documents.blocks import Block, Kind

# How many times as large as most text the letters of a heading are, and its level; the file's title has the first.
_LEVELS = ((1.5, 2), (1.12, 3))
_BOLD_LEVEL = 4
_SMALLEST_BOLD = 0.95  # times most text
_LONGEST = 200
_LONGEST_BOLD = 120
_LONGEST_SENTENCE = 80
_USUALLY_LIGHT = 0.4  # of a document's text; where more is bold, bold tells nothing


class Headings:
    """Learns from the blocks of each page what most of the document is like, and tells headings by it."""

    def __init__(self) -> None:
        self.characters = 0
        self._bold = 0
        self._sizes: Counter[float] = Counter()
        self._usual = 0.0

    def learn(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            length = len(block.text)
            self.characters += length
            self._bold += length * block.bold
            if block.size:
                self._sizes[round(block.size * 2) / 2] += length
        self._usual = max(self._sizes, key=self._sizes.__getitem__, default=0.0)

    def level(self, block: Block) -> int:
        """2 to 4, or 0 for what is no heading."""
        if not self._usual or not block.size:
            return 0
        text, ratio = block.text, block.size / self._usual
        if ratio < _LEVELS[-1][0] and not block.bold:
            return 0
        if block.kind not in (Kind.TEXT, Kind.NUMBERED) or not _reads_as_heading(text):
            return 0
        for least, level in _LEVELS:
            if ratio >= least:
                return level
        is_bold = block.bold and self._bold < _USUALLY_LIGHT * self.characters
        return _BOLD_LEVEL if is_bold and ratio >= _SMALLEST_BOLD and len(text) <= _LONGEST_BOLD else 0


def _reads_as_heading(text: str) -> bool:
    """Short, with a letter in it, and no long sentence."""
    if len(text) > _LONGEST or not any(map(str.isalpha, text)):
        return False
    return not (text.endswith((".", ",", ";")) and len(text) > _LONGEST_SENTENCE)
