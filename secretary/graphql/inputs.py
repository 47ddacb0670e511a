"""What a mutation takes, and its way to the requests both doors share: the same models validate it, and what they find
wrong is named by the place it has in this input."""

import dataclasses
import re
from functools import partial
from typing import Any, Final

import strawberry
from strawberry.scalars import JSON
from strawberry.utils.str_converters import to_camel_case

from secretary.errors import FieldError
from secretary.graphql.webhooks import WebhookInput
from secretary.job_types import PDF, SESSION, TRANSFORMER
from secretary.jobs import MAX_ATTEMPTS, MAX_BATCH_JOBS, PRIORITY_LIMIT
from secretary.parameters import (
    ExtractionMethod,
    JobRequest,
    Parameters,
    PdfParameters,
    SessionParameters,
    TransformerParameters,
)

_DEFAULTS: Final = {name: field.default for name, field in JobRequest.model_fields.items()}
_MODELS: Final = (PdfParameters, SessionParameters, TransformerParameters, JobRequest)
_TWO_WORDS: Final = {name for model in _MODELS for name in model.model_fields if "_" in name}
_SNAKE_NAMES: Final = re.compile(rf"\b({'|'.join(sorted(_TWO_WORDS, key=len, reverse=True))})\b")
_NAMES: Final = {"job_name": "name", "batch_name": "name"}


def _optional(model: type[Parameters], name: str) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=model.model_fields[name].description)


_pdf = partial(_optional, PdfParameters)
_session = partial(_optional, SessionParameters)
_transformer = partial(_optional, TransformerParameters)


@strawberry.input(description="A pdf job: text, tables, page images and metadata of a PDF.")
class PdfInput:
    filename: str | None = _pdf("filename")
    url: str | None = _pdf("url")
    extraction_method: ExtractionMethod | None = _pdf("extraction_method")
    language: list[str] | None = _pdf("language")
    template: str | None = _pdf("template")
    context: JSON | None = _pdf("context")
    target_language: str | None = _pdf("target_language")
    use_cache: bool | None = _pdf("use_cache")
    force_refresh: bool | None = _pdf("force_refresh")
    include_images: bool | None = _pdf("include_images")
    include_tables: bool | None = _pdf("include_tables")
    include_markdown: bool | None = _pdf("include_markdown")
    page_start: int | None = _pdf("page_start")
    page_end: int | None = _pdf("page_end")
    password: str | None = _pdf("password")
    webhook: WebhookInput | None = _pdf("webhook")


def _required(model: type[Parameters], name: str) -> Any:
    return strawberry.field(description=model.model_fields[name].description)


@strawberry.input(description="A session job: a conference session's page, video and slides as one Markdown report.")
class SessionInput:
    event: str = _required(SessionParameters, "event")
    session: str = _required(SessionParameters, "session")
    url: str = _required(SessionParameters, "url")
    filename: str = _required(SessionParameters, "filename")
    track: str = _required(SessionParameters, "track")
    day: str | None = _session("day")
    starttime: str | None = _session("starttime")
    endtime: str | None = _session("endtime")
    speakers: list[str] | None = _session("speakers")
    video_url: str | None = _session("video_url")
    video_transcript: str | None = _session("video_transcript")
    attachments_url: list[str] | None = _session("attachments_url")
    source_language: str | None = _session("source_language")
    target_language: str | None = _session("target_language")
    template: str | None = _session("template")
    create_archive: bool | None = _session("create_archive")
    use_cache: bool | None = _session("use_cache")
    webhook: WebhookInput | None = _session("webhook")


@strawberry.input(description="A transformer job: a template filled from a text, a web page or a PDF.")
class TransformerInput:
    text: str | None = _transformer("text")
    url: str | None = _transformer("url")
    template: str | None = _transformer("template")
    template_content: str | None = _transformer("template_content")
    context: JSON | None = _transformer("context")
    source_language: str | None = _transformer("source_language")
    target_language: str | None = _transformer("target_language")
    use_cache: bool | None = _transformer("use_cache")
    force_refresh: bool | None = _transformer("force_refresh")
    webhook: WebhookInput | None = _transformer("webhook")


@strawberry.input(description="A job of any type, also of one that a package added.")
class CustomJobInput:
    job_type: str = strawberry.field(description="The job type; see jobTypes.")
    parameters: JSON = strawberry.field(description="An object, as the job type's parametersSchema describes it.")


