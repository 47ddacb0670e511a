"""What a caller can change. What a caller can do wrong comes back as a member of the result's union."""

from typing import Annotated

import strawberry

from secretary.errors import Conflict, InvalidParameters, NotFound, SecretaryError
from secretary.graphql.context import Info
from secretary.graphql.inputs import CreateBatchInput, CreateJobInput
from secretary.graphql.jobs import Batch, Job
from secretary.graphql.keys import (
    CreateApiKeyInput,
    CreateApiKeyResult,
    RevokeApiKeyResult,
    create_api_key,
    revoke_api_key,
)
from secretary.graphql.refusals import (
    BatchPayload,
    BatchResult,
    CreateBatchPayload,
    CreateBatchResult,
    CreateJobPayload,
    CreateJobResult,
    DeleteJobPayload,
    DeleteJobResult,
    JobPayload,
    JobResult,
    RedeliverWebhookPayload,
    RedeliverWebhookResult,
    change_refused,
    creation_refused,
    not_found,
)
from secretary.graphql.scalars import Upload
from secretary.graphql.uploads import UploadFileResult, upload_file
from secretary.graphql.webhooks import WebhookDelivery
from secretary.parameters import BatchRequest, JobRequest, parse
from secretary.service import BatchView

JobId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The job's id.")]
BatchId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The batch's id.")]
DeliveryId = Annotated[strawberry.ID, strawberry.argument(description="The delivery's id.")]
KeyId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The key's id.")]
OnlyFailed = Annotated[bool, strawberry.argument(description="Leave the cancelled jobs as they are.")]


@strawberry.type(description="What a caller can change.")
class Mutation:
    @strawberry.mutation(description="Create a job.")
    async def create_job(
        self, info: Info, data: Annotated[CreateJobInput, strawberry.argument(name="input", description="The job.")]
    ) -> CreateJobResult:
        context = info.context
        try:
            context.check_counted()
            request = parse(JobRequest, data.to_request())
            key = _given(data.idempotency_key)
            created = await context.service.jobs.create(context.viewer, request, idempotency_key=key)
        except SecretaryError as error:
            return creation_refused(error, data.translated)
        context.renew()
        return CreateJobPayload(job=Job.from_row(created.job), replayed=created.replayed)

    @strawberry.mutation(description="Create a batch: all its jobs, or none.")
    async def create_batch(
        self,
        info: Info,
        data: Annotated[CreateBatchInput, strawberry.argument(name="input", description="The batch.")],
    ) -> CreateBatchResult:
        try:
            created = await _create_batch(info, data)
        except SecretaryError as error:
            return creation_refused(error, data.translated)
        return CreateBatchPayload(batch=_shown(info, created), replayed=created.replayed)

    @strawberry.mutation(description="End a pending or running job as cancelled.")
    async def cancel_job(self, info: Info, job_id: JobId) -> JobResult:
        try:
            row = await info.context.service.jobs.cancel(info.context.viewer, job_id)
        except (NotFound, Conflict) as error:
            return change_refused(error)
        info.context.renew()
        return JobPayload(job=Job.from_row(row))

    @strawberry.mutation(description="Run a failed or cancelled job again.")
    async def retry_job(self, info: Info, job_id: JobId) -> JobResult:
        try:
            row = await info.context.service.jobs.retry(info.context.viewer, job_id)
        except (NotFound, Conflict) as error:
            return change_refused(error)
        info.context.renew()
        return JobPayload(job=Job.from_row(row))

    @strawberry.mutation(description="Remove a job and what it produced, cancelling it first if need be.")
    async def delete_job(self, info: Info, job_id: JobId) -> DeleteJobResult:
        try:
            row = await info.context.service.jobs.delete(info.context.viewer, job_id)
        except NotFound as error:
            return not_found(error)
        info.context.renew()
        return DeleteJobPayload(deleted_job_id=job_id, job=Job.from_row(row))

    @strawberry.mutation(description="Cancel every job of the batch that has not ended.")
    async def cancel_batch(self, info: Info, batch_id: BatchId) -> BatchResult:
        try:
            view = await info.context.service.batches.cancel(info.context.viewer, batch_id)
        except NotFound as error:
            return not_found(error)
        return BatchPayload(batch=_shown(info, view))

    @strawberry.mutation(description="Run the batch's failed jobs again, and the cancelled ones if asked to.")
    async def retry_batch(self, info: Info, batch_id: BatchId, only_failed: OnlyFailed = True) -> BatchResult:
        try:
            view = await info.context.service.batches.retry(info.context.viewer, batch_id, only_failed=only_failed)
        except NotFound as error:
            return not_found(error)
        return BatchPayload(batch=_shown(info, view))

    @strawberry.mutation(description="Send the news of an end once more, under the same webhook-id.")
    async def redeliver_webhook(self, info: Info, delivery_id: DeliveryId) -> RedeliverWebhookResult:
        try:
            delivery = await info.context.service.deliveries.redeliver(info.context.viewer, delivery_id)
        except (NotFound, Conflict) as error:
            return change_refused(error)
        info.context.renew()
        return RedeliverWebhookPayload(delivery=WebhookDelivery.from_delivery(delivery))

    @strawberry.mutation(description="Send a file for later jobs: a PDF or text.")
    async def upload_file(
        self, info: Info, file: Annotated[Upload, strawberry.argument(description="The file.")]
    ) -> UploadFileResult:
        return await upload_file(info, file)

    @strawberry.mutation(description="Make an API key: for oneself, or by an admin for anybody.")
    async def create_api_key(
        self,
        info: Info,
        data: Annotated[CreateApiKeyInput, strawberry.argument(name="input", description="The key.")],
    ) -> CreateApiKeyResult:
        return await create_api_key(info, data)

    @strawberry.mutation(description="End an API key: from now on it opens nothing.")
    async def revoke_api_key(self, info: Info, key_id: KeyId) -> RevokeApiKeyResult:
        return await revoke_api_key(info, key_id)


async def _create_batch(info: Info, data: CreateBatchInput) -> BatchView:
    info.context.check_counted()
    request = parse(BatchRequest, data.to_request())
    if wrong := data.own_errors():
        raise InvalidParameters(fields=tuple(wrong))
    key = _given(data.idempotency_key)
    return await info.context.service.batches.create(info.context.viewer, request, idempotency_key=key)


def _shown(info: Info, view: BatchView) -> Batch:
    """The batch as the call left it; its state is known already and need not be read again."""
    info.context.renew()
    info.context.loaders.states.prime(view.row.id, view.state)
    return Batch.from_row(view.row)


def _given(value: str | None) -> str | None:
    return None if value is strawberry.UNSET else value
