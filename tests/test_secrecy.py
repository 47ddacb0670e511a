"""Secrets at rest: sealed with the first key, opened with any, made once, and clearly refused where the key is another."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import SecretUnreadable
from secretary.secrecy import Secrecy, is_sealed, kept_keys, split_keys, write_once

OLD, NEW = "b2xkIGtleSBvZiAzMiBieXRlcywgZm9yIHRlc3RzISE=", "bmV3IGtleSBvZiAzMiBieXRlcywgZm9yIHRlc3RzISE="
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON_VALUES)
def test_what_was_sealed_is_unsealed_to_the_same_value(secret: object) -> None:
    secrecy = Secrecy(lambda: [NEW])
    sealed = secrecy.seal(secret)
    assert is_sealed(sealed)
    assert secrecy.unseal(json.loads(json.dumps(sealed))) == secret


def test_a_sealed_secret_shows_nothing_of_itself_and_no_two_are_alike() -> None:
    secrecy = Secrecy(lambda: [NEW])
    first, second = secrecy.seal("correct horse"), secrecy.seal("correct horse")
    assert "correct" not in json.dumps(first)
    assert first != second


def test_a_key_is_replaced_by_putting_a_new_one_before_it() -> None:
    sealed = Secrecy(lambda: [OLD]).seal("token")
    rotated = Secrecy(lambda: [NEW, OLD])
    assert rotated.unseal(sealed) == "token"
    assert Secrecy(lambda: [NEW]).unseal(rotated.seal("later")) == "later"


def test_a_digest_is_of_its_key_and_the_newest_comes_first() -> None:
    [new] = Secrecy(lambda: [NEW]).digests("body")
    [old] = Secrecy(lambda: [OLD]).digests("body")
    assert Secrecy(lambda: [NEW, OLD]).digests("body") == [new, old]
    assert new != old
    assert Secrecy(lambda: [NEW]).digests("another") != [new]


def test_another_key_is_refused_saying_what_to_set() -> None:
    with pytest.raises(SecretUnreadable, match="SECRETARY_SECRET_KEY"):
        Secrecy(lambda: [NEW]).unseal(Secrecy(lambda: [OLD]).seal("token"))


def test_what_was_written_before_secrets_were_sealed_is_read_as_it_is() -> None:
    assert Secrecy(lambda: [NEW]).unseal("plain") == "plain"


@pytest.mark.parametrize("text", ["", " , ", "short", OLD[:-4], OLD + "AAAA", f"{OLD},nonsense", "ü" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        split_keys(text)


def test_keys_are_taken_in_both_alphabets_of_base64() -> None:
    plain = "+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8="
    sealed = Secrecy(lambda: [plain]).seal("x")
    assert Secrecy(lambda: [plain.replace("+", "-").replace("/", "_")]).unseal(sealed) == "x"


def test_the_key_in_the_data_folder_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    made = kept_keys(path)
    assert kept_keys(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]


def test_a_key_that_another_process_just_made_is_kept(tmp_path: Path) -> None:
    write_once(tmp_path / "secret-key", OLD)
    write_once(tmp_path / "secret-key", NEW)
    assert kept_keys(tmp_path / "secret-key") == (OLD,)
