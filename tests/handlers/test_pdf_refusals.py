"""How a pdf job ends when its document cannot be read: with a code and a sentence that tells what to do."""

import os

import pytest

from secretary.errors import (
    EncryptedFile,
    FileMissing,
    FileNotAllowed,
    InvalidFile,
    PageRange,
    TooManyPages,
    WrongPassword,
)
from tests.documents_made import CATALOG, FONT, content, page, text_pdf, written_pdf

NOT_PDFS = {
    "nothing": (b"", "is empty."),
    "text": (b"Just a note\n", "is not a PDF: it seems to be a text file."),
    "html": (b"\n<!DOCTYPE html><html></html>", "is not a PDF: it seems to be an HTML page."),
    "docx": (
        b"PK\x03\x04rest",
        "is not a PDF: it seems to be a ZIP archive or an office document (DOCX, XLSX, PPTX, ODT, EPUB).",
    ),
    "png": (b"\x89PNG\r\n\x1a\nrest", "is not a PDF: it seems to be a PNG image."),
    "noise": (bytes(range(256)), "is not a PDF: it seems to be a file of another kind."),
    "mark only": (b"%PDF-1.7\nand nothing more", "has no pages that can be found."),
}


@pytest.mark.parametrize(("data", "sentence"), NOT_PDFS.values(), ids=NOT_PDFS)
def test_a_file_that_is_no_pdf_is_named_for_what_it_is(tmp_path, job, data, sentence):
    source = tmp_path / "given.pdf"
    source.write_bytes(data)
    _refused(job(source), InvalidFile, f"given.pdf {sentence}")


def test_a_folder_is_refused(tmp_path, job):
    (tmp_path / "folder").mkdir()
    _refused(job(tmp_path / "folder"), InvalidFile, "folder is a folder, not a PDF.")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path, job):
    os.mkfifo(tmp_path / "pipe")
    _refused(job(tmp_path / "pipe"), InvalidFile, "pipe is not a regular file.")


def test_a_file_that_vanished_is_missing(tmp_path, job):
    _refused(job(tmp_path / "gone.pdf"), FileMissing, "There is no file gone.pdf any more.")


def test_a_job_without_an_input_file_is_refused(job):
    _refused(job(None), FileMissing, "This job has no input file.")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path, job):
    source = text_pdf(tmp_path / "closed.pdf", "Hello")
    source.chmod(0)
    _refused(job(source), FileNotAllowed, "This server may not read closed.pdf.")


def test_an_encrypted_document_asks_for_its_password(tmp_path, job):
    source = text_pdf(tmp_path / "secret.pdf", "Between us", password="sesame")
    _refused(job(source), EncryptedFile, "secret.pdf is encrypted; give its password.")
    _refused(job(source), EncryptedFile, "secret.pdf is encrypted; give its password.", password="")


def test_a_wrong_password_is_told_from_a_missing_one(tmp_path, job):
    source = text_pdf(tmp_path / "secret.pdf", "Between us", password="sesame")
    _refused(job(source), WrongPassword, "The password does not open secret.pdf.", password="guess")


def test_protection_of_an_unknown_kind_is_refused(tmp_path, job):
    objects = (CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(4, 5), content("x"), FONT)
    source = written_pdf(
        tmp_path / "drm.pdf", *objects, "<< /Filter /Unheard /V 1 >>", trailer="/Encrypt 6 0 R /ID [<00> <00>]"
    )
    _refused(
        job(source),
        EncryptedFile,
        "drm.pdf is encrypted in a way this server cannot open; save it without protection.",
    )


def test_a_document_without_pages_is_refused_whatever_was_refused_before(tmp_path, job):
    _refused(
        job(text_pdf(tmp_path / "a.pdf", "x", password="y")), EncryptedFile, "a.pdf is encrypted; give its password."
    )
    source = written_pdf(tmp_path / "bare.pdf", CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>")
    _refused(job(source), InvalidFile, "bare.pdf has no pages that can be found.")


def test_a_document_of_unreadable_pages_is_refused(tmp_path, job):
    source = written_pdf(tmp_path / "dead.pdf", CATALOG, "<< /Type /Pages /Kids [98 0 R 99 0 R] /Count 2 >>")
    _refused(job(source), InvalidFile, "dead.pdf is a damaged PDF: no page of it can be read.")


def test_a_damaged_document_whose_text_is_lost_is_refused_not_completed_empty(tmp_path, job):
    source = written_pdf(tmp_path / "lost.pdf", "<< /Type /Catalog /Pages 77 0 R >>", "null", page(4, 5))
    _refused(job(source), InvalidFile, "lost.pdf is a damaged PDF: no page of it can be read.")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"page_start": 3}, "a.pdf has 2 pages; page_start 3 is outside."),
        ({"page_end": 3}, "a.pdf has 2 pages; page_end 3 is outside."),
        ({"page_start": 2, "page_end": 1_000_000}, "a.pdf has 2 pages; page_end 1,000,000 is outside."),
    ],
)
def test_a_range_outside_the_document_is_refused(tmp_path, job, asked, sentence):
    _refused(job(text_pdf(tmp_path / "a.pdf", "one", "two")), PageRange, sentence, **asked)


def test_a_range_outside_a_document_of_one_page_says_page(tmp_path, job):
    source = text_pdf(tmp_path / "a.pdf", "one")
    _refused(job(source), PageRange, "a.pdf has 1 page; page_start 2 is outside.", page_start=2)


def test_too_many_pages_are_refused_before_any_is_read(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", "one", "two", "three"), max_pages=2)
    sentence = "a.pdf has 3 pages to read and this server takes 2; ask for a part with page_start and page_end."
    _refused(context, TooManyPages, sentence)
    assert [step for step, _, _ in context.reports] == ["initializing", "reading_file"]


def _refused(context, failure, sentence, **parameters):
    """Refused with this sentence, which holds no path, and nothing was left behind."""
    with pytest.raises(failure) as refusal:
        context.run(**parameters)
    assert refusal.value.message == sentence
    if "damaged" not in sentence:
        assert context.produced() == []
