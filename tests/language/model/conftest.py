"""A language model behind a server of these tests, and a job that keeps what it is told."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from secretary.fetching import provider_client
from secretary.language.model.filling import ModelFilling
from secretary.language.model.prompts import Surroundings
from secretary.language.model.questions import Question, Values
from secretary.providers import LanguageModel
from tests.documents.remote.provider_servers import Server, serving
from tests.language.model.chat_model import extracting

KEY = "very-secret-key"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(provider_client, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(extracting) as made:
        yield made


@dataclass
class ModelJob:
    """Asks the model as a job does."""

    model: LanguageModel
    answer_seconds: float = 20.0
    warnings: list[str] = field(default_factory=list)
    done: list[tuple[int, int]] = field(default_factory=list)
    signs: int = 0
    usage: Any = None

    def sign_of_life(self) -> None:
        self.signs += 1

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def fill(self, text: str, *questions: Question, **around: Any) -> Values:
        filling = ModelFilling(
            self.model,
            answer_seconds=self.answer_seconds,
            job=self,
            done=lambda number, of: self.done.append((number, of)),
        )
        with closing(filling):
            values = filling.fill(questions or (Question("Topic", "What is it about?"),), text, Surroundings(**around))
            self.usage = filling.usage
        return values


@pytest.fixture
def job(server: Server, tmp_path: Path) -> Any:
    def make(answer_seconds: float = 20.0, **more: Any) -> ModelJob:
        given = {"url": server.url, "key": KEY, "model": "m-1", "notes": str(tmp_path / "notes"), **more}
        return ModelJob(LanguageModel.model_validate(given), answer_seconds)

    return make
