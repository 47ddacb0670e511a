"""The engine is the best this machine has, for the languages asked for; what is missing is said with how to get it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from secretary.documents.ocr import open_engine
from secretary.documents.ocr.tessdata import chosen_languages, data_found, find_tessdata, installed_languages
from secretary.errors import OcrUnavailable
from tests.documents.ocr.printed import GERMAN, error_rate, printed, scan_of


def tessdata(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / f"{name}.traineddata").touch()
    return folder


def test_language_data_is_found_where_systems_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    assert find_tessdata(None, root=tmp_path) is None
    tessdata(tmp_path / "usr/share/tesseract-ocr/4.00/tessdata", "osd")
    plain = tessdata(tmp_path / "usr/share/tessdata", "eng")
    assert find_tessdata(None, root=tmp_path) == plain
    debian = tessdata(tmp_path / "usr/share/tesseract-ocr/5/tessdata", "eng", "deu")
    assert find_tessdata(None, root=tmp_path) == debian
    prefix = tessdata(tmp_path / "own/tessdata", "fra")
    for value in (prefix, prefix.parent):
        monkeypatch.setenv("TESSDATA_PREFIX", str(value))
        assert find_tessdata(None, root=tmp_path) == prefix
    named = tessdata(tmp_path / "named", "ita")
    assert find_tessdata(str(named), root=tmp_path) == named
    assert find_tessdata(str(tmp_path / "nowhere"), root=tmp_path) is None


def test_only_languages_count_as_languages(tmp_path: Path) -> None:
    folder = tessdata(tmp_path / "data", "osd", "equ", "eng", "chi_sim")
    (folder / "pdf.ttf").touch()
    assert installed_languages(folder) == ("chi_sim", "eng")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (None, "deu+eng"),
        (["en"], "eng"),
        (["de"], "deu"),
        (["en", "de"], "deu+eng"),
        (["eng", "fr", "de"], "fra+deu+eng"),
        (["ger", "deu"], "deu"),
    ],
)
def test_languages_are_named_as_tesseract_names_them_english_last(asked: Any, names: str) -> None:
    assert chosen_languages(asked, ("deu", "eng", "fra")) == names


def test_without_the_usual_languages_one_that_is_there_is_taken() -> None:
    assert chosen_languages(None, ("fra", "ita")) == "fra"


def test_a_language_without_data_is_refused_naming_what_is_there() -> None:
    with pytest.raises(OcrUnavailable) as refusal:
        chosen_languages(["fr", "de", "zh"], ("deu", "eng"))
    assert refusal.value.message == (
        "This server has no OCR data for fra, chi_sim, only for deu, eng; "
        "leave language out, or its operator installs tesseract-ocr-fra tesseract-ocr-chi-sim."
    )


@pytest.mark.usefixtures("tesseract")
def test_damaged_language_data_is_told(tmp_path: Path) -> None:
    folder = tessdata(tmp_path / "data", "eng")
    with pytest.raises(OcrUnavailable, match="for eng cannot be loaded"):
        open_engine(None, str(folder))


BLOCKING = """
import json, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocked())
"""
READING = """
from contextlib import closing
from pathlib import Path
from secretary.documents.page_text import PageTextReader
from secretary.documents.pdfium_pages import PdfiumPages
from secretary.errors import OcrUnavailable
from secretary.parameters import ExtractionMethod

method, path, language = sys.argv[1:]
reader = PageTextReader(ExtractionMethod(method), [language] if language else None, None)
with closing(PdfiumPages(Path(path), None)) as pages, closing(reader):
    try:
        page = reader.read(pages, 1, "")
        said = [page.text, page.engine, page.reason, page.problem and page.problem.message]
    except OcrUnavailable as error:
        said = [error.message]
print(json.dumps(said))
"""


def read_without(modules: set[str], method: str, path: Path, language: str = "") -> list[str]:
    """What a process says in which these modules cannot be imported."""
    program = BLOCKING.replace("{names}", repr(modules)) + READING
    done = subprocess.run(
        [sys.executable, "-c", program, method, str(path), language], capture_output=True, text=True, check=True
    )
    answer: list[str] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_without_any_engine_it_is_said_what_to_install(tmp_path: Path) -> None:
    scan = scan_of(tmp_path / "scan.pdf", printed("Hello"))
    nothing = {"tesserocr", "rapidocr", "onnxruntime"}
    [sentence] = read_without(nothing, "ocr", scan)
    assert sentence == (
        "This server cannot read pages by OCR; its operator would install `pip install 'secretary[ocr]'` and language "
        "data for Tesseract, such as the Debian packages tesseract-ocr-eng and tesseract-ocr-deu."
    )
    text, _, reason, problem = read_without(nothing, "combined", scan)
    assert (text, reason) == ("", "no text and a picture covers 100% of the page; OCR is not available")
    assert problem == sentence


@pytest.mark.parametrize("degrees", [0, 90, 270])
def test_without_tesseract_rapidocr_reads_and_umlauts_are_right(tmp_path: Path, degrees: int) -> None:
    known = "\n".join(GERMAN.splitlines()[:3])
    page = printed(known, points=13, left=0.3, inches=(9.5, 2.4)).rotate(degrees, expand=True)
    scan = scan_of(tmp_path / "scan.pdf", page)
    text, engine, reason, _ = read_without({"tesserocr"}, "ocr", scan, "de")
    assert engine.startswith("rapidocr ")
    assert error_rate(text, known) <= 0.005
    assert reason == (f"turned by {degrees} degrees" if degrees else None)


def test_rapidocr_refuses_a_language_it_cannot_read(tmp_path: Path) -> None:
    scan = scan_of(tmp_path / "scan.pdf", printed("Hello"))
    [sentence] = read_without({"tesserocr"}, "ocr", scan, "ru")
    assert sentence.startswith(
        "This server has no OCR data for ru; without Tesseract's data it reads chi_sim, chi_tra,"
    )


def test_the_data_found_differs_once_a_language_is_added_or_replaced(tmp_path: Path):
    assert data_found(str(tmp_path / "nowhere")) == []
    english = tmp_path / "eng.traineddata"
    english.write_bytes(b"old")
    states = [data_found(str(tmp_path))]
    (tmp_path / "deu.traineddata").write_bytes(b"new")
    states.append(data_found(str(tmp_path)))
    english.write_bytes(b"newer")
    states.append(data_found(str(tmp_path)))
    assert [len(state) for state in states] == [1, 2, 2]
    assert states[1] != states[2]
