"""Whether this machine can read by Tesseract; at home a test may be skipped for want of it, in CI it may not."""

import os

import pytest

from secretary.documents.ocr import equipment


@pytest.fixture(scope="session")
def tesseract() -> None:
    if not {"deu", "eng"} <= set(equipment(None).languages):
        if os.environ.get("CI"):
            pytest.fail("no Tesseract data for deu and eng; scripts/test installs it where it may")
        pytest.skip("no Tesseract data for deu and eng; install tesseract-ocr-eng and tesseract-ocr-deu")
