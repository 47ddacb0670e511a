"""What the webhook of a job was told, and telling it once more."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer
from secretary.deliveries import AttemptRow, DeliveryStatus, Phase
from secretary.errors import DeliveryNotFound, IllegalTransition, JobNotFound
from secretary.rest.answers import Success, absent, success
from secretary.rest.jobs import job_id_of
from secretary.rest.operations import Answered, Keyed, Operation
from secretary.service import Service
from secretary.store import Delivery


class WebhookAttempt(BaseModel):
    """One try at a delivery."""

    number: int = Field(description="Counted from 1.")
    started_at: datetime
    seconds: float = Field(description="Until it was answered or given up.")
    status_code: int = absent("The HTTP status of the answer, if there was one.")
    error: str = absent("Why it failed.")


class WebhookDelivery(BaseModel):
    """What an owner was told, or is to be told."""

    id: str = Field(description="Of the news of an end also its `webhook-id`.")
    phase: Phase
    status: DeliveryStatus
    url: str
    created_at: datetime
    next_attempt_at: datetime = absent("When it is tried next.")
    attempts: list[WebhookAttempt] = Field(description="Oldest first; of progress the last one.")


class WebhookDeliveries(BaseModel):
    """All that was told of one job."""

    deliveries: list[WebhookDelivery] = Field(description="Oldest first, the newest 50.")


class Deliveries:
    """What a caller can do with deliveries."""

    def __init__(self, service: Service) -> None:
        self._jobs = service.jobs
        self._deliveries = service.deliveries

    async def of_job(self, request: Request, viewer: Viewer) -> Response:
        row = await self._jobs.get(viewer, job_id_of(request), results=False)
        found = (await self._deliveries.of_targets([row.id]))[row.id]
        return success(WebhookDeliveries(deliveries=[shown_delivery(delivery) for delivery in found]))

    async def redeliver(self, request: Request, viewer: Viewer) -> Response:
        delivery_id = str(request.path_params["delivery_id"])
        if "\0" in delivery_id:
            raise DeliveryNotFound
        return success(shown_delivery(await self._deliveries.redeliver(viewer, delivery_id)))


def shown_delivery(delivery: Delivery) -> WebhookDelivery:
    row = delivery.row
    next_at = row.run_at if row.status == DeliveryStatus.PENDING.value else None
    return WebhookDelivery(
        **_given(next_attempt_at=next_at),
        id=row.id,
        phase=Phase(row.phase),
        status=DeliveryStatus(row.status),
        url=row.url,
        created_at=row.created_at,
        attempts=[_shown_attempt(attempt) for attempt in delivery.attempts],
    )


def _shown_attempt(row: AttemptRow) -> WebhookAttempt:
    optional = _given(status_code=row.status_code, error=row.error)
    return WebhookAttempt(**optional, number=row.number, started_at=row.started_at, seconds=row.seconds)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def told(service: Service, deliveries: Deliveries) -> list[Operation]:
    """The operations of webhooks."""
    return [
        Operation(
            method="GET",
            path="/api/jobs/{job_id}/deliveries",
            name="listDeliveries",
            summary="What the webhook of a job was told, and each attempt",
            answer=Keyed(service.auth, deliveries.of_job),
            answers={200: Answered("The deliveries.", Success[WebhookDeliveries])},
            refusals=(JobNotFound,),
        ),
        Operation(
            method="POST",
            path="/api/deliveries/{delivery_id}/redeliver",
            name="redeliverWebhook",
            summary="Send the news of an end once more, under the same webhook-id",
            answer=Keyed(service.auth, deliveries.redeliver),
            answers={200: Answered("The delivery as it then is.", Success[WebhookDelivery])},
            refusals=(DeliveryNotFound, IllegalTransition),
        ),
    ]
