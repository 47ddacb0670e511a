"""The registry of job types and the plug-ins of other packages."""

import subprocess
import sys

import pytest

from secretary.errors import UnknownJobType
from secretary.job_types import PDF, JobTypes, load_job_types


def test_an_installed_package_adds_its_types_and_one_that_fails_to_load_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = {job_type.name for job_type in load_job_types()}
    assert {"pdf", "noop", "sleep"} <= names
    assert "missing" not in names
    assert "'missing'" in caplog.text


def test_an_unknown_type_is_refused_with_what_was_probably_meant() -> None:
    with pytest.raises(UnknownJobType, match=r'there is no job type "pfd"; known: pdf\. Did you mean "pdf"'):
        JobTypes([PDF]).get("pfd")


def test_the_web_process_loads_neither_handlers_nor_document_engines() -> None:
    program = (
        "import sys; from secretary.app import create_app; from secretary.resources import open_resources;"
        "from secretary.job_types import load_job_types; load_job_types();"
        "print([name for name in sys.modules if name.startswith(('secretary.handlers', 'secretary.documents',"
        " 'secretary.sandbox', 'pdfplumber', 'pypdfium2', 'PIL'))])"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
