"""The registry of job types and the plug-ins of other packages."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from secretary import job_types
from secretary.errors import UnknownJobType
from secretary.job_types import PDF, SESSION, TRANSFORMER, JobType, JobTypes, installed_job_types, load_job_types


def test_an_installed_package_adds_its_types_and_one_that_fails_to_load_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = {job_type.name for job_type in load_job_types()}
    assert {"pdf", "noop", "sleep"} <= names
    assert "missing" not in names
    assert "'missing'" in caplog.text


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("TYPE = 42", "it is of type int, and no JobType"),
        ("", "AttributeError: module 'a_plug_in' has no attribute 'TYPE'"),
        ("TYPE = (", "SyntaxError: '(' was never closed (a_plug_in.py, line 2)"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("TYPE = replace(PDF)", 'there is a job type "pdf" already'),
        (
            "TYPE = replace(PDF, name='new', aliases=('transformer_template',))",
            'there is a job type "transformer_template" already',
        ),
        (
            "TYPE = replace(PDF, name='a b')",
            "'a b' is no name for a job type; it may have 64 letters, digits, `_`, `-` and `.`",
        ),
        ("TYPE = replace(PDF, name='new', parameters=dict)", "its parameters are no subclass of"),
        ("TYPE = replace(PDF, name='new', results=PDF)", "its results are no subclass of secretary.results"),
        (
            "TYPE = replace(PDF, name='new', handler='nowhere')",
            "its handler 'nowhere' is no path such as \"package.module:function\"",
        ),
        ("TYPE = replace(PDF, name='new', steps=(('a', 1),))", "its steps are no Steps in the order of their percents"),
        (
            "TYPE = replace(PDF, name='new', steps=PDF.steps[::-1])",
            "its steps are no Steps in the order of their percents",
        ),
        (
            "class P(PDF.parameters):\n    call: Callable[[], int]\nTYPE = replace(PDF, name='new', parameters=P)",
            "PydanticInvalidForJsonSchema: ",
        ),
    ],
)
def test_what_cannot_be_a_job_type_is_left_out_with_its_reason(
    module: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [one.plug_in for one in installed_job_types()[1]]
    (tmp_path / "a_plug_in.py").write_text(
        f"from collections.abc import Callable; from dataclasses import replace; from secretary.job_types import PDF\n{module}\n"
    )
    (tmp_path / "a_plug_in-2.0.dist-info").mkdir()
    (tmp_path / "a_plug_in-2.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: a-plug-in\nVersion: 2.0\n"
    )
    (tmp_path / "a_plug_in-2.0.dist-info" / "entry_points.txt").write_text(
        "[secretary.job_types]\nnew = a_plug_in:TYPE\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "a_plug_in", raising=False)
    job_types, left_out = installed_job_types()
    (one,) = [one for one in left_out if one.plug_in not in before]
    assert one.plug_in == "'new' (a_plug_in:TYPE) of a-plug-in 2.0"
    assert one.reason.startswith(reason)
    assert job_types.get("pdf") is PDF
    assert job_types.find("new") is None


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


@pytest.mark.parametrize("job_type", [PDF, SESSION, TRANSFORMER], ids=lambda job_type: job_type.name)
def test_the_steps_of_a_built_in_type_are_those_its_handler_reports(job_type: JobType) -> None:
    """Those of constants and of other modules are looked for by their names."""
    source = "".join(path.read_text() for folder in ("handlers", "sessions", "runner") for path in package(folder))
    assert [step.percent for step in job_type.steps] == sorted({step.percent for step in job_type.steps})
    for step in job_type.steps:
        assert f'"{step.name}"' in source
    handler = Path(find_spec(job_type.handler.partition(":")[0]).origin).read_text()
    reported = re.findall(r'context\.report\(\s*"(\w+)"', handler)
    assert set(reported) <= {step.name for step in job_type.steps}
    assert [step.name for step in job_type.steps][-1] in reported


def package(folder: str) -> list[Path]:
    return sorted((Path(job_types.__file__).parent / folder).glob("*.py"))
