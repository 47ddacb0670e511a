"""Names of produced files."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.stems import safe_stem


@pytest.mark.parametrize(
    ("given_stem", "stem"),
    [
        ("Protokoll März 2024", "Protokoll-März-2024"),
        ("会議録 第3回", "会議録-第3回"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc/passwd", "etc-passwd"),
        ("..hidden", "hidden"),
        ("--rf *", "rf"),
        ("a  b\t\nc", "a-b-c"),
        ("v1.2 (final)", "v1.2-(final)"),
        ("", "document"),
        ("...", "document"),
        ("\0", "document"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_a_stem_keeps_what_reads_and_drops_what_harms(given_stem, stem):
    assert safe_stem(given_stem) == stem


def test_a_long_stem_is_cut_to_what_file_systems_take():
    assert safe_stem("a" * 300) == "a" * 80
    assert len(safe_stem("語" * 300).encode()) <= 200
    assert len(safe_stem("𐐀" * 300).encode()) <= 200


@given(st.text(st.characters(exclude_categories=())))
@example("\udc80." * 50)
@example("a" * 79 + "..")
def test_any_stem_is_a_safe_name(given_stem):
    stem = safe_stem(given_stem)
    assert 0 < len(stem.encode()) <= 200
    assert not set(stem) & set('/\\:*?"<>|\0 \n')
    assert stem[0] not in ".-"
    assert stem[-1] not in ".-"
    assert all(unicodedata.category(character)[0] in "LMN" or character in "-_.()" for character in stem)
    assert safe_stem(stem) == stem
