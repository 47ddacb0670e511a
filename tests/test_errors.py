"""The error tree: each class has its code and status, and a sentence that says what to do."""

import re
from pathlib import Path

import pytest

from secretary import errors
from secretary.errors import ErrorCode, InvalidParameters, JobFailure, SecretaryError


def kinds(base: type[SecretaryError]) -> list[type[SecretaryError]]:
    return [kind for child in base.__subclasses__() for kind in (child, *kinds(child))]


ENDS = [kind for kind in kinds(SecretaryError) if "code" in vars(kind)]


@pytest.mark.parametrize("kind", ENDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_a_status_and_a_sentence(kind: type[SecretaryError]) -> None:
    error = kind()
    assert isinstance(error.code, ErrorCode)
    assert 400 <= error.http_status <= 599
    assert error.message.endswith((".", "`"))
    assert not re.search(r"Traceback|/home|\.py", error.message)


def test_only_what_may_pass_by_itself_is_tried_again() -> None:
    transient = {kind.__name__ for kind in kinds(JobFailure) if vars(kind).get("transient")}
    assert transient == {"WorkerLost", "FetchFailed", "ProviderBusy"}


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    drawing = (errors.__doc__ or "").replace("│", " ")
    missing = [kind.__name__ for kind in ENDS if not re.search(rf"\b{kind.__name__}\b", drawing)]
    assert missing == []


def test_field_errors_become_details() -> None:
    fields = (errors.FieldError(("jobs", "3", "filename"), "is required"),)
    assert InvalidParameters("wrong", fields=fields).details == [{"field": "jobs.3.filename", "message": "is required"}]


def test_every_module_says_what_it_is() -> None:
    root = Path(errors.__file__).parents[1]
    silent = [str(path) for path in root.rglob("*.py") if not path.read_text().lstrip().startswith('"""')]
    assert silent == []
