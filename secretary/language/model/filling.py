"""The fields of a template out of a text of any length: asked part by part, several at once, and merged."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from typing import Final, Protocol

from secretary.language.model.asking import asked
from secretary.language.model.chat import Chat, Usage
from secretary.language.model.chunks import chunks
from secretary.language.model.merging import merged, parts_to_combine
from secretary.language.model.prompts import Surroundings, ask, combine
from secretary.language.model.questions import Question, Questions, Values
from secretary.providers import LanguageModel

_SIGN_SECONDS: Final = 1.0


class Watched(Protocol):
    """The job, as far as asking a model for minutes concerns it."""

    def sign_of_life(self) -> None: ...

    def warn(self, message: str) -> None: ...


class ModelFilling:
    """Fills fields by a language model. `done(parts, of)` is told after each part."""

    def __init__(
        self, model: LanguageModel, *, answer_seconds: float, job: Watched, done: Callable[[int, int], None]
    ) -> None:
        self._model = model
        self._job = job
        self._done = done
        self._warned: dict[str, None] = {}
        self._chat = Chat(model, answer_seconds)
        self._threads = ThreadPoolExecutor(model.at_once)

    @property
    def usage(self) -> Usage:
        return self._chat.usage

    def fill(self, questions: Sequence[Question], text: str, around: Surroundings) -> Values:
        """Each field's value, empty where the text does not say. Raises AnswerInvalid and the failures of providers."""
        asked_for = Questions(questions)
        parts = list(self._parts(asked_for, text, around))
        values = parts[0] if len(parts) == 1 else self._merged(questions, parts, around)
        for warning in self._warned:
            self._job.warn(warning)
        return values

    def close(self) -> None:
        # What is still on its way is not waited for: its connections are closed under it.
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._chat.close()

    def _parts(self, questions: Questions, text: str, around: Surroundings) -> Iterator[Values]:
        budget = self._model.chunk_characters
        total = sum(1 for _ in chunks(text, budget))
        waiting: deque[Future[Values]] = deque()
        done = 0
        for number, chunk in enumerate(chunks(text, budget), 1):
            messages = ask(questions, chunk, around, part=(number, total))
            waiting.append(self._threads.submit(asked, self._chat, questions, messages, self._warn))
            if len(waiting) >= self._model.at_once:
                yield self._next(waiting)
                done += 1
                self._done(done, total)
        while waiting:
            yield self._next(waiting)
            done += 1
            self._done(done, total)

    def _merged(self, questions: Sequence[Question], parts: Sequence[Values], around: Surroundings) -> Values:
        values: Values = {}
        in_words = []
        for question in questions:
            value = merged(question, [part[question.name] for part in parts])
            values[question.name] = question.empty if value is None else value
            if value is None:
                in_words.append(question)
        return {**values, **self._combined(in_words, parts, around)} if in_words else values

    def _combined(self, questions: Sequence[Question], parts: Sequence[Values], around: Surroundings) -> Values:
        """Answers of parts put together by the model, group by group until one is left."""
        wanted = Questions(questions)
        names = [question.name for question in questions]
        while len(parts) > 1:
            groups = parts_to_combine(names, parts, self._model.chunk_characters)
            waiting = deque(
                self._threads.submit(asked, self._chat, wanted, combine(wanted, group, around), self._warn)
                for group in groups
            )
            parts = [self._next(waiting) for _ in groups]
        return parts[0]

    def _next(self, waiting: "deque[Future[Values]]") -> Values:
        future = waiting.popleft()
        while True:
            try:
                return future.result(_SIGN_SECONDS)
            except StillWaiting:
                if future.done():
                    return future.result()
                self._job.sign_of_life()

    def _warn(self, message: str) -> None:
        # Told by threads: the job is told at the end, by its own.
        self._warned[message] = None
