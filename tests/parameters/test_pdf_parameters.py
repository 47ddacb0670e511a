"""Parameters of pdf jobs: strict, closed, and taking the historical spellings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import InvalidParameters
from secretary.parameters import ExtractionMethod, PdfParameters, parse
from secretary.parameters.languages import tesseract_name


def refused(**parameters: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidParameters) as refusal:
        parse(PdfParameters, parameters)
    return [(field.field, field.message) for field in refusal.value.fields]


def test_what_is_not_given_has_the_contracts_default() -> None:
    parameters = parse(PdfParameters, {"filename": "a.pdf"})
    assert parameters.model_dump() == {
        "filename": "a.pdf",
        "url": None,
        "extraction_method": ExtractionMethod.NATIVE,
        "language": None,
        "template": None,
        "context": None,
        "target_language": None,
        "use_cache": True,
        "force_refresh": False,
        "include_images": False,
        "include_tables": True,
        "include_markdown": True,
        "page_start": None,
        "page_end": None,
        "password": None,
        "webhook": None,
    }


def test_an_unknown_parameter_is_refused_by_name_with_what_was_probably_meant() -> None:
    message = 'unknown parameter "pagestart". Did you mean "page_start"?'
    assert refused(filename="a.pdf", pagestart=1) == [("pagestart", message)]
    assert refused(filename="a.pdf", zzz=1) == [("zzz", 'unknown parameter "zzz".')]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page_start", "1"),
        ("page_start", 1.5),
        ("page_start", True),
        ("page_start", 0),
        ("include_images", "yes"),
        ("include_images", 1),
        ("filename", 5),
        ("filename", ""),
        ("filename", "a\0b"),
        ("context", []),
        ("password", 1),
        ("extraction_method", "telepathy"),
        ("extraction_method", 1),
    ],
)
def test_a_wrong_value_is_refused_naming_its_field(field: str, value: Any) -> None:
    assert [name for name, _ in refused(**{"filename": "a.pdf", field: value})] == [field]


def test_all_wrong_fields_are_named_at_once() -> None:
    assert {name for name, _ in refused(filename="a", page_start="x", include_tables=3)} == {
        "page_start",
        "include_tables",
    }


def test_exactly_one_input_is_needed() -> None:
    both = [(name, "give exactly one of filename and url") for name in ("filename", "url")]
    assert refused() == refused(filename="a.pdf", url="https://example.org/a.pdf") == both
    assert parse(PdfParameters, {"url": "https://example.org/a.pdf"}).filename is None


def test_pages_in_the_wrong_order_are_refused() -> None:
    assert refused(filename="a", page_start=3, page_end=2) == [("", "page_start is after page_end")]


@pytest.mark.parametrize(
    "historical",
    [
        {"file_path": "a.pdf", "includeImages": True, "useCache": False},
        {"filename": "a.pdf", "extra": {"include_images": True, "use_cache": False}},
        {"extra": {"file_path": "a.pdf", "includeImages": True, "useCache": False}},
    ],
)
def test_historical_spellings_are_taken(historical: dict[str, Any]) -> None:
    parameters = parse(PdfParameters, historical)
    assert (parameters.filename, parameters.include_images, parameters.use_cache) == ("a.pdf", True, False)


@pytest.mark.parametrize(
    ("given", "method", "provider"),
    [
        ("native", "native", None),
        ("ocr", "ocr", None),
        ("tesseract_ocr", "ocr", None),
        ("combined", "combined", None),
        ("both", "combined", None),
        ("mistral_ocr", "mistral_ocr", "mistral"),
        ("openai_vision", "openai_vision", "openai"),
        ("llm", "openai_vision", "openai"),
    ],
)
def test_every_method_and_its_historical_name_is_taken_and_names_its_provider(
    given: str, method: str, provider: str | None
) -> None:
    parameters = parse(PdfParameters, {"filename": "a.pdf", "extraction_method": given})
    assert parameters.extraction_method == method
    assert parameters.needs_provider == ((provider, method) if provider else None)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("en", ["en"]),
        ("de,en", ["de", "en"]),
        ("deu+eng", ["deu", "eng"]),
        (["de", "en", "de"], ["de", "en"]),
        (["de, en"], ["de", "en"]),
        ("de-AT", ["de-AT"]),
        ("zh-Hant", ["zh-Hant"]),
        (None, None),
    ],
)
def test_languages_are_taken_as_one_or_several(given: Any, taken: Any) -> None:
    assert parse(PdfParameters, {"filename": "a.pdf", "language": given}).language == taken


@pytest.mark.parametrize(
    "given",
    ["", ",", "xq", "german", "../deu", "d", [], [1], 5, {}, "a" * 99, ",".join(["de-" + c for c in "abcdefghi"])],
)
def test_what_names_no_language_is_refused(given: Any) -> None:
    assert {field.partition(".")[0] for field, _ in refused(filename="a.pdf", language=given)} == {"language"}


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "eng"), ("DE", "deu"), ("ger", "deu"), ("deu", "deu"), ("zh-TW", "chi_tra"), ("srp_latn", "srp_latn")],
)
def test_every_iso_name_means_the_same_data(code: str, name: str) -> None:
    assert tesseract_name(code) == name


@given(
    st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.integers())))
)
def test_any_parameters_are_taken_or_refused_with_sentences(parameters: dict[str, Any]) -> None:
    try:
        taken = parse(PdfParameters, parameters)
    except InvalidParameters as refusal:
        messages = [field.message for field in refusal.fields]
    else:
        messages = [str(taken.filename)]
    assert messages
    assert all(messages)
