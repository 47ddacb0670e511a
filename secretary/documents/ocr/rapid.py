"""RapidOCR: its models come in the wheel, so it reads where there is no language data; 6 to 14 CPU seconds and 1 GB a page."""

from importlib.metadata import version
from typing import Any, Final

import numpy as np
from rapidocr import RapidOCR

from secretary.documents.ocr.reading import SIDEWAYS, OcrReading, Word
from secretary.documents.ocr.reading_order import Line, in_reading_order

_SETTINGS: Final = {
    # The direction classifier turns lines that stand upright: 12 % wrong letters instead of none.
    "Global.use_cls": False,
    "Global.log_level": "error",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_TALL: Final = 1.5  # RapidOCR's own bound


class RapidOcr:
    """The loaded models."""

    # Upside down it still makes letters of a page, and is sure of them by 0.70.
    turned_below = 0.80
    # It shrinks whatever is larger than 2,000 pixels.
    finer_helps = False

    def __init__(self) -> None:
        self.name = f"rapidocr {version('rapidocr')}"
        self._read = RapidOCR(params=_SETTINGS)

    def read(self, picture: Any, *, dpi: int) -> OcrReading:
        found: Any = self._read(np.asarray(picture))
        if found.boxes is None or found.txts is None:
            return OcrReading("", (), self.name, dpi)
        is_sideways = _mostly_tall(found.boxes)
        place = _on_its_side if is_sideways else _upright
        lines = [
            Line(*place(box), text.strip(), float(score))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        ordered = in_reading_order(lines)
        words = tuple(
            Word(word, line.confidence, round(line.bottom - line.top)) for line in ordered for word in line.text.split()
        )
        text = "\n".join(line.text for line in ordered)
        return OcrReading(text, words, self.name, dpi, SIDEWAYS if is_sideways else 0)

    def close(self) -> None:
        del self._read


def _mostly_tall(boxes: Any) -> bool:
    """Whether lines run from bottom to top: RapidOCR turns each by itself, and only their order is left to see to."""
    tall = sum(float(np.ptp(box[:, 1])) > _TALL * float(np.ptp(box[:, 0])) for box in boxes)
    return tall * 2 > len(boxes)


def _upright(box: Any) -> tuple[float, float, float, float]:
    xs, ys = box[:, 0], box[:, 1]
    return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())


def _on_its_side(box: Any) -> tuple[float, float, float, float]:
    """The place on the page turned as RapidOCR turns its lines, counterclockwise."""
    xs, ys = box[:, 0], box[:, 1]
    return float(ys.min()), float(-xs.max()), float(ys.max()), float(-xs.min())
