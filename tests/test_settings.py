"""Settings: wrong values are refused by name, children see the same places, and the table in docs/settings.md tells the truth."""

import json
from pathlib import Path

import pytest

from secretary.resources import language_model_of
from secretary.settings import PREFIX, Settings, SettingsError, load_settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"
WRONG_ORIGIN = "each must be an origin such as https://app.example or http://localhost:5173, without a path."

# Defaults that are worked out where the process starts.
SAID_DEFAULTS = {
    "data_dir": "`~/.local/share/secretary`",
    "input_roots": "the folder of the start",
    "outbound_ports": "none",
    "cors_origins": "none",
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Without a `.env` of a developer."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_table() -> str:
    rows = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = SAID_DEFAULTS.get(name) or shown(field.default)
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def shown(default: object) -> str:
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def test_the_page_names_every_setting_with_its_default():
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    table = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert table == settings_table(), f"put this between the markers in docs/settings.md:\n{settings_table()}"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "tcp://10.0.0.1:80", "input should be a valid integer, unable to parse string as an integer."),
        ("PORT", "65536", "input should be less than or equal to 65535."),
        ("WORKERS", "0", "input should be greater than or equal to 1."),
        ("API_KEY", "a key with some spaces", "it travels in a header, so it must be printable ASCII without spaces."),
        (
            "SECRET_KEY",
            "c2hvcnQ=",
            "each key must be 32 random bytes in base64, as `openssl rand -base64 32` prints them.",
        ),
        ("REDIS_URL", "http://localhost", "it must start with redis://, rediss:// or unix://."),
        ("DATABASE_URL", "mysql://localhost", "it must start with postgresql:// or sqlite:///."),
        ("CORS_ORIGINS", "*, https://app.example", "* stands alone: it lets in every page."),
        ("CORS_ORIGINS", "https://app.example/", WRONG_ORIGIN),
        ("CORS_ORIGINS", "http://localhost:5173, app.example", WRONG_ORIGIN),
        ("CORS_ORIGINS", "https://*.example", WRONG_ORIGIN),
        ("CORS_ORIGINS", "https://app.example:65536", WRONG_ORIGIN),
        ("CORS_ORIGINS", "null", WRONG_ORIGIN),
        ("CORS_ORIGINS", '["https://app.example"]', WRONG_ORIGIN),
        ("LOG_LEVEL", "loud", "input should be 'debug', 'info', 'warning' or 'error'."),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str):
    monkeypatch.setenv(f"SECRETARY_{name}", value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value) == f"SECRETARY_{name} is wrong: {sentence}"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"LLM_KEY": "k"}, "name the model, as SECRETARY_LLM_URL or SECRETARY_LLM_KEY is set."),
        ({"LLM_URL": "http://localhost:8080/v1"}, "name the model, as SECRETARY_LLM_URL or SECRETARY_LLM_KEY is set."),
        (
            {"LLM_MODEL": "gpt-4.1"},
            "https://api.openai.com/v1 wants a key: set SECRETARY_LLM_KEY, or SECRETARY_LLM_URL to another server.",
        ),
    ],
)
def test_a_language_model_is_set_up_whole(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str):
    for name, value in given.items():
        monkeypatch.setenv(f"SECRETARY_{name}", value)
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    assert str(refusal.value) == f"SECRETARY_LLM_MODEL is wrong: {sentence}"


def test_a_server_of_ones_own_needs_no_key():
    settings = load_settings(llm_url="http://localhost:11434/v1/", llm_model="qwen3")
    model = language_model_of(settings)
    assert model is not None
    assert (model.url, model.key, model.model) == ("http://localhost:11434/v1", None, "qwen3")
    assert language_model_of(load_settings()) is None


def test_a_short_key_is_enough_only_where_nobody_else_can_try_it_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_API_KEY", "fifteen-letters")
    assert load_settings().api_key is not None
    with pytest.raises(SettingsError, match=r"must have at least 16 characters"):
        load_settings(host="0.0.0.0")


def test_a_list_of_folders_that_is_no_json_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_INPUT_ROOTS", "[1")
    with pytest.raises(SettingsError, match=r"^SECRETARY_INPUT_ROOTS is wrong: "):
        load_settings()


def test_the_environment_comes_before_the_env_file_and_what_is_empty_counts_as_not_set(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (empty_folder / ".env").write_text("SECRETARY_PORT=7001\nSECRETARY_WORKERS=3\nOTHER=1\n")
    monkeypatch.setenv("SECRETARY_PORT", "7002")
    monkeypatch.setenv("SECRETARY_REDIS_URL", "")
    settings = load_settings()
    assert (settings.port, settings.workers, settings.redis_url) == (7002, 3, None)


def test_an_env_file_that_is_no_text_is_told(empty_folder: Path):
    (empty_folder / ".env").write_bytes(b"SECRETARY_PORT=\xff\n")
    with pytest.raises(SettingsError, match=r"^The file \.env in this folder is not UTF-8 text"):
        load_settings()


def test_an_option_comes_before_the_environment_unless_it_is_not_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_PORT", "7002")
    assert load_settings(port=7003).port == 7003
    assert load_settings(port=None).port == 7002


def test_folders_are_separated_by_colons_or_a_json_list(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_INPUT_ROOTS", "/one:/two")
    assert load_settings().input_roots == (Path("/one"), Path("/two"))
    monkeypatch.setenv("SECRETARY_INPUT_ROOTS", '["/with:colon"]')
    assert load_settings().input_roots == (Path("/with:colon"),)


def test_origins_are_written_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch):
    given = "HTTPS://App.Example:443, http://localhost:5173 ,http://[::1]:80,capacitor://localhost,https://app.example"
    monkeypatch.setenv("SECRETARY_CORS_ORIGINS", given)
    assert load_settings().cors_origins == (
        "https://app.example",
        "http://localhost:5173",
        "http://[::1]",
        "capacitor://localhost",
    )
    monkeypatch.setenv("SECRETARY_CORS_ORIGINS", "*")
    assert load_settings().cors_origins == ("*",)


def test_children_see_the_same_places(empty_folder: Path, monkeypatch: pytest.MonkeyPatch):
    given = load_settings(data_dir="data", port=0, host="::1", input_roots=(Path("a:b"),), log_level="error")
    for name, value in given.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir("/")
    assert load_settings() == given
    assert json.loads(given.environment()["SECRETARY_INPUT_ROOTS"]) == [str(empty_folder / "a:b")]


def test_a_deep_data_folder_moves_the_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    shallow, deep = load_settings(data_dir="/data"), load_settings(data_dir="/data/" + "d" * 100)
    assert shallow.valkey_socket == Path("/data/valkey.sock")
    assert deep.valkey_socket.parent == Path("/run/user/1")
    assert deep.valkey_socket != load_settings(data_dir="/data/" + "e" * 100).valkey_socket


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql://host/name", "postgresql+psycopg://host/name"),
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
    ],
)
def test_database_addresses_get_the_driver_this_service_uses(given: str, used: str):
    assert load_settings(database_url=given).sqlalchemy_url == used
