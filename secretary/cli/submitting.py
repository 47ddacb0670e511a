"""From what is given to jobs: files are sent first, then each becomes a job, or all of them one batch."""

import contextlib
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from secretary.cli.inputs import Given
from secretary.cli.parameters import joined, parameters_of
from secretary.cli.remote.client import Client, Refused
from secretary.cli.remote.uploads import Sent, upload
from secretary.cli.speaking import err, one_line
from secretary.up.failures import CannotStart

_OF_ONE_FILE: Final = frozenset(
    {"INVALID_FILE", "TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "URL_NOT_ALLOWED", "FETCH_FAILED"}
)
"""Refusals that the next file need not meet."""
_TEMPLATES: Final = frozenset({"template", "template_content"})
_PLACE: Final = re.compile(r"^jobs\.(\d+)\.")
_WORTH_A_BAR: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beside the inputs."""

    job_type: str | None
    options: Mapping[str, Any]
    params: Sequence[str]
    language: str | None
    name: str | None
    priority: int | None


@dataclass(slots=True)
class Submitted:
    """What came of one input."""

    given: Given | None
    job_id: str | None = None
    refusal: str | None = None
    body: dict[str, Any] = field(default_factory=dict)


class Submitting:
    """One command's work against one service."""

    def __init__(self, client: Client, wishes: Wishes) -> None:
        self._client = client
        self._wishes = wishes
        found = client.ask("JobTypes")
        self._schemas: dict[str, Mapping[str, Any]] = {one["name"]: one["parametersSchema"] for one in found}

    def bodies(self, inputs: Sequence[Given]) -> list[Submitted]:
        """Each job as it will be asked for, without its file: what is wrong with the words is told before anything is sent."""
        return [Submitted(given, body=self._body(given)) for given in inputs or (None,)]

    def each(self, wanted: Sequence[Submitted], *, tell: Callable[[Submitted], None]) -> None:
        """A job of each; one that is refused for its file's sake does not hold up the others."""
        with _sending(wanted) as sent:
            for one in wanted:
                try:
                    self._add_input(one, sent)
                    created = self._client.call("POST", "/api/jobs/", json=one.body, headers=_once())
                    one.job_id = created["job_id"]
                except Refused as refused:
                    if refused.code not in _OF_ONE_FILE or len(wanted) == 1:
                        raise
                    one.refusal = str(refused)
                tell(one)

    def batch(self, wanted: Sequence[Submitted], name: str) -> Any:
        """One batch of all, or none; raises Refused."""
        with _sending(wanted) as sent:
            for one in wanted:
                try:
                    self._add_input(one, sent)
                except Refused as refused:
                    raise Refused(refused.code, f"{_called(one)}: {refused} No batch was created.") from None
        body = {"batch_name": name, "jobs": [one.body for one in wanted]}
        try:
            return self._client.call("POST", "/api/jobs/batch", json=body, headers=_once())
        except Refused as refused:
            raise Refused(refused.code, _by_name(str(refused), wanted)) from None

    def _body(self, given: Given | None) -> dict[str, Any]:
        wishes = self._wishes
        job_type = wishes.job_type or (given.job_type if given else "pdf")
        schema = self._schemas.get(job_type)
        options = dict(wishes.options)
        if wishes.language is not None:
            takes_language = schema is None or "language" in schema.get("properties", {})
            options["language" if takes_language else "target_language"] = wishes.language
        body: dict[str, Any] = {
            "job_type": job_type,
            "parameters": joined(options, parameters_of(wishes.params, schema)),
        }
        if given is not None:
            self._input_field(given, job_type)
            if job_type == "transformer" and not _TEMPLATES & body["parameters"].keys():
                raise CannotStart(
                    f"{given.name} needs a template to fill, such as --template Summary; `secretary template list` shows all."
                )
        if name := wishes.name or (given.name if given else None):
            body["job_name"] = name
        if wishes.priority is not None:
            body["priority"] = wishes.priority
        return body

    def _add_input(self, one: Submitted, sent: Sent) -> None:
        if one.given is None:
            return
        field_name = self._input_field(one.given, one.body["job_type"])
        value = one.given.url
        if field_name == "text":
            value = one.given.text()
        elif field_name == "filename":
            assert one.given.path is not None
            value = upload(self._client, one.given.path, one.given.name, sent=sent)
        one.body["parameters"] = joined({field_name: value}, one.body["parameters"])

    def _input_field(self, given: Given, job_type: str) -> str:
        """The parameter that takes this input; raises CannotStart when the job type has none for it."""
        schema = self._schemas.get(job_type)
        if schema is None:
            # Such as a historical name; the service knows it or says that there is none.
            return "url" if given.url else ("text" if given.is_text else "filename")
        takes = set(schema.get("properties", {}))
        if job_type == "session":
            # Its filename is what the report is called.
            takes -= {"filename"}
        wanted = ("url",) if given.url else (("text", "filename") if given.is_text else ("filename",))
        for name in wanted:
            if name in takes:
                return name
        kind = "web address" if given.url else ("text" if given.is_text else "file")
        hint = (
            " A pdf job fills a template from a PDF: --type pdf --template NAME." if job_type == "transformer" else ""
        )
        raise CannotStart(f"A {job_type} job takes no {kind} such as {given.name}.{hint}")


def _called(one: Submitted) -> str:
    return one.given.name if one.given else "The job"


def _by_name(sentence: str, wanted: Sequence[Submitted]) -> str:
    """A refusal that counts the batch's jobs, told by the file's name."""
    return _PLACE.sub(lambda found: f"{_called(wanted[int(found[1])])}: ", sentence)


def _once() -> dict[str, str]:
    """So that a call that is made again, as its answer was lost, does not do its work twice."""
    return {"Idempotency-Key": str(uuid.uuid4())}


@contextlib.contextmanager
def _sending(wanted: Sequence[Submitted]) -> Iterator[Sent]:
    """A bar on standard error for what takes a while."""
    paths = [one.given.path for one in wanted if one.given and one.given.path]
    total = sum(path.stat().st_size for path in paths)
    if total < _WORTH_A_BAR or not err.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), DownloadColumn(), TransferSpeedColumn())
    called = one_line(paths[0].name) if len(paths) == 1 else f"{len(paths)} files"
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(f"Sending {called}".replace("[", r"\["), total=total)
        yield lambda size: progress.advance(task, size)
