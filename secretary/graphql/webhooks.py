"""Webhooks: who is to be told, what was told, and how each attempt went."""

import dataclasses
from datetime import datetime
from typing import Any, Final

import strawberry

from secretary.deliveries import AttemptRow, DeliveryStatus, Phase
from secretary.graphql.enums import show
from secretary.parameters import Webhook
from secretary.store import Delivery

show(Phase, "What a webhook tells.", name="WebhookPhase")
show(DeliveryStatus, "Where a webhook delivery stands.", name="WebhookDeliveryStatus")

_DESCRIPTIONS: Final = {name: field.description for name, field in Webhook.model_fields.items()}


def _described(name: str, **given: Any) -> Any:
    return strawberry.field(description=_DESCRIPTIONS[name], **given)


@strawberry.input(description="Who is told of a job's progress and end, or of a batch's end.")
class WebhookInput:
    url: str = _described("url")
    token: str | None = _described("token", default=strawberry.UNSET)
    job_id: str | None = _described("job_id", default=strawberry.UNSET)
    secret: str | None = _described("secret", default=strawberry.UNSET)
    progress: bool | None = _described("progress", default=strawberry.UNSET)

    def to_parameters(self) -> dict[str, Any]:
        """Only what was given, by the names of the parameters."""
        names = {field.name: Webhook.model_fields[field.name].alias or field.name for field in dataclasses.fields(self)}
        given = {names[name]: getattr(self, name) for name in names}
        return {name: value for name, value in given.items() if value is not None and value is not strawberry.UNSET}


@strawberry.type(description="One try at a webhook delivery.")
class WebhookAttempt:
    number: int = strawberry.field(description="Counted from 1.")
    started_at: datetime = strawberry.field(description="When it was begun.")
    duration: float = strawberry.field(description="Seconds until it was answered or given up.")
    status_code: int | None = strawberry.field(description="The HTTP status of the answer, if there was one.")
    error: str | None = strawberry.field(description="Why it failed; null when it was answered 2xx.")

    @classmethod
    def from_row(cls, row: AttemptRow) -> "WebhookAttempt":
        return cls(
            number=row.number,
            started_at=row.started_at,
            duration=row.seconds,
            status_code=row.status_code,
            error=row.error,
        )


@strawberry.type(description="What an owner was told, or is to be told.")
class WebhookDelivery:
    id: strawberry.ID = strawberry.field(description="Its id, and the webhook-id of the news of an end.")
    phase: Phase = strawberry.field(description="What it tells. Progress has one delivery for each job, overwritten.")
    status: DeliveryStatus = strawberry.field(description="Where it stands.")
    url: str = strawberry.field(description="Where it is posted.")
    created_at: datetime = strawberry.field(description="When there was something to tell.")
    next_attempt_at: datetime | None = strawberry.field(description="When it is tried next; null when it is not.")
    attempts: list[WebhookAttempt] = strawberry.field(
        description="Its attempts, oldest first; of progress the last one."
    )

    @classmethod
    def from_delivery(cls, delivery: Delivery) -> "WebhookDelivery":
        row = delivery.row
        return cls(
            id=strawberry.ID(row.id),
            phase=Phase(row.phase),
            status=DeliveryStatus(row.status),
            url=row.url,
            created_at=row.created_at,
            next_attempt_at=row.run_at if row.status == DeliveryStatus.PENDING.value else None,
            attempts=[WebhookAttempt.from_row(attempt) for attempt in delivery.attempts],
        )
