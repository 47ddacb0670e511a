"""A template out of a text, whoever fills its fields: the language model where one is set up, the built-in rules where none is."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from secretary.language.filled import Filled, Usage, Value
from secretary.language.harmless import harmless_value
from secretary.language.model.asking import AnswerInvalid
from secretary.language.model.filling import ModelFilling
from secretary.language.model.prompts import Surroundings
from secretary.language.model.questions import Question
from secretary.language.rules import fill_by_rules
from secretary.language.templates import Template, render, render_system_prompt
from secretary.providers import LanguageModel, Providers
from secretary.results.filling import FilledTemplate, ModelUsage, TemplateFilling, TextPlace

RAW_ANSWER: Final = "model-answer.txt"
_BY_RULES: Final = (
    "No language model is set up: the built-in rules filled the fields with what they found in the text, word for word. "
    "An operator sets SECRETARY_LLM_MODEL to have them answered."
)


class Job(Protocol):
    """The job that wants the template."""

    @property
    def directory(self) -> Path: ...

    @property
    def providers(self) -> Providers: ...

    def report(self, step: str, percent: int, message: str) -> None: ...

    def sign_of_life(self) -> None: ...

    def log(self, level: Literal["debug", "info", "warning", "error"], message: str) -> None: ...

    def warn(self, message: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Transformation:
    """What to make: the template, the text, what the caller says of it, and the languages."""

    template: Template
    text: str
    context: Mapping[str, Any] = field(default_factory=dict)
    source_language: str | None = None
    target_language: str | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)
    """The job's parameters, which the template may name; the context comes before them."""
    harmless: bool = False
    """Whether answers are written without HTML and without links that lead elsewhere than to the web."""

    @property
    def wants_translation(self) -> bool:
        wanted, there = self.target_language, self.source_language
        return wanted is not None and (there is None or _primary(wanted) != _primary(there))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The step of the job in which the template is filled, and its percents."""

    step: str
    begin: int
    end: int


def transform(order: Transformation, job: Job, stretch: Stretch) -> FilledTemplate:
    """The filled template. Raises the failures of providers, and AnswerInvalid after leaving the model's words as a file."""
    for note in order.template.notes:
        job.log("info", note)
    filled = _filled(order, job, stretch)
    for note in filled.notes:
        job.log("info", note)
    if filled.unfilled:
        job.log("info", f"Nothing was found for: {', '.join(filled.unfilled)}.")
    variables = {**order.variables, **order.context}
    values = {name: harmless_value(value) for name, value in filled.values.items()} if order.harmless else filled.values
    text = render(order.template, values, variables, order.text)
    return FilledTemplate(transformed_text=text, template_fields=dict(filled.values), filling=_told(filled, order))


def _filled(order: Transformation, job: Job, stretch: Stretch) -> Filled:
    model = job.providers.llm
    if not order.template.fields:
        return Filled(values={}, provider="none", generated=False)
    if model is not None:
        return _by_model(order, model, job, stretch)
    job.log("info", _BY_RULES)
    if order.wants_translation:
        job.warn(
            f"Nothing was translated into {order.target_language}: that takes a language model, and none is set up. "
            "The values are in the language of the text."
        )
    return fill_by_rules(order.template, order.text)


def _by_model(order: Transformation, model: LanguageModel, job: Job, stretch: Stretch) -> Filled:
    questions = [Question(each.name, each.question, each.many) for each in order.template.fields]

    def done(parts: int, of: int) -> None:
        percent = stretch.begin + (stretch.end - stretch.begin) * parts // of
        job.report(stretch.step, percent, f"Part {parts} of {of}" if of > 1 else "The language model has answered")

    filling = ModelFilling(model, answer_seconds=job.providers.answer_seconds, job=job, done=done)
    try:
        with closing(filling):
            values = filling.fill(questions, order.text, _surroundings(order))
    except AnswerInvalid as invalid:
        (job.directory / RAW_ANSWER).write_text(invalid.raw, encoding="utf-8", errors="replace")
        raise
    used = filling.usage
    job.log("info", f"The fields were filled by {used.model} in {used.requests} requests.")
    return Filled(
        values={name: value or None for name, value in values.items()},
        provider="llm",
        generated=True,
        unfilled=tuple(name for name, value in values.items() if not value),
        usage=Usage(used.requests, used.prompt_tokens, used.completion_tokens, used.seconds, used.temperature),
        model=used.model,
    )


def _surroundings(order: Transformation) -> Surroundings:
    known = {**order.variables, **order.context}
    language = order.target_language or order.source_language or "the language of the text"
    return Surroundings(
        system_prompt=render_system_prompt(order.template, known, target_language=language),
        context=order.context,
        source_language=order.source_language,
        target_language=order.target_language,
    )


def _told(filled: Filled, order: Transformation) -> TemplateFilling:
    places = {
        name: [TextPlace(start=place.start, end=place.end, line=place.line) for place in found]
        for name, found in filled.places.items()
    }
    return TemplateFilling(
        template=order.template.name,
        provider=filled.provider,
        generated=filled.generated,
        model=filled.model,
        unfilled=list(filled.unfilled),
        places=places,
        notes=list(filled.notes),
        usage=ModelUsage.model_validate(asdict(filled.usage)) if filled.usage else None,
        translated=filled.generated and order.wants_translation,
        characters=len(order.text),
    )


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
