"""The SQL tables of webhooks: what an owner is to be told, and each attempt at telling it. `docs/decisions/0012` says why so."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from secretary.models import UtcDateTime, json_type, row_number_type

_WAITING: Final = text("status = 'pending' AND claim_token IS NULL")
_IN_FLIGHT: Final = text("claim_token IS NOT NULL")


class Phase(StrEnum):
    """What a delivery tells; contract section 6."""

    PROCESSING = "processing"
    """How far a job is: one row for each job, overwritten, so that the newest wins."""
    COMPLETED = "completed"
    """A job completed, or a batch of which at least one job did."""
    ERROR = "error"
    """A job failed or was cancelled, or no job of a batch completed."""


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    """Waiting for its first or next attempt, or on its way."""
    DELIVERED = "delivered"
    """The receiver answered 2xx."""
    FAILED = "failed"
    """Given up: tried for a day, or the receiver answered 410; `redeliverWebhook` begins again. Progress is tried once."""
    SUPERSEDED = "superseded"
    """Overtaken before it arrived: progress by the end, an end by a retry."""


class DeliveryRow(SQLModel, table=True):
    """One delivery; its `id` is the `webhook-id`, the same for each attempt. Whoever sends it holds `claim_token`."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("webhook_due", "rank", "run_at", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("webhook_in_flight", "host", "target_id", postgresql_where=_IN_FLIGHT, sqlite_where=_IN_FLIGHT),
        Index("webhook_target", "target_id", "id"),
        Index("webhook_updated", "updated_at", "id"),
        Index("webhook_status", "status"),
    )

    id: str = Field(primary_key=True, max_length=64)
    target_id: str = Field(max_length=64)
    owner: str = Field(max_length=200)
    phase: str = Field(max_length=16)
    status: str = Field(default=DeliveryStatus.PENDING.value, max_length=16)
    rank: int = 0
    url: str = Field(sa_column=Column(Text, nullable=False))
    host: str = Field(max_length=300)
    run_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    tries: int = 0
    attempt_count: int = 0
    worker_id: str | None = Field(default=None, max_length=64)
    claim_token: str | None = Field(default=None, max_length=64)
    claimed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime()))
    gone: bool = False
    sequence: int = 0
    percent: int | None = None
    message: str | None = Field(default=None, sa_column=Column(Text))
    error: Any = Field(default=None, sa_column=Column(json_type()))
    created_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))


class AttemptRow(SQLModel, table=True):
    """One try at a delivery: what was answered (`status_code`), or why nothing was (`error`)."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("webhook_attempt_delivery", "delivery_id", "number"),)

    id: int | None = Field(default=None, sa_column=Column(row_number_type(), primary_key=True, autoincrement=True))
    delivery_id: str = Field(max_length=64)
    number: int
    started_at: datetime = Field(sa_column=Column(UtcDateTime(), nullable=False))
    seconds: float
    status_code: int | None = None
    error: str | None = Field(default=None, sa_column=Column(Text))
