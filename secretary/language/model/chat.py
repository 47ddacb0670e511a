"""One question to a chat model behind an OpenAI-compatible server: its answer's text, or a code and a sentence."""

import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from secretary.errors import ProviderFailed
from secretary.fetching import ProviderClient, RequestRefused
from secretary.language.model.dialects import Dialect, Dialects
from secretary.language.turns import Turns
from secretary.providers import LanguageModel

Message = dict[str, str]
Schema = dict[str, Any]

_LONGEST_REFUSAL: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said. `is_cut` tells that it stopped before its end."""

    text: str
    is_cut: bool


@dataclass(slots=True)
class Usage:
    """What filling a template took: requests, seconds from the first to the last answer, tokens as far as the server counts
    them, and the model that it says has answered."""

    requests: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float = 0.0
    model: str | None = None
    temperature: float | None = None


class Chat:
    """For several threads."""

    def __init__(self, model: LanguageModel, answer_seconds: float) -> None:
        self._model = model
        self._dialects = Dialects(model)
        self._turns = Turns(model)
        self._client = ProviderClient(
            "The language model",
            "SECRETARY_LLM",
            url=model.url,
            key=model.key,
            answer_seconds=answer_seconds,
            task="the request",
        )
        self._counting = threading.Lock()
        self._begun = time.monotonic()
        self.usage = Usage(model=model.model)

    def ask(self, messages: list[Message], schema: Schema) -> Answer:
        """Raises ProviderFailed, ProviderRefused, ProviderBusy, ProviderResting, or TurnsClosed when the job has ended."""
        with self._turns.one():
            answer = self._answered(messages, schema)
        choices = answer.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(message, dict):
            raise self._client.failed("answered something that is no chat completion")
        return Answer(self._text(message, choice.get("finish_reason")), choice.get("finish_reason") == "length")

    def close(self) -> None:
        self._turns.close()
        self._client.close()

    def _answered(self, messages: list[Message], schema: Schema) -> dict[str, Any]:
        """The answer in the strictest form that the server takes."""
        dialect = self._dialects.known()
        while True:
            try:
                answer = self._client.post("/chat/completions", dialect.body(self._model, messages, schema))
            except RequestRefused as refused:
                weaker = dialect.weaker(refused.status, refused.reason)
                if weaker is None:
                    raise
                dialect = weaker
                self._dialects.learn(dialect)
            else:
                self._count(answer, dialect)
                return answer

    def _count(self, answer: dict[str, Any], dialect: Dialect) -> None:
        used = answer.get("usage")
        model = answer.get("model")
        with self._counting:
            self.usage.requests += 1
            self.usage.seconds = round(time.monotonic() - self._begun, 3)
            self.usage.temperature = self._model.temperature if dialect.with_temperature else None
            if isinstance(model, str) and model:
                self.usage.model = model[:200].encode("ascii", "replace").decode()
            if isinstance(used, dict):
                self.usage.prompt_tokens = _sum(self.usage.prompt_tokens, used.get("prompt_tokens"))
                self.usage.completion_tokens = _sum(self.usage.completion_tokens, used.get("completion_tokens"))

    def _text(self, message: dict[str, Any], finish_reason: Any) -> str:
        if message.get("refusal"):
            said = " ".join(str(message["refusal"]).split())[:_LONGEST_REFUSAL]
            raise self._client.failed(f"refused to answer: {said.rstrip('.')}")
        if finish_reason == "content_filter":
            raise self._client.failed("withheld its answer by its content filter")
        content = message.get("content")
        if not isinstance(content, str) or not content.strip():
            raise self._empty(finish_reason)
        return content.strip()

    def _empty(self, finish_reason: Any) -> ProviderFailed:
        if finish_reason == "length":
            return self._client.failed(
                f"used up its {self._model.max_tokens:,} tokens before it answered; the operator of this server raises "
                "SECRETARY_LLM_MAX_TOKENS"
            )
        return self._client.failed("answered without any text")


def _sum(before: int | None, more: Any) -> int | None:
    return (before or 0) + more if isinstance(more, int) and more >= 0 else before
