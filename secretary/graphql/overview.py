"""The service at a glance: its queue and workers, its job types, and who is asking."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from secretary import auth, job_types
from secretary.graphql.context import Info
from secretary.graphql.jobs import Job
from secretary.service import QueueState
from secretary.service.overview import WorkerState


@strawberry.type(description="A step that jobs of a type go through.")
class JobTypeStep:
    name: str = strawberry.field(description="What `step` says meanwhile.")
    percent: int = strawberry.field(description="The percent at which it begins.")


@strawberry.type(description="A kind of work this server takes.")
class JobType:
    name: str = strawberry.field(description="What `jobType` says.")
    description: str = strawberry.field(description="What it does, in a sentence.")
    parameters_schema: JSON = strawberry.field(description="JSON Schema of its parameters.")
    steps: list[JobTypeStep] = strawberry.field(
        description="What its jobs go through, in order, as far as it tells; a job leaves out what it does not need."
    )

    @classmethod
    def from_registry(cls, job_type: job_types.JobType) -> "JobType":
        schema = JSON(job_type.parameters.model_json_schema())
        steps = [JobTypeStep(name=step.name, percent=step.percent) for step in job_type.steps]
        return cls(name=job_type.name, description=job_type.description, parameters_schema=schema, steps=steps)


@strawberry.type(description="A worker process that shows it is alive.")
class Worker:
    id: strawberry.ID = strawberry.field(description="The worker's id.")
    started_at: datetime = strawberry.field(description="When it started.")
    last_seen_at: datetime = strawberry.field(description="When it last showed that it lives.")
    job_id: strawberry.Private[str | None]

    @strawberry.field(description="The job it has been running longest; null when idle, or when the job is another's.")
    async def job(self, info: Info) -> Job | None:
        row = await info.context.loaders.jobs.load(self.job_id) if self.job_id else None
        return Job.from_row(row) if row else None

    @classmethod
    def from_state(cls, worker: WorkerState) -> "Worker":
        return cls(
            id=strawberry.ID(worker.id),
            started_at=worker.started_at,
            last_seen_at=worker.last_seen_at,
            job_id=worker.job_id,
        )


@strawberry.type(description="What waits and what runs; of jobs the viewer's own, or everybody's for an admin.")
class Queue:
    pending: int = strawberry.field(description="Jobs that wait.")
    processing: int = strawberry.field(description="Jobs that run.")
    workers: list[Worker] = strawberry.field(description="The workers that live.")

    @classmethod
    def from_state(cls, queue: QueueState) -> "Queue":
        workers = [Worker.from_state(worker) for worker in queue.workers]
        return cls(pending=queue.pending, processing=queue.processing, workers=workers)


@strawberry.type(description="Who is calling.")
class Viewer:
    user_id: str = strawberry.field(description="The owner of the key the call came with.")
    is_admin: bool = strawberry.field(description="Whether the key sees everybody's jobs.")

    @classmethod
    def from_key(cls, viewer: auth.Viewer) -> "Viewer":
        return cls(user_id=viewer.user_id, is_admin=viewer.is_admin)
