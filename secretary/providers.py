"""What operators set for the work of jobs: the OCR language data and the remote services, with their keys; on its way from the
settings to the child by pipe, and nowhere else."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from secretary.errors import ProviderNotConfigured

ProviderName = Literal["mistral", "openai", "llm"]

AnswerFormat = Literal["json_schema", "json_object", "text"]
"""How a model is made to answer in JSON, the strictest first."""

KEY_SETTINGS: Final[dict[ProviderName, str]] = {
    "mistral": "SECRETARY_MISTRAL_KEY",
    "openai": "SECRETARY_OPENAI_KEY",
    "llm": "SECRETARY_LLM_MODEL",
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Provider(_Frozen):
    """A remote service: its base URL without a slash at the end, the key, the model."""

    url: str
    key: str = Field(repr=False)
    model: str


class MistralProvider(Provider):
    """Mistral's OCR service."""


class OpenAiProvider(Provider):
    """A vision model behind an OpenAI-compatible server, and which dialect of the protocol the model wants."""

    max_tokens: int = 16_384
    max_tokens_name: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    temperature: float | None = None


class LanguageModel(_Frozen):
    """A language model behind an OpenAI-compatible server, what that server can do, and how it is asked: `at_once` requests of
    this installation at a time, each with up to `chunk_characters` of a text. `notes` is a folder all its processes share."""

    url: str
    key: str | None = Field(None, repr=False)
    model: str
    max_tokens: int = 8_192
    max_tokens_name: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    temperature: float | None = 0.0
    answer_format: AnswerFormat = "json_schema"
    at_once: int = 4
    chunk_characters: int = 24_000
    notes: str | None = None


class SpeechModel(_Frozen):
    """A model that turns speech into text behind an OpenAI-compatible server, sent `at_once` parts of this installation at a
    time. `notes` is as for a language model."""

    url: str
    key: str | None = Field(None, repr=False)
    model: str
    at_once: int = 2
    notes: str | None = None


class Providers(_Frozen):
    """Those that are configured; `answer_seconds` is the longest wait for one answer, `templates` the user's own folder of them."""

    tessdata: str | None = None
    templates: str | None = None
    mistral: MistralProvider | None = None
    openai: OpenAiProvider | None = None
    llm: LanguageModel | None = None
    speech: SpeechModel | None = None
    whisper: str | None = None
    """The folder of a speech model on this machine."""
    answer_seconds: float = 600.0

    @property
    def without_keys(self) -> "Providers":
        """What a process may know that opens documents."""
        return Providers(tessdata=self.tessdata)

    @property
    def configured(self) -> frozenset[ProviderName]:
        remote = {"mistral": self.mistral, "openai": self.openai, "llm": self.llm}
        return frozenset(name for name in KEY_SETTINGS if remote[name] is not None)


def not_configured(name: ProviderName, method: str) -> ProviderNotConfigured:
    """The refusal of a method whose provider is not set up, naming the setting that is missing."""
    if name == "llm":
        message = f"{method} needs a language model to translate, which this server does not have; its operator sets {KEY_SETTINGS[name]}."
        return ProviderNotConfigured(
            message, details=[{"field": f"parameters.{method.partition(' ')[0]}", "message": message}]
        )
    return ProviderNotConfigured(
        f"extraction_method {method} needs a key that this server does not have; its operator sets {KEY_SETTINGS[name]}."
    )
