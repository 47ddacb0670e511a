"""What a server understands of the protocol: asked for the strictest first, stepped down from what it refuses, remembered for a while."""

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from secretary.providers import AnswerFormat, LanguageModel

_REMEMBERED_SECONDS: Final = 3_600.0
_REFUSING: Final = frozenset({400, 404, 415, 422, 501})
_FORMATS: Final[tuple[AnswerFormat, ...]] = ("json_schema", "json_object", "text")
_FORMAT_WORDS: Final = ("response_format", "json_schema", "json_object", "json mode", "structured output")
_OTHER_LIMIT: Final = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How requests to one model of one server are written."""

    answer_format: AnswerFormat
    with_temperature: bool
    limit_name: str
    limit_changed: bool = False

    @classmethod
    def of(cls, model: LanguageModel) -> "Dialect":
        return cls(model.answer_format, model.temperature is not None, model.max_tokens_name)

    def weaker(self, status: int, reason: str) -> "Dialect | None":
        """What to try after this refusal; None when it is not about how the request is written."""
        said = reason.lower()
        if status not in _REFUSING:
            return None
        if self.answer_format != "text" and any(word in said for word in _FORMAT_WORDS):
            return replace(self, answer_format=_FORMATS[_FORMATS.index(self.answer_format) + 1])
        if self.with_temperature and "temperature" in said:
            return replace(self, with_temperature=False)
        if not self.limit_changed and self.limit_name in said:
            return replace(self, limit_name=_OTHER_LIMIT[self.limit_name], limit_changed=True)
        return None

    def body(self, model: LanguageModel, messages: list[dict[str, str]], schema: dict[str, Any]) -> dict[str, Any]:
        """The request, as `POST /chat/completions` takes it."""
        body: dict[str, Any] = {"model": model.model, "messages": messages, self.limit_name: model.max_tokens}
        if self.with_temperature:
            body["temperature"] = model.temperature
        if self.answer_format == "json_schema":
            named = {"name": "fields", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.answer_format == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body


class Dialects:
    """What was learnt of a server and model, for all processes of this installation: a file of its notes, or nothing."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        said = json.dumps([model.url, model.model, asdict(Dialect.of(model))])
        name = hashlib.sha256(said.encode()).hexdigest()[:24]
        self._file = Path(model.notes, f"{name}.dialect") if model.notes else None
        self._learnt: Dialect | None = None

    def known(self) -> Dialect:
        """What was last found to be understood, not longer than an hour ago, or what is set."""
        return self._learnt or self._noted() or Dialect.of(self._model)

    def learn(self, dialect: Dialect) -> None:
        self._learnt = dialect
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({"until": time.time() + _REMEMBERED_SECONDS, **asdict(dialect)}))
        partial.replace(self._file)

    def _noted(self) -> Dialect | None:
        try:
            noted = json.loads(self._file.read_bytes()) if self._file else None
            return Dialect(**noted) if noted and time.time() < noted.pop("until") else None
        except (OSError, ValueError, TypeError, KeyError):
            # Never written, or by another version: it is learnt anew.
            return None
