"""Why a start is refused: one sentence each, exit code 1, nothing made and nothing left."""

from pathlib import Path

import pytest

from tests.up.started import nothing_is_left, secretary


@pytest.mark.parametrize(
    ("data_dir", "reason"),
    [("file", "it is a file"), ("file/below", "Not a directory")],
)
def test_a_data_folder_that_cannot_be_written(folder: Path, data_dir: str, reason: str):
    (folder / "file").touch()
    refused = secretary("up", "--port", "0", "--data-dir", data_dir, cwd=folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"secretary: The data folder {folder / data_dir} cannot be written ({reason}); "
        "choose another with --data-dir or SECRETARY_DATA_DIR.\n"
    )


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("API_KEY", "ä", "SECRETARY_API_KEY is wrong: it travels in a header, so it must be printable ASCII"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0", "Redis at redis://127.0.0.1:1/0 cannot be reached ("),
        ("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/x", "The database postgresql://127.0.0.1:1/x cannot be"),
    ],
)
def test_a_setting_that_is_wrong_or_leads_nowhere(folder: Path, setting: str, value: str, sentence: str):
    refused = secretary(
        "up", "--port", "0", "--data-dir", folder / "data", cwd=folder, **{f"SECRETARY_{setting}": value}
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"secretary: {sentence}")
    assert refused.stderr.count("\n") == 1
    assert "hidden" not in refused.stderr
    assert nothing_is_left(folder)


def test_a_file_that_is_no_database(folder: Path):
    (folder / "data").mkdir()
    (folder / "data" / "secretary.db").write_bytes(b"no database " * 1000)
    refused = secretary("up", "--port", "0", "--data-dir", folder / "data", cwd=folder)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"secretary: The database sqlite:///{folder}/data/secretary.db cannot be used (file is not a database).\n"
    )
    assert nothing_is_left(folder)


def test_an_address_that_is_not_of_this_machine(folder: Path):
    refused = secretary("up", "--host", "192.0.2.1", "--data-dir", folder / "data", cwd=folder)
    assert refused.returncode == 1
    assert refused.stderr == (
        "secretary: There is no address 192.0.2.1 on this machine; choose another with --host, such as 127.0.0.1.\n"
    )


def test_valkey_files_that_cannot_be_read(folder: Path):
    files = folder / "data" / "valkey" / "appendonlydir"
    files.mkdir(parents=True)
    (files / "appendonly.aof.manifest").write_text("nonsense\n")
    refused = secretary("up", "--port", "0", "--data-dir", folder / "data", cwd=folder)
    assert refused.returncode == 1
    assert refused.stderr.startswith("secretary: The private Valkey did not start; ")
    assert f"{folder}/data/valkey/valkey.log says why" in refused.stderr
    assert nothing_is_left(folder)


def test_a_misspelt_setting_is_told(folder: Path):
    refused = secretary("up", "--data-dir", "/proc/below", cwd=folder, SECRETARY_PROT="5002")
    assert refused.stderr.splitlines()[0] == (
        "SECRETARY_PROT is not a setting and is ignored; did you mean SECRETARY_PORT?"
    )
