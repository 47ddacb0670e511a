"""What a process opens at its start and closes at its end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from secretary.fetching import OutboundPolicy
from secretary.files import BucketStorage, DownloadCache, FolderStorage, KeptTexts, ProducedFolder, ResultCache, Storage
from secretary.job_types import JobTypes
from secretary.jobs import Progress
from secretary.language.templates import TemplateLibrary
from secretary.models import progress_of
from secretary.progress import Hub, ProgressBus
from secretary.providers import LanguageModel, MistralProvider, OpenAiProvider, Providers, SpeechModel
from secretary.queue import Doorbell, open_broker
from secretary.rates import RequestRates
from secretary.retention import Pruner, Retention
from secretary.secrecy import Secrecy, kept_keys, split_keys
from secretary.service import Policy, Service
from secretary.settings import Settings, SettingsError
from secretary.store import Database, Room, Store

DAY_SECONDS = 86_400
REDIS_SECONDS = 2.0
WORKER_SEEN_SECONDS = 30.0
"""A worker seen within so many seconds counts as there, for readiness and the queue's overview."""


@dataclass(frozen=True, slots=True)
class Resources:
    """The web process's connections and what stands on them."""

    store: Store
    redis: Redis
    bus: ProgressBus
    hub: Hub
    service: Service

    async def close(self) -> None:
        await self.service.close()
        await self.redis.aclose()
        await self.store.close()


def open_redis(address: str, *, reads_for_long: bool = False) -> Redis:
    """A client for this address. One that `reads_for_long` waits on subscriptions, and notices a dead peer by its health check."""
    return Redis.from_url(
        address,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=None if reads_for_long else REDIS_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    )


def open_resources(settings: Settings, job_types: JobTypes) -> Resources:
    """Connections are made when they are first used, so this neither waits nor fails."""
    store = Store(Database(settings.sqlalchemy_url))
    redis = open_redis(settings.redis_address)
    bus = ProgressBus(redis)

    async def read_states(job_ids: Sequence[str]) -> dict[str, Progress]:
        return {job_id: progress_of(row) for job_id, row in (await store.jobs.get_many(job_ids)).items()}

    async def read_changes(within_seconds: float) -> list[Progress]:
        return [progress_of(row) for row in await store.jobs.changed(within_seconds)]

    hub = Hub(bus, read_states, read_changes)
    service = Service(
        store=store,
        bus=bus,
        hub=hub,
        doorbell=Doorbell(open_broker(settings.redis_address)),
        produced=produced_folder(settings, result_cache(settings)),
        uploads=open_storage(settings, "uploads"),
        incoming=settings.data_dir / "incoming",
        downloads=download_cache(settings),
        policy=policy_of(settings, job_types),
        rates=RequestRates(redis, per_minute=settings.owner_requests_per_minute),
        worker_seconds=WORKER_SEEN_SECONDS,
    )
    return Resources(store=store, redis=redis, bus=bus, hub=hub, service=service)


def open_storage(settings: Settings, name: str) -> Storage:
    """Where files of this kind lie: a folder of the data folder, or the part of that name of the bucket."""
    if settings.storage_url is None:
        return FolderStorage(settings.data_dir / name)
    return BucketStorage(f"{settings.storage_url}/{name}")


def produced_folder(settings: Settings, cache: ResultCache) -> ProducedFolder:
    return ProducedFolder(settings.produced_dir, cache, open_storage(settings, settings.produced_dir.name))


def retention_of(settings: Settings) -> Retention:
    return Retention(
        settings.retention_days * DAY_SECONDS,
        settings.upload_days * DAY_SECONDS,
        settings.delivery_days * DAY_SECONDS,
    )


def pruner_of(settings: Settings, store: Store) -> Pruner:
    """What takes out what has expired, for a process that does nothing else."""
    produced = produced_folder(settings, result_cache(settings))
    return Pruner(store, produced, open_storage(settings, "uploads"), retention_of(settings))


def result_cache(settings: Settings) -> ResultCache:
    return ResultCache(
        settings.cache_dir, max_seconds=settings.cache_hours * 3600, max_bytes=settings.cache_megabytes * 1024 * 1024
    )


def download_cache(settings: Settings) -> DownloadCache:
    return DownloadCache(
        settings.downloads_dir,
        max_seconds=settings.cache_hours * 3600,
        max_bytes=settings.download_cache_megabytes * 1024 * 1024,
    )


