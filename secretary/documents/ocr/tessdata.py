"""Where Tesseract's language data lies on this machine, and for which languages there is some."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from secretary.errors import OcrUnavailable
from secretary.parameters.languages import tesseract_name

_ENDING: Final = ".traineddata"
_NO_LANGUAGES: Final = frozenset({"osd", "equ", "snum"})
_PLACES: Final = ("usr/share/tesseract-ocr", "usr/local/share/tesseract-ocr")
_DIRECT_PLACES: Final = ("usr/share/tessdata", "usr/local/share/tessdata", "opt/homebrew/share/tessdata")
_USUAL: Final = ("deu", "eng")
# With English first Tesseract takes "über" for "Uber"; the other way round English loses nothing.
_LAST: Final = "eng"


def find_tessdata(wanted: str | None, *, root: Path = Path("/")) -> Path | None:
    """The folder an operator named, or the first usual place that holds a language; None where there is none."""
    places = [Path(wanted)] if wanted else list(_usual_places(root))
    return next((place for place in places if installed_languages(place)), None)


def _usual_places(root: Path) -> Iterator[Path]:
    if prefix := os.environ.get("TESSDATA_PREFIX"):
        # Tesseract 3 took the folder above for it, and many machines are still set up so.
        yield from (Path(prefix), Path(prefix) / "tessdata")
    for place in _PLACES:
        yield from sorted((root / place).glob("*/tessdata"), reverse=True)
        yield root / place / "tessdata"
    yield from (root / place for place in _DIRECT_PLACES)


def installed_languages(folder: Path) -> tuple[str, ...]:
    """Tesseract's names of the languages in a folder, in order of the alphabet."""
    try:
        names = {path.name.removesuffix(_ENDING) for path in folder.iterdir() if path.name.endswith(_ENDING)}
    except OSError:
        return ()
    return tuple(sorted(names - _NO_LANGUAGES))


def data_found(wanted: str | None) -> list[str]:
    """What tells the language data of one day from that of another: the files by name, size and time."""
    folder = find_tessdata(wanted)
    if folder is None:
        return []
    states = ((path, path.stat()) for path in sorted(folder.glob(f"*{_ENDING}")))
    return [f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states]


def chosen_languages(asked: Sequence[str] | None, installed: Sequence[str]) -> str:
    """Tesseract's names of the languages asked for, joined as it wants them; raises OcrUnavailable that says what is there."""
    if not asked:
        usual = [name for name in _USUAL if name in installed]
        return "+".join(usual or installed[:1])
    names = sorted(dict.fromkeys(tesseract_name(code) or code for code in asked), key=lambda name: name == _LAST)
    missing = [name for name in names if name not in installed]
    if missing:
        packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
        raise OcrUnavailable(
            f"This server has no OCR data for {', '.join(missing)}, only for {', '.join(installed)}; "
            f"leave language out, or its operator installs {packages}."
        )
    return "+".join(names)
