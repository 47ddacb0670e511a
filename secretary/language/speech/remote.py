"""A speech provider behind an OpenAI-compatible server, sent one part of the sound at a time."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from secretary.fetching import ProviderClient, RequestRefused
from secretary.language.speech.transcript import Segment
from secretary.language.turns import Turns
from secretary.providers import SpeechModel

_REFUSING: Final = frozenset({400, 415, 422})
_LONGEST_TEXT: Final = 1_000_000


class SpeechService:
    """For several threads."""

    def __init__(self, model: SpeechModel, answer_seconds: float) -> None:
        self._model = model
        self._turns = Turns(model)
        self._with_times = threading.Event()
        self._with_times.set()
        self._client = ProviderClient(
            "The speech provider",
            "SECRETARY_SPEECH",
            url=model.url,
            key=model.key,
            answer_seconds=answer_seconds,
            task="the sound",
        )

    def hear(self, part: Path, *, start: float, end: float, language: str | None) -> tuple[Segment, ...]:
        """What is said in a part that lasts from `start` to `end` seconds. Raises the failures of providers."""
        with self._turns.one():
            answer = self._answer(part, language)
        if isinstance(answer.get("segments"), list):
            return tuple(_segments(answer["segments"], start, end))
        text = answer.get("text")
        if not isinstance(text, str):
            raise self._client.failed("answered something that is no transcription")
        said = " ".join(text[:_LONGEST_TEXT].split())
        return (Segment(start, end, said),) if said else ()

    def close(self) -> None:
        self._turns.close()
        self._client.close()

    def _answer(self, part: Path, language: str | None) -> dict[str, Any]:
        """With times where the model tells them: newer ones answer the plain form only."""
        if self._with_times.is_set():
            try:
                return self._sent(part, language, "verbose_json")
            except RequestRefused as refused:
                about_times = any(word in refused.reason.lower() for word in ("response_format", "verbose_json"))
                if refused.status not in _REFUSING or not about_times:
                    raise
                self._with_times.clear()
        return self._sent(part, language, "json")

    def _sent(self, part: Path, language: str | None, answer_format: str) -> dict[str, Any]:
        fields = {"model": self._model.model, "response_format": answer_format}
        if language is not None:
            fields["language"] = language
        return self._client.upload(
            "/audio/transcriptions", fields, filename=part.name, data=part.read_bytes(), media_type="audio/mpeg"
        )


def _segments(told: list[Any], start: float, end: float) -> Iterator[Segment]:
    """Those with words in them, at their times in the whole video."""
    for each in told:
        text = each.get("text") if isinstance(each, dict) else None
        if not isinstance(text, str) or not (said := " ".join(text[:_LONGEST_TEXT].split())):
            continue
        began, ended = (_seconds(each.get(name)) for name in ("start", "end"))
        at = start if began is None else min(start + began, end)
        yield Segment(at, end if ended is None else min(max(at, start + ended), end), said)


def _seconds(value: Any) -> float | None:
    is_time = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
    return float(value) if is_time else None
