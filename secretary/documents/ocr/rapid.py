"""RapidOCR: its models come in the wheel, so it reads where there is no language data; 6 to 14 CPU seconds and 1 GB a page."""

from importlib.metadata import version
from typing import Any, Final

import numpy as np
from rapidocr import RapidOCR

from secretary.documents.ocr.reading import OcrReading, Word
from secretary.documents.ocr.reading_order import Line, in_reading_order

_SETTINGS: Final = {
    # The direction classifier turns lines that stand upright: 12 % wrong letters instead of none.
    "Global.use_cls": False,
    "Global.log_level": "error",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


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
        lines = [
            _line(box, text, score) for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
        ordered = in_reading_order(lines)
        words = tuple(
            Word(word, line.confidence, round(line.bottom - line.top)) for line in ordered for word in line.text.split()
        )
        return OcrReading("\n".join(line.text for line in ordered), words, self.name, dpi)

    def close(self) -> None:
        del self._read


def _line(box: Any, text: str, score: float) -> Line:
    xs, ys = box[:, 0], box[:, 1]
    return Line(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()), text.strip(), float(score))
