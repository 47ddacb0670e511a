"""A web process knows what pdf jobs take and give without loading what reads PDFs."""

import subprocess
import sys

ENGINES = {"pypdfium2", "pdfplumber", "pdfminer", "PIL"}


def test_the_contracts_of_pdf_jobs_load_no_engine():
    modules = "secretary.handlers, secretary.parameters.pdf, secretary.results.pdf, secretary.files.archive"
    assert _loaded(modules) & ENGINES == set()


def test_the_pdf_handler_loads_pdfium_at_once_and_the_table_reader_not_yet():
    assert _loaded("secretary.handlers.pdf") & ENGINES == {"pypdfium2"}


def _loaded(modules):
    program = f"import sys, {modules}\nprint(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