def kept_texts(settings: Settings) -> KeptTexts:
    """They are small: 64 MB are the transcripts of hundreds of hours."""
    return KeptTexts(
        settings.texts_dir,
        max_seconds=settings.cache_hours * 3600,
        max_bytes=min(settings.cache_megabytes, 64) * 1024 * 1024,
    )


def policy_of(settings: Settings, job_types: JobTypes) -> Policy:
    return Policy(
        job_types=job_types,
        input_roots=settings.input_roots,
        max_file_bytes=settings.max_file_megabytes * 1024 * 1024,
        secrecy=secrecy_of(settings),
        providers=providers_of(settings).configured,
        templates=TemplateLibrary(settings.templates_dir),
        outbound=outbound_policy(settings),
        room=Room(pending_jobs=settings.owner_pending_jobs, stored_bytes=settings.owner_stored_megabytes * 1024 * 1024),
    )


def secrecy_of(settings: Settings) -> Secrecy:
    """Seals and unseals with the keys of this deployment."""
    return Secrecy(lambda: secret_keys(settings))


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """The keys that are set, or those in the data folder, made when there are none; raises SettingsError."""
    if settings.secret_key is not None:
        return split_keys(settings.secret_key.get_secret_value())
    try:
        return kept_keys(settings.secret_key_file)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The file {settings.secret_key_file} does not hold a key for secrets ({error}); put back the one that was there, "
            "or set SECRETARY_SECRET_KEY. Secrets sealed with a key that is lost cannot be read again."
        ) from None


def outbound_policy(settings: Settings) -> OutboundPolicy:
    return OutboundPolicy(
        allow_private_networks=settings.allow_private_networks,
        more_ports=settings.outbound_ports,
        total_seconds=settings.fetch_seconds,
    )


def providers_of(settings: Settings) -> Providers:
    """The providers whose key is set, and where Tesseract's language data lies."""
    mistral = openai = None
    if settings.mistral_key is not None:
        key = settings.mistral_key.get_secret_value()
        mistral = MistralProvider(url=settings.mistral_url, key=key, model=settings.mistral_model)
    if settings.openai_key is not None:
        openai = OpenAiProvider(
            url=settings.openai_url,
            key=settings.openai_key.get_secret_value(),
            model=settings.openai_vision_model,
            max_tokens=settings.openai_max_tokens,
            max_tokens_name=settings.openai_max_tokens_name,
            temperature=settings.openai_temperature,
        )
    return Providers(
        tessdata=str(settings.tessdata) if settings.tessdata else None,
        templates=str(settings.templates_dir) if settings.templates_dir else None,
        mistral=mistral,
        openai=openai,
        llm=language_model_of(settings),
        speech=speech_model_of(settings),
        whisper=str(settings.whisper_folder) if settings.whisper_folder else None,
        answer_seconds=settings.provider_seconds,
    )


def language_model_of(settings: Settings) -> LanguageModel | None:
    """The language model that fills templates, when one is named."""
    if settings.llm_model is None:
        return None
    return LanguageModel(
        url=settings.llm_url,
        key=settings.llm_key.get_secret_value() if settings.llm_key else None,
        model=settings.llm_model,
        max_tokens=settings.llm_max_tokens,
        max_tokens_name=settings.llm_max_tokens_name,
        temperature=settings.llm_temperature,
        answer_format=settings.llm_format,
        at_once=settings.llm_at_once,
        chunk_characters=settings.llm_chunk_characters,
        notes=str(settings.notes_dir),
    )


def speech_model_of(settings: Settings) -> SpeechModel | None:
    """The model that turns speech into text, when one is named."""
    if settings.speech_model is None:
        return None
    return SpeechModel(
        url=settings.speech_url,
        key=settings.speech_key.get_secret_value() if settings.speech_key else None,
        model=settings.speech_model,
        at_once=settings.speech_at_once,
        notes=str(settings.notes_dir),
    )


@contextlib.asynccontextmanager
async def opened(resources: Resources) -> AsyncIterator[None]:
    """The hub runs and the connections are closed at the end."""
    reading = asyncio.create_task(resources.hub.run())
    await resources.service.uploads.tidy()
    try:
        yield
    finally:
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        await resources.close()
