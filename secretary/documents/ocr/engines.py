"""Which OCR engine this machine has: Tesseract where there is language data for it, else RapidOCR, else none."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from secretary.documents.ocr.reading import OcrEngine
from secretary.documents.ocr.tessdata import chosen_languages, find_tessdata, installed_languages
from secretary.errors import OcrUnavailable
from secretary.parameters.languages import tesseract_name

_RAPID_MODULES: Final = ("rapidocr", "onnxruntime")
# What the models of the rapidocr wheel were trained on, of the languages with Latin letters and the far east.
_RAPID_LANGUAGES: Final = ("chi_sim", "chi_tra", "deu", "eng", "fra", "ita", "jpn", "nld", "por", "spa")
HOW_TO_GET_OCR: Final = (
    "install `pip install 'secretary[ocr]'` and language data for Tesseract, such as the Debian packages "
    "tesseract-ocr-eng and tesseract-ocr-deu"
)


@dataclass(frozen=True, slots=True)
class Equipment:
    """What there is to read with; looking for it loads no engine."""

    tessdata: Path | None
    languages: tuple[str, ...]
    has_rapidocr: bool


def equipment(tessdata: str | None) -> Equipment:
    """`tessdata` is the folder an operator named, if any."""
    folder = find_tessdata(tessdata) if _is_installed("tesserocr") else None
    languages = installed_languages(folder) if folder else ()
    return Equipment(folder, languages, all(map(_is_installed, _RAPID_MODULES)))


def open_engine(languages: Sequence[str] | None, tessdata: str | None) -> OcrEngine:
    """The best engine ready for these languages; raises OcrUnavailable that says what is there and what to install."""
    found = equipment(tessdata)
    if found.tessdata is not None:
        return _tesseract(found.tessdata, chosen_languages(languages, found.languages))
    if found.has_rapidocr:
        return _rapidocr(languages)
    raise OcrUnavailable(f"This server cannot read pages by OCR; its operator would {HOW_TO_GET_OCR}.")


def _tesseract(tessdata: Path, languages: str) -> OcrEngine:
    from secretary.documents.ocr.tesseract import Tesseract

    try:
        return Tesseract(tessdata, languages)
    except RuntimeError as error:
        # Tesseract's own word for data that is damaged or of another version
        raise OcrUnavailable(f"The OCR data of this server for {languages} cannot be loaded.") from error


def _rapidocr(languages: Sequence[str] | None) -> OcrEngine:
    unknown = [code for code in languages or () if tesseract_name(code) not in _RAPID_LANGUAGES]
    if unknown:
        raise OcrUnavailable(
            f"This server has no OCR data for {', '.join(unknown)}; without Tesseract's data it reads "
            f"{', '.join(_RAPID_LANGUAGES)}. Its operator would {HOW_TO_GET_OCR}."
        )
    from secretary.documents.ocr.rapid import RapidOcr

    return RapidOcr()


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
