"""The SQL tables. A job's row is the truth about it; Redis only carries the news."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from secretary.jobs import JobStatus, Progress


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite has no zones, so it stores UTC without one; every value that comes out is aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StatusColumn(TypeDecorator[JobStatus]):
    """A JobStatus kept as its word, so that a new status needs no change of the column's type."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: JobStatus | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> JobStatus | None:  # noqa: ARG002
        return None if value is None else JobStatus(value)


def json_type() -> TypeEngine[Any]:
    """JSON, as PostgreSQL's binary form where there is one; None is stored as SQL's NULL."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def row_number_type() -> TypeEngine[int]:
    # SQLite numbers rows by itself only in a column declared exactly INTEGER.
    return BigInteger().with_variant(Integer(), "sqlite")


class JobRow(SQLModel, table=True):
    """One job. Writes of a running attempt carry `attempt` and `claim_token`, so that a worker that lost it changes nothing."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "job_due",
            "queue",
            text("priority DESC"),
            "run_at",
            "id",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(
            "job_processing",
            "worker_id",
            postgresql_where=text("status = 'processing'"),
            sqlite_where=text("status = 'processing'"),
        ),
        Index("job_owner_created", "owner", "created_at", "id"),
        Index("job_created", "created_at", "id"),
        Index("job_updated", "updated_at", "id"),
        Index(
            "job_owner_pending",
            "owner",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
        Index(
            "job_owner_stored",
            "owner",
            "stored_bytes",
            postgresql_where=text("stored_bytes > 0"),
            sqlite_where=text("stored_bytes > 0"),
        ),
        Index("job_completed", "completed_at", "id"),
        # All that statistics read of a job that has ended: they never come to its row.
        Index(
            "job_ended",
            "completed_at",
            "owner",
            "status",
            "job_type",
            "started_at",
            postgresql_where=text("completed_at IS NOT NULL"),
            sqlite_where=text("completed_at IS NOT NULL"),
        ),
        Index("job_upload", "upload_id"),
        Index("job_batch", "batch_id", "batch_index"),
        Index("job_batch_status", "batch_id", "status"),
    )

    id: str = Field(primary_key=True, max_length=64)
    job_type: str = Field(max_length=100)
    name: str | None = Field(default=None, max_length=500)
    owner: str = Field(max_length=200)
    queue: str = Field(default="default", max_length=100)
    priority: int = 0
    status: JobStatus = Field(default=JobStatus.PENDING, sa_column=Column(StatusColumn(), nullable=False))
    step: str = Field(default="pending", max_length=100)
    percent: int = 0
    message: str | None = Field(default=None, sa_column=Column(Text))
    sequence: int = 1
    attempt: int = 0
    max_attempts: int = 3
    run_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    worker_id: str | None = Field(default=None, max_length=64)
    claim_token: str | None = Field(default=None, max_length=64)
    batch_id: str | None = Field(default=None, max_length=64)
    batch_index: int | None = None
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    completed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    from_cache: bool = False
    upload_id: str | None = Field(default=None, max_length=64)
    error_code: str | None = Field(default=None, max_length=64)
    error_message: str | None = Field(default=None, sa_column=Column(Text))
    error_details: Any = Field(default=None, sa_column=Column(json_type()))
    target_dir: str | None = Field(default=None, sa_column=Column(Text))
    archive: str | None = Field(default=None, sa_column=Column(Text))
    stored_bytes: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, default=0, server_default="0"))
    files: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(json_type(), nullable=False))
    warnings: list[str] = Field(default_factory=list, sa_column=Column(json_type(), nullable=False))
    parameters: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    results: dict[str, Any] | None = Field(default=None, sa_column=Column(json_type()))


def progress_of(row: JobRow) -> Progress:
    """The row's state as an event."""
    return Progress(
        job_id=row.id,
        sequence=row.sequence,
        attempt=row.attempt,
        status=row.status,
        step=row.step,
        percent=row.percent,
        message=row.message,
        timestamp=row.updated_at,
        owner=row.owner,
        job_type=row.job_type,
        batch_id=row.batch_id,
    )


def at(row: JobRow, progress: Progress) -> JobRow:
    """A copy of the row as it was in the state `progress` tells of, without what else may have changed."""
    told = {"status": progress.status, "sequence": progress.sequence, "step": progress.step}
    more = {"percent": progress.percent, "message": progress.message, "updated_at": progress.timestamp}
    kept = {name: value for name, value in row.__dict__.items() if name in JobRow.model_fields}
    return JobRow(**{**kept, **told, **more})


class BatchRow(SQLModel, table=True):
    """A named set of jobs created together; its counts and status are read from its jobs."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("batch_owner_created", "owner", "created_at", "id"),
        Index("batch_created", "created_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=64)
    name: str | None = Field(default=None, max_length=500)
    owner: str = Field(max_length=200)
    job_count: int
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    webhook: dict[str, Any] | None = Field(default=None, sa_column=Column(json_type()))


class JobLogRow(SQLModel, table=True):
    """One line of a job's log; `id` is the cursor."""

    __tablename__ = "job_log"
    __table_args__ = (Index("job_log_job", "job_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(row_number_type(), primary_key=True, autoincrement=True))
    job_id: str = Field(max_length=64)
    attempt: int
    timestamp: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    level: str = Field(max_length=16)
    message: str = Field(sa_column=Column(Text, nullable=False))


class ApiKeyRow(SQLModel, table=True):
    """An API key: only its SHA-256 is kept, and its first characters to recognise it by."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(max_length=200)
    is_admin: bool = False
    key_hash: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=16)
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))


class WorkerRow(SQLModel, table=True):
    """A worker process that shows it is alive by renewing `last_seen_at`: the lease on all jobs it runs."""

    __tablename__ = "worker"

    id: str = Field(primary_key=True, max_length=64)
    host: str = Field(max_length=255)
    pid: int
    started_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    last_seen_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))


class IdempotencyRow(SQLModel, table=True):
    """What an owner's idempotency key was used for, and a hash of the body it came with."""

    __tablename__ = "idempotency"
    __table_args__ = (Index("idempotency_target", "target_id"),)

    owner: str = Field(primary_key=True, max_length=200)
    key: str = Field(primary_key=True, max_length=255)
    request_hash: str = Field(max_length=64)
    target_id: str = Field(max_length=64)
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))


class UploadRow(SQLModel, table=True):
    """A file an owner sent. Rows with the same bytes share what lies at `stored`; `touched_at` is when it was last sent or used."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("upload_bytes", "owner", "sha256", "name", unique=True),
        Index("upload_name", "owner", "name", "touched_at"),
        Index("upload_touched", "touched_at", "id"),
    )

    id: str = Field(primary_key=True, max_length=64)
    owner: str = Field(max_length=200)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    sha256: str = Field(max_length=64)
    stored: str = Field(max_length=64)
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    touched_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))


class GoneRow(SQLModel, table=True):
    """A job, batch or upload that is no more: what still lies of it somewhere and has to go, and whether its id answers 410."""

    __tablename__ = "gone"
    __table_args__ = (
        Index("gone_unfinished", "gone_at", postgresql_where=text("unfinished"), sqlite_where=text("unfinished")),
        Index("gone_at", "gone_at"),
    )

    id: str = Field(primary_key=True, max_length=64)
    owner: str = Field(max_length=200)
    expired: bool
    unfinished: bool
    stored: str | None = Field(default=None, max_length=64)
    gone_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