@strawberry.input(one_of=True, description="What to do: exactly one of these.")
class JobInput:
    pdf: PdfInput | None = strawberry.field(default=strawberry.UNSET, description="A PDF.")
    session: SessionInput | None = strawberry.field(
        default=strawberry.UNSET, description="A conference session's page, video and slides."
    )
    transformer: TransformerInput | None = strawberry.field(
        default=strawberry.UNSET, description="A text, web page or PDF, and a template."
    )
    custom: CustomJobInput | None = strawberry.field(default=strawberry.UNSET, description="A job of any type.")

    def to_request(self) -> dict[str, Any]:
        if self.custom:
            return {"job_type": self.custom.job_type, "parameters": self.custom.parameters}
        if self.session:
            return {"job_type": SESSION.name, "parameters": _given(self.session)}
        if self.transformer:
            return {"job_type": TRANSFORMER.name, "parameters": _given(self.transformer)}
        return {"job_type": PDF.name, "parameters": _given(self.pdf) if self.pdf else {}}

    @property
    def member(self) -> str:
        """Which one was given."""
        members = {"custom": self.custom, "session": self.session, "transformer": self.transformer}
        return next((name for name, given in members.items() if given), "pdf")


@strawberry.input(description="One job to create.")
class CreateJobInput:
    job: JobInput = strawberry.field(description="What to do.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="A name to find the job by.")
    user_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The owner; only an admin key may name another than its own."
    )
    priority: int = strawberry.field(
        default=0, description=f"Higher runs earlier; -{PRIORITY_LIMIT} to {PRIORITY_LIMIT}."
    )
    max_attempts: int = strawberry.field(
        default=3, description=f"How often a transient failure is tried in all, 1 to {MAX_ATTEMPTS}."
    )
    idempotency_key: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The same key with the same input gives the same job back. Not for a job in a batch.",
    )

    def to_request(self) -> dict[str, Any]:
        """A JobRequest's fields, without those that say what it says by itself."""
        request = {
            "job_name": self.name or None,
            "user_id": self.user_id,
            "priority": self.priority,
            "max_attempts": self.max_attempts,
        }
        given = {name: value for name, value in request.items() if value not in (_DEFAULTS[name], strawberry.UNSET)}
        return {**self.job.to_request(), **given}

    def translated(self, error: FieldError) -> FieldError:
        """An error of this job's request, named by its place in this input."""
        head, *rest = error.path or ("",)
        if head == "parameters" and self.job.custom:
            return FieldError(("job", "custom", "parameters", *rest), error.message)
        if head == "parameters":
            place = ("job", self.job.member, *(to_camel_case(name) for name in rest[:1]), *rest[1:])
        elif head == "job_type":
            place = ("job", "custom", "jobType")
        else:
            place = tuple(_in_input(name) for name in error.path)
        return FieldError(place, _in_words(error.message))


@strawberry.input(description="A batch to create: all its jobs, or none.")
class CreateBatchInput:
    name: str | None = strawberry.field(default=strawberry.UNSET, description="A name to find the batch by.")
    webhook: WebhookInput | None = strawberry.field(
        default=strawberry.UNSET, description="Who is told, once, when the batch has ended."
    )
    jobs: list[CreateJobInput] = strawberry.field(description=f"The jobs, 1 to {MAX_BATCH_JOBS:,}, all of one owner.")
    idempotency_key: str | None = strawberry.field(
        default=strawberry.UNSET, description="The same key with the same input gives the same batch back."
    )

    def to_request(self) -> dict[str, Any]:
        request = {"batch_name": self.name or None, "jobs": [job.to_request() for job in self.jobs]}
        return {**request, "webhook": self.webhook.to_parameters()} if self.webhook else request

    def own_errors(self) -> list[FieldError]:
        """What the service could not see: a key given for a single job would have no effect."""
        message = "a job in a batch has no key of its own; give one for the batch"
        return [
            FieldError(("jobs", str(index), "idempotencyKey"), message)
            for index, job in enumerate(self.jobs)
            if job.idempotency_key
        ]

    def translated(self, error: FieldError) -> FieldError:
        """An error of this batch's request, named by its place in this input."""
        if len(error.path) > 2 and error.path[0] == "jobs":  # noqa: PLR2004  # jobs, place, field
            job = self.jobs[int(error.path[1])]
            return job.translated(FieldError(error.path[2:], error.message)).under(*error.path[:2])
        return FieldError(tuple(_in_input(name) for name in error.path), _in_words(error.message))


def _given(data: Any) -> dict[str, Any]:
    """Only what was given: the model knows the defaults, and the request's hash must not depend on the door."""
    given = {field.name: getattr(data, field.name) for field in dataclasses.fields(data)}
    if data.webhook:
        given["webhook"] = data.webhook.to_parameters()
    return {name: value for name, value in given.items() if value is not None and value is not strawberry.UNSET}


def _in_input(name: str) -> str:
    return _NAMES.get(name) or to_camel_case(name)


def _in_words(message: str) -> str:
    return _SNAKE_NAMES.sub(lambda found: _in_input(found[0]), message)
