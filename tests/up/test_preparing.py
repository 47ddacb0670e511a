"""The first key: made, kept, preset, entered again, never made where it is not wanted."""

import asyncio
import stat
import time
from pathlib import Path

import pytest

from secretary.auth import Authenticator, Viewer, hash_key
from secretary.secrecy import write_once
from secretary.settings import Settings, SettingsError
from secretary.store import Database, Keys
from secretary.up.data_folder import read_key
from secretary.up.failures import CannotStart
from secretary.up.preparing import FirstKey, prepare, require_redis
from secretary.up.reaching import without_secrets

PRESET = "a-key-chosen-by-the-operator"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data")


def test_a_file_that_holds_no_key_for_secrets_stops_the_start_and_is_left_as_it_is(settings: Settings) -> None:
    settings.data_dir.mkdir()
    settings.secret_key_file.write_text("spoilt\n")
    with pytest.raises(SettingsError, match="does not hold a key for secrets"):
        prepare(settings)
    assert settings.secret_key_file.read_text() == "spoilt\n"
    assert not (settings.data_dir / "secretary.db").exists()


def with_preset(settings: Settings) -> Settings:
    return Settings(_env_file=None, data_dir=settings.data_dir, api_key=PRESET)


def viewer_of(settings: Settings, secret: str | None) -> Viewer:
    async def authenticate(keys: Keys) -> Viewer:
        return await Authenticator(keys).authenticate(secret)

    return _with_keys(settings, authenticate)


def revoke(settings: Settings, secret: str) -> None:
    async def revoke_found(keys: Keys) -> bool:
        row = await keys.find(hash_key(secret))
        assert row is not None
        return await keys.revoke(row.id)

    assert _with_keys(settings, revoke_found)


def _with_keys(settings, question):
    async def ask():
        database = Database(settings.sqlalchemy_url)
        try:
            return await question(Keys(database))
        finally:
            await database.close()

    return asyncio.run(ask())


def test_the_first_start_makes_an_admin_key_and_keeps_it(settings: Settings):
    key = prepare(settings)
    assert key == FirstKey(key.secret, preset=False, new=True)
    assert settings.key_file.read_text() == f"{key.secret}\n"
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    viewer = viewer_of(settings, key.secret)
    assert (viewer.user_id, viewer.is_admin) == ("admin", True)


def test_later_starts_find_it(settings: Settings):
    first = prepare(settings)
    assert prepare(settings) == FirstKey(first.secret, preset=False, new=False)


def test_a_kept_key_is_entered_in_a_new_database(settings: Settings):
    first = prepare(settings)
    for file in settings.data_dir.glob("secretary.db*"):
        file.unlink()
    assert prepare(settings) == FirstKey(first.secret, preset=False, new=False)
    assert viewer_of(settings, first.secret).is_admin


def test_a_preset_key_is_entered_and_none_is_made(settings: Settings):
    assert prepare(with_preset(settings)) == FirstKey(PRESET, preset=True, new=False)
    assert prepare(with_preset(settings)) == FirstKey(PRESET, preset=True, new=False)
    assert viewer_of(settings, PRESET).is_admin
    assert not settings.key_file.exists()


def test_a_preset_key_that_was_revoked_is_refused_and_stays_so(settings: Settings):
    prepare(with_preset(settings))
    revoke(settings, PRESET)
    with pytest.raises(CannotStart, match=r"^SECRETARY_API_KEY is a key that was revoked; set another"):
        prepare(with_preset(settings))


def test_a_kept_key_that_was_revoked_is_not_shown_and_not_replaced(settings: Settings):
    first = prepare(settings)
    assert first.secret is not None
    revoke(settings, first.secret)
    assert prepare(settings) == FirstKey(None)
    assert settings.key_file.read_text() == f"{first.secret}\n"


def test_a_second_machine_with_the_same_database_makes_no_second_key(settings: Settings, tmp_path: Path):
    prepare(settings)
    elsewhere = Settings(
        _env_file=None, data_dir=tmp_path / "other", database_url=f"sqlite:///{settings.data_dir}/secretary.db"
    )
    assert prepare(elsewhere) == FirstKey(None)
    assert not elsewhere.key_file.exists()


def test_a_kept_key_is_closed_to_others_again(settings: Settings):
    prepare(settings)
    settings.key_file.chmod(0o644)
    prepare(settings)
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "short", "not a key but a sentence"])
def test_a_key_file_without_a_key_is_refused(settings: Settings, content: str):
    settings.data_dir.mkdir()
    settings.key_file.write_text(content)
    with pytest.raises(CannotStart, match="does not hold a key; remove it"):
        prepare(settings)


def test_of_two_processes_that_keep_a_key_at_once_the_first_wins(tmp_path: Path):
    path = tmp_path / "api-key"
    write_once(path, "the-key-of-the-first-process")
    write_once(path, "the-key-of-the-second-process")
    assert read_key(path) == "the-key-of-the-first-process"
    assert [file.name for file in tmp_path.iterdir()] == ["api-key"]


def test_web_and_worker_wait_for_valkey_and_then_end_with_a_sentence(settings: Settings):
    began = time.monotonic()
    with pytest.raises(CannotStart) as refusal:
        require_redis(settings, wait_seconds=0.3)
    assert time.monotonic() - began > 0.3
    assert str(refusal.value) == (
        f"The private Valkey of {settings.data_dir} is not running; start it with `secretary valkey` (or everything with "
        "`secretary up`), or name a Redis in SECRETARY_REDIS_URL."
    )


def test_addresses_are_shown_without_user_password_and_driver():
    shown = without_secrets("postgresql+psycopg://user:pass@word@host:5432/name?sslkey=secret")
    assert shown == "postgresql://host:5432/name"
