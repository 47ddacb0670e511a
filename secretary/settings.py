"""What an operator may set, read from the environment (`SECRETARY_*`) and an optional `.env` where a process starts, and nowhere else."""

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from secretary.secrecy import split_keys

PREFIX: Final = "SECRETARY_"

_DRIVERS: Final = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}
_REDIS_SCHEMES: Final = ("redis", "rediss", "unix")
_KEY_CHARACTERS: Final = 16
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SOCKET_PATH_BYTES: Final = 107
_OPENAI_URL: Final = "https://api.openai.com/v1"
_HIGHEST_PORT: Final = 65_535
_ORIGIN: Final = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_HEADER_SENTENCE: Final = "it travels in a header, so it must be printable ASCII without spaces"


def default_data_dir() -> Path:
    """`secretary` in the user's data folder (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "secretary"


class SettingsError(Exception):
    """A setting has a wrong value; the message names it."""


class Settings(BaseSettings):
    """Every setting, with its unit and range."""

    # An empty variable counts as not set: compose files and CI hand on what they do not know as "".
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of the database, the private Valkey, the key and the produced files.",
    )
    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    port: int = Field(5001, ge=0, le=65535, description="Port the web process listens on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Worker processes that `secretary up` starts.")
    worker_threads: int = Field(2, ge=1, le=64, description="Jobs that one worker runs at once.")
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL or SQLite address, such as `postgresql://user:password@host/name`; SQLite in the data folder when not set.",
    )
    redis_url: SecretStr | None = Field(
        None, description="Redis or Valkey address, such as `redis://host:6379/0`; a private Valkey when not set."
    )
    storage_url: str | None = Field(
        None,
        description="Bucket for produced files and uploads, such as `s3://bucket/prefix`, reached as the usual `AWS_*` variables say; "
        "the data folder when not set.",
    )
    api_key: SecretStr | None = Field(
        None,
        description="Presets an admin key; at least 16 characters unless only this machine can reach the "
        "service. Made at the first start when not set.",
    )
    url: str | None = Field(
        None,
        description="Service that `secretary submit`, `watch`, `jobs` and the like speak to, such as `https://host`, with "
        "`SECRETARY_API_KEY`; the one that runs with the data folder when not set.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Encrypts the secrets of jobs in the database: 32 random bytes in base64 (`openssl rand -base64 32`), "
        "or several such separated by commas, the newest first; kept in the data folder when not set.",
    )
    input_roots: Annotated[tuple[Path, ...], NoDecode] = Field(
        default_factory=lambda: (Path.cwd(),),
        description="Folders that `filename` may point into, separated by `:` or as a JSON list; "
        "the folder where the service was started when not set.",
    )
    lease_seconds: float = Field(8.0, gt=0, le=3600, description="A worker silent for this long has lost its jobs.")
    retry_seconds: float = Field(
        2.0, ge=0, le=300, description="Delay before the second attempt; doubles with each further one, up to 300."
    )
    job_seconds: float = Field(900.0, gt=0, le=86_400, description="A job that runs longer ends with TIMEOUT.")
    silence_seconds: float = Field(
        60.0, gt=0, le=86_400, description="A job that reports nothing for this long ends with TIMEOUT."
    )
    page_seconds: float = Field(
        20.0,
        gt=0,
        le=3600,
        description="A page that takes longer is left out; pages read by OCR may take six times as long.",
    )
    memory_megabytes: int = Field(
        2048,
        ge=256,
        le=1_048_576,
        description="Address space of one job's child process; beyond it the job ends with OUT_OF_MEMORY.",
    )
    output_megabytes: int = Field(1024, ge=1, le=1_048_576, description="Largest single file a job may write.")
    max_file_megabytes: int = Field(100, ge=1, le=1_048_576, description="Largest input file.")
    max_media_megabytes: int = Field(
        1024,
        ge=1,
        le=1_048_576,
        description="Largest video that a session job fetches; no more than `SECRETARY_OUTPUT_MEGABYTES`, as it is kept on disk meanwhile.",
    )
    max_pages: int = Field(2000, ge=1, le=1_000_000, description="Pages one pdf job may read.")
    cache_hours: float = Field(
        24.0,
        ge=0,
        le=8_760,
        description="How long results are kept for equal later jobs of the same owner; 0 keeps none.",
    )
    cache_megabytes: int = Field(
        1024, ge=0, le=1_048_576, description="What those results may take at most; 0 keeps none."
    )
    download_cache_megabytes: int = Field(
        1024,
        ge=0,
        le=1_048_576,
        description="What fetched files may take at most that are kept, as long as results, to ask whether they have changed.",
    )
    public_url: str | None = Field(
        None,
        description="Address under which callers reach the service, such as `https://host`; webhooks give whole addresses with it.",
    )
    allow_private_networks: bool = Field(
        False,
        description="Whether URLs of callers may lead to private networks, this machine's own included, and to every port.",
    )
    outbound_ports: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(),
        description="Ports that URLs of callers may name besides 80, 443, 8080 and 8443, separated by commas.",
    )
    fetch_seconds: float = Field(300.0, gt=0, le=86_400, description="Longest time that fetching one URL may take.")
    owner_requests_per_minute: int = Field(
        6_000,
        ge=0,
        le=1_000_000,
        description="Requests of one owner a minute; more are answered 429. 0 is no limit; admin keys have none.",
    )
    owner_pending_jobs: int = Field(
        50_000, ge=0, le=10_000_000, description="Jobs of one owner that may wait; 0 is no limit, admin keys have none."
    )
    owner_stored_megabytes: int = Field(
        102_400,
        ge=0,
        le=1_000_000_000,
        description="Megabytes that are kept of one owner's files; then it must delete jobs before it creates more. "
        "0 is no limit; admin keys have none.",
    )
    retention_days: float = Field(
        90.0,
        ge=0,
        le=36_500,
        description="Days after which ended jobs go, with their logs and files, and batches without jobs; 0 keeps them.",
    )
    upload_days: float = Field(
        7.0,
        ge=0,
        le=36_500,
        description="Days after which uploads go that no waiting job reads, counted from when they were last sent or used; 0 keeps them.",
    )
    delivery_days: float = Field(
        30.0,
        ge=0,
        le=36_500,
        description="Days after which webhook deliveries that are done go, with their attempts; 0 keeps them as long as their jobs.",
    )
    max_body_megabytes: int = Field(8, ge=1, le=1024, description="Largest request body.")
    dashboard: bool = Field(True, description="Whether browsers are given the dashboard at `/`.")
    graphiql: bool = Field(True, description="Whether browsers are given GraphiQL at `/graphql`.")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins whose pages may use the service from a browser, such as `http://localhost:5173`, separated by commas; "
        "`*` for every page.",
    )
    persisted_documents: Path | None = Field(
        None,
        description="Manifest of GraphQL documents that callers may name by their SHA-256, as `secretary documents` "
        "makes it; beside those that come with the package.",
    )
    trusted_documents_only: bool = Field(
        False, description="Whether GraphQL runs only the documents of the manifests, and no other."
    )
    max_streams: int = Field(
        10_000, ge=1, le=1_000_000, description="Live connections, sockets and HTTP streams, of one web process."
    )
    max_streams_per_key: int = Field(
        1_000, ge=1, le=1_000_000, description="Live connections of one key to one web process."
    )
    max_socket_operations: int = Field(100, ge=1, le=10_000, description="GraphQL operations at once on one socket.")
    ping_seconds: float = Field(
        20.0, ge=1, le=3600, description="A socket silent for this long is pinged; one that answers no ping is closed."
    )
    send_seconds: float = Field(
        30.0, ge=1, le=3600, description="A live connection that takes nothing of what is sent for this long is cut."
    )
    child_jobs: int = Field(500, ge=1, le=10_000, description="A child process is replaced after this many jobs.")
    templates_dir: Path | None = Field(
        None, description="Folder of your own templates (`*.md`); they come before the bundled ones of the same name."
    )
    tessdata: Path | None = Field(
        None, description="Folder of Tesseract's language data (`*.traineddata`); found on its own when not set."
    )
    mistral_url: str = Field("https://api.mistral.ai", description="Where `mistral_ocr` sends pages.")
    mistral_key: SecretStr | None = Field(None, description="Key for `mistral_ocr`, which is refused without.")
    mistral_model: str = Field("mistral-ocr-latest", description="Model of `mistral_ocr`.")
    openai_url: str = Field(
        _OPENAI_URL,
        description="OpenAI-compatible server to which `openai_vision` sends pictures of pages.",
    )
    openai_key: SecretStr | None = Field(
        None, description="Key for `openai_vision`, which is refused without; any word for a server that wants none."
    )
    openai_vision_model: str = Field("gpt-4.1", description="Model of `openai_vision`; it must take pictures.")
    openai_max_tokens: int = Field(16_384, ge=256, le=1_000_000, description="Longest answer for one page, in tokens.")
    openai_max_tokens_name: Literal["max_completion_tokens", "max_tokens"] = Field(
        "max_completion_tokens", description="What the server calls that limit; older ones say `max_tokens`."
    )
    openai_temperature: float | None = Field(
        None, ge=0, le=2, description="Temperature of `openai_vision`; not sent when not set, as some models refuse it."
    )
    llm_url: str = Field(
        _OPENAI_URL, description="OpenAI-compatible server of the language model that fills templates."
    )
    llm_key: SecretStr | None = Field(None, description="Key for it; none for a server of one's own that wants none.")
    llm_model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        validate_default=True,
        description="The model's name there; templates are filled by the built-in rules when not set.",
    )
    llm_max_tokens: int = Field(8_192, ge=64, le=1_000_000, description="Longest answer of that model, in tokens.")
    llm_max_tokens_name: Literal["max_completion_tokens", "max_tokens"] = Field(
        "max_completion_tokens",
        description="What the server calls that limit; the other name is tried when it is refused.",
    )
    llm_temperature: float | None = Field(
        0.0, ge=0, le=2, description="Its temperature; results are kept for equal jobs at 0 only."
    )
    llm_format: Literal["json_schema", "json_object", "text"] = Field(
        "json_schema",
        description="Strictest way of answering to ask it for; what the server refuses is stepped down from.",
    )
    llm_at_once: int = Field(4, ge=1, le=64, description="Requests to it at a time, of all jobs of this data folder.")
    llm_chunk_characters: int = Field(
        24_000, ge=500, le=2_000_000, description="Longest text sent to it at once; a longer one is sent in parts."
    )
    speech_url: str = Field(
        _OPENAI_URL, description="OpenAI-compatible server that turns the speech of videos into text."
    )
    speech_key: SecretStr | None = Field(
        None, description="Key for it; none for a server of one's own that wants none."
    )
    speech_model: str | None = Field(
        None,
        min_length=1,
        description="The model's name there; videos without captions get no transcript when not set.",
    )
    speech_at_once: int = Field(
        2, ge=1, le=64, description="Requests to it at a time, of all jobs of this data folder."
    )
    whisper_folder: Path | None = Field(
        None,
        description="Folder of a faster-whisper model, which hears on this machine instead; needs the `speech` extra.",
    )
    provider_seconds: float = Field(600.0, gt=0, le=3600, description="Longest wait for one answer of a provider.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What the processes write to standard error."
    )

    @field_validator("input_roots", mode="before")
    @classmethod
    def _split_roots(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.startswith("["):
            return tuple(json.loads(value))
        return tuple(Path(part) for part in value.split(os.pathsep) if part)

    @field_validator("outbound_ports", mode="before")
    @classmethod
    def _split_ports(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and 0 < int(part) <= _HIGHEST_PORT for part in parts):
            raise ValueError("it must be port numbers such as 8000,9000")
        return frozenset(map(int, parts))

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if "*" in parts and len(parts) > 1:
            raise ValueError("* stands alone: it lets in every page")
        return tuple(dict.fromkeys(part if part == "*" else _origin(part) for part in parts))

    @field_validator("data_dir", "input_roots")
    @classmethod
    def _absolute(cls, value: Any) -> Any:
        if isinstance(value, Path):
            return value.expanduser().absolute()
        return tuple(root.expanduser().resolve() for root in value)

    @field_validator("tessdata", "persisted_documents", "templates_dir", "whisper_folder")
    @classmethod
    def _absolute_or_none(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("mistral_url", "openai_url", "llm_url", "speech_url", "public_url", "url")
    @classmethod
    def _web_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")) or not value.partition("://")[2].strip("/"):
            example = "https://host" if info.field_name in {"public_url", "url"} else "https://host/v1"
            raise ValueError(f"it must be an address such as {example}")
        return value.rstrip("/")

    @field_validator("llm_model", "speech_model")
    @classmethod
    def _named_where_it_is_set_up(cls, value: str | None, info: ValidationInfo) -> str | None:
        kind = str(info.field_name).removesuffix("_model")
        setting, url, key = f"SECRETARY_{kind.upper()}", info.data.get(f"{kind}_url"), info.data.get(f"{kind}_key")
        if value is None and (key or url not in (None, _OPENAI_URL)):
            raise ValueError(f"name the model, as {setting}_URL or {setting}_KEY is set")
        if value is not None and not key and url == _OPENAI_URL:
            raise ValueError(f"{_OPENAI_URL} wants a key: set {setting}_KEY, or {setting}_URL to another server")
        return value

    @field_validator("mistral_key", "openai_key", "llm_key", "speech_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _fits_header(value.get_secret_value()):
            raise ValueError(_HEADER_SENTENCE)
        return value

    @field_validator("api_key")
    @classmethod
    def _can_be_a_key(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            return None
        secret = value.get_secret_value()
        if len(secret) < _KEY_CHARACTERS and info.data.get("host") not in _LOOPBACK:
            raise ValueError(f"other machines can try it out, so it must have at least {_KEY_CHARACTERS} characters")
        if not _fits_header(secret):
            raise ValueError(_HEADER_SENTENCE)
        return value

    @field_validator("secret_key")
    @classmethod
    def _holds_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            split_keys(value.get_secret_value())
        return value

    @field_validator("storage_url")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is not None and not (value.startswith("s3://") and value.removeprefix("s3://").strip("/")):
            raise ValueError("it must be an address such as s3://bucket/prefix")
        return value.rstrip("/") if value else None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value().partition("://")[0] not in _DRIVERS:
            raise ValueError("it must start with postgresql:// or sqlite:///")
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value().partition("://")[0] not in _REDIS_SCHEMES:
            raise ValueError("it must start with redis://, rediss:// or unix://")
        return value

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address with the driver this service uses."""
        if self.database_url is None:
            return f"sqlite+aiosqlite:///{self.data_dir / 'secretary.db'}"
        scheme, _, rest = self.database_url.get_secret_value().partition("://")
        return f"{_DRIVERS[scheme]}://{rest}"

    @property
    def redis_address(self) -> str:
        """The address of Redis: the one set, or the private Valkey's socket."""
        return self.redis_url.get_secret_value() if self.redis_url else f"unix://{self.valkey_socket}"

    @property
    def valkey_socket(self) -> Path:
        """The private Valkey's socket. A Unix socket's path may have 107 bytes (unix(7)), so a deep data folder moves it."""
        beside = self.data_dir / "valkey.sock"
        if len(os.fsencode(beside)) <= _SOCKET_PATH_BYTES:
            return beside
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108  # the socket itself has mode 700
        return runtime / f"secretary-{_short_hash(self.data_dir)}.sock"

    @property
    def produced_dir(self) -> Path:
        return self.data_dir / "produced"

    @property
    def cache_dir(self) -> Path:
        return self.data_dir / "cache"

    @property
    def texts_dir(self) -> Path:
        """Transcripts that later jobs may take."""
        return self.data_dir / "texts"

    @property
    def notes_dir(self) -> Path:
        """What the processes of this installation tell each other about the language model's server."""
        return self.data_dir / "language-model"

    @property
    def downloads_dir(self) -> Path:
        return self.data_dir / "downloads"

    @property
    def key_file(self) -> Path:
        return self.data_dir / "api-key"

    @property
    def secret_key_file(self) -> Path:
        return self.data_dir / "secret-key"

    def environment(self) -> dict[str, str]:
        """What a child process must be given beside the environment to see the same places, also when it has other defaults."""
        roots = json.dumps([os.fspath(root) for root in self.input_roots])
        own = {
            "DATA_DIR": os.fspath(self.data_dir),
            "HOST": self.host,
            "PORT": str(self.port),
            "INPUT_ROOTS": roots,
            "LOG_LEVEL": self.log_level,
        }
        return {PREFIX + name: value for name, value in own.items()}


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process; `overrides` that are None count as not given. Raises SettingsError that names the setting."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} is wrong: {reason[0].lower()}{reason[1:]}.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file .env in this folder is not UTF-8 text: {error.reason}.") from None
    except RuntimeError:
        # pathlib's word for a user without a home folder, as in some containers
        raise SettingsError(
            f"{PREFIX}DATA_DIR must be set, since there is no home folder to put the data in."
        ) from None


def _fits_header(secret: str) -> bool:
    return secret.isascii() and secret.isprintable() and " " not in secret


def _origin(text: str) -> str:
    """The origin as browsers write it in their requests, which is compared letter by letter. Raises ValueError."""
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or int(found[3] or 1) not in range(1, _HIGHEST_PORT + 1):
        raise ValueError("each must be an origin such as https://app.example or http://localhost:5173, without a path")
    scheme, host, port = found.groups()
    shown = "" if port is None or int(port) == _USUAL_PORTS.get(scheme) else f":{int(port)}"
    return f"{scheme}://{host}{shown}"


def _short_hash(path: Path) -> str:
    from hashlib import sha256

    return sha256(os.fsencode(path)).hexdigest()[:16]
