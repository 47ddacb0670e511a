"""The query of the list of jobs: what may be asked for, and which filter of the service it means."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from secretary.errors import FieldError, InvalidParameters, UnknownJobType
from secretary.job_types import JobTypes
from secretary.parameters import parse
from secretary.rest.answers import RestStatus
from secretary.store import Cursor, InvalidCursor, JobFilter, PageRequest
from secretary.store.paging import DEFAULT_PAGE, MAX_PAGE

Model = TypeVar("Model", bound=BaseModel)


class JobQuery(BaseModel):
    """Which jobs are wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: RestStatus | None = Field(None, description="Only jobs that read so; `failed` includes cancelled ones.")
    job_type: str | None = Field(None, max_length=100, description="Only jobs of this type.")
    batch_id: str | None = Field(None, max_length=64, description="Only jobs of this batch.")
    user_id: str | None = Field(
        None, max_length=200, description="Only this owner's jobs; others than one's own are seen with an admin key."
    )
    limit: int = Field(DEFAULT_PAGE, ge=1, le=MAX_PAGE, description="How many at most.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")

    def wanted(self, job_types: JobTypes) -> JobFilter:
        """Raises InvalidParameters for a job type that there is not."""
        return JobFilter(
            owner=self.user_id,
            statuses=self.status.meant if self.status else None,
            job_type=self.job_type and _known_type(job_types, self.job_type),
            batch_id=self.batch_id,
        )

    def page(self) -> PageRequest:
        """Raises InvalidParameters for a cursor that was not made here."""
        if self.cursor is None:
            return PageRequest(size=self.limit)
        try:
            return PageRequest(size=self.limit, after=Cursor.decode(self.cursor))
        except InvalidCursor:
            raise _wrong("cursor", "is not a next_cursor of this service") from None


def query_of(request: Request, model: type[Model]) -> Model:
    """The query as a `model`; a name without a value counts as not given. Raises InvalidParameters."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise _wrong(name, "may be given only once")
        if "\0" in value:
            raise _wrong(name, "must not hold a null byte")
        given[name] = value
    return parse(model, {name: value for name, value in given.items() if value or name not in model.model_fields})


def _known_type(job_types: JobTypes, name: str) -> str:
    try:
        return job_types.get(name).name
    except UnknownJobType as error:
        raise _wrong("job_type", error.message) from None


def _wrong(name: str, message: str) -> InvalidParameters:
    return InvalidParameters(f"{name}: {message}", fields=(FieldError((name,), message),))
