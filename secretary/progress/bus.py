"""The progress bus in Redis: a snapshot of each job's newest state and a message for each change.

Progress is cumulative, so a lost message is harmless: the next one, or the row in SQL, says all that it said."""

import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from secretary.jobs import Progress

logger = logging.getLogger(__name__)

SNAPSHOT_SECONDS: Final = 86_400
REST_SECONDS: Final = 1.0
_JOB_CHANNEL: Final = "secretary:job:"
_LOG_CHANNEL: Final = "secretary:log:"
_STOP_CHANNEL: Final = "secretary:stop"
_SNAPSHOT: Final = "secretary:progress:"

# Refusing what is not newer keeps a worker that lost its job from showing an old state to late joiners.
_PUBLISH: Final = """
local known = redis.call('HGET', KEYS[1], 'sequence')
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'sequence', ARGV[1], 'state', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[3], ARGV[2])
return 1
"""

# From now on only what has the sequence in ARGV[1] or a higher one is taken; what was told last comes back.
_SEAL: Final = """
local known = redis.call('HGET', KEYS[1], 'sequence')
if known and tonumber(known) < tonumber(ARGV[1]) - 1 then redis.call('HSET', KEYS[1], 'sequence', ARGV[1] - 1) end
return redis.call('HGET', KEYS[1], 'state')
"""


class BusLost(Exception):
    """The connection to Redis was lost; listen again."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The listener is subscribed (again); what was said before may have been missed."""


@dataclass(frozen=True, slots=True)
class LogAdded:
    """The log of a job has new lines."""

    job_id: str


@dataclass(frozen=True, slots=True)
class JobNews:
    """A change of a job, not yet decoded, so that a process nobody asked about that job need not decode it."""

    job_id: str
    payload: bytes


News = Connected | LogAdded | JobNews


class ProgressBus:
    """Publishes and reads progress. Publishing never raises: a job does not fail because its news cannot be told."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._publish = redis.register_script(_PUBLISH)
        self._seal = redis.register_script(_SEAL)
        self._down = False
        self._try_again_at = 0.0

    async def publish(self, progress: Progress) -> None:
        """Store the snapshot and tell subscribers, unless something newer was told already."""
        if self._resting:
            return
        state = progress.to_json()
        try:
            await self._publish(
                keys=[_SNAPSHOT + progress.job_id],
                args=[progress.sequence, state, _JOB_CHANNEL + progress.job_id, SNAPSHOT_SECONDS],
            )
        except (RedisError, OSError) as error:
            self._report_down(error)
        else:
            self._down = False

    async def announce(self, states: Sequence[Progress]) -> None:
        """Tell of many new jobs at once, without snapshots."""
        if self._resting:
            return
        try:
            for start in range(0, len(states), 1000):
                pipeline = self._redis.pipeline(transaction=False)
                for progress in states[start : start + 1000]:
                    pipeline.publish(_JOB_CHANNEL + progress.job_id, progress.to_json())
                await pipeline.execute()
        except (RedisError, OSError) as error:
            self._report_down(error)

    async def publish_log(self, job_id: str) -> None:
        """Tell that the job's log has new lines."""
        await self._tell(_LOG_CHANNEL + job_id, "")

    async def stop(self, job_ids: Sequence[str]) -> None:
        """Tell the workers of these jobs to look whether they still hold them."""
        for start in range(0, len(job_ids), 1000):
            await self._tell(_STOP_CHANNEL, " ".join(job_ids[start : start + 1000]))

    async def snapshots(self, job_ids: Sequence[str]) -> dict[str, Progress]:
        """The newest published state of each job that has one; empty when Redis does not answer."""
        if self._resting:
            return {}
        try:
            pipeline = self._redis.pipeline(transaction=False)
            for job_id in job_ids:
                pipeline.hget(_SNAPSHOT + job_id, "state")
            states = await pipeline.execute()
        except (RedisError, OSError) as error:
            self._report_down(error)
            return {}
        return {job_id: Progress.from_json(state) for job_id, state in zip(job_ids, states, strict=True) if state}

    async def sealed(self, ends: Mapping[str, int]) -> dict[str, Progress]:
        """What was told last of jobs that ended under these sequences; from now on nothing older than the end is told of them.

        Empty when Redis does not answer."""
        if self._resting:
            return {}
        try:
            pipeline = self._redis.pipeline(transaction=False)
            for job_id, sequence in ends.items():
                await self._seal(keys=[_SNAPSHOT + job_id], args=[sequence], client=pipeline)
            states = await pipeline.execute()
        except (RedisError, OSError) as error:
            self._report_down(error)
            return {}
        return {job_id: Progress.from_json(state) for job_id, state in zip(ends, states, strict=True) if state}

    async def forget(self, job_id: str) -> None:
        """Remove the snapshot of a deleted job."""
        if self._resting:
            return
        try:
            await self._redis.delete(_SNAPSHOT + job_id)
        except (RedisError, OSError) as error:
            self._report_down(error)

    async def ping(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def listen(self) -> AsyncIterator[News]:
        """Everything that is told, from a Connected on; raises BusLost when the connection is lost."""
        async with _losing_the_bus(), self._redis.pubsub() as pubsub:
            await pubsub.psubscribe(_JOB_CHANNEL + "*", _LOG_CHANNEL + "*")
            confirmed = 0
            async for message in pubsub.listen():
                if message["type"] == "psubscribe":
                    confirmed += 1
                    if confirmed == 2:  # noqa: PLR2004  # both patterns
                        yield Connected()
                elif message["type"] == "pmessage":
                    yield _news(message["channel"].decode(), message["data"])

    async def listen_for_stops(self) -> AsyncIterator[set[str]]:
        """Ids of jobs that may have been cancelled; the first, empty set says that the listener is subscribed. Raises BusLost."""
        async with _losing_the_bus(), self._redis.pubsub() as pubsub:
            await pubsub.subscribe(_STOP_CHANNEL)
            async for message in pubsub.listen():
                yield set(message["data"].decode().split()) if message["type"] == "message" else set()

    async def _tell(self, channel: str, message: str) -> None:
        if self._resting:
            return
        try:
            await self._redis.publish(channel, message)
        except (RedisError, OSError) as error:
            self._report_down(error)

    def _report_down(self, error: Exception) -> None:
        if not self._down:
            logger.warning("Redis does not answer; progress is read from the database meanwhile: %s", error)
        self._down = True
        self._try_again_at = time.monotonic() + REST_SECONDS

    @property
    def _resting(self) -> bool:
        """Whether Redis failed a moment ago: then nobody waits for it again, which matters when it hangs rather than refuses."""
        return time.monotonic() < self._try_again_at


@contextlib.asynccontextmanager
async def _losing_the_bus() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise BusLost(str(error)) from error


def _news(channel: str, payload: bytes) -> News:
    if channel.startswith(_JOB_CHANNEL):
        return JobNews(channel.removeprefix(_JOB_CHANNEL), payload)
    return LogAdded(channel.removeprefix(_LOG_CHANNEL))
