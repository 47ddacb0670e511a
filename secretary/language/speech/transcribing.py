"""From a media file to what is said in it: its sound in parts, several at once to the provider, or one by one to a model here."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Final

from secretary.errors import ProviderNotConfigured
from secretary.language.speech.remote import SpeechService
from secretary.language.speech.transcript import Segment, Transcript
from secretary.language.speech.worker_process import told_by
from secretary.providers import Providers, SpeechModel

NO_SPEECH_PROVIDER: Final = (
    "Speech cannot be turned into text here: the operator of this server sets SECRETARY_SPEECH_MODEL and its key, or "
    "SECRETARY_WHISPER_FOLDER."
)

_AUDIO_BYTES: Final = 1024**3  # of address space; an hour takes 80 MB of memory
_WHISPER_BYTES: Final = 16 * 1024**3
_CPU_SECONDS: Final = 3_600
_SILENCE_SECONDS: Final = 60.0
_WHISPER_SILENCE_SECONDS: Final = 600.0
_SIGN_SECONDS: Final = 1.0

Told = dict[str, Any]
Progress = Callable[[int, int], None]
"""Parts done, and of how many."""


def transcribe(
    media: Path,
    folder: Path,
    providers: Providers,
    *,
    language: str | None,
    on_progress: Progress,
    sign_of_life: Callable[[], None],
) -> Transcript:
    """What is said in a video or sound file of this machine; `folder` is for the parts, and left as it was found.

    A model in a folder of this machine comes before a provider. Raises ProviderNotConfigured where there is neither,
    InvalidFile for what is no media file or has no sound, and the failures of providers. What is said need not be anything.
    """
    if providers.whisper is None and providers.speech is None:
        raise ProviderNotConfigured(NO_SPEECH_PROVIDER)
    parts = _extracted(media, folder, sign_of_life)
    try:
        if providers.whisper is not None:
            return _heard_here(providers.whisper, parts, folder, language, on_progress, sign_of_life)
        assert providers.speech is not None
        return _heard_there(
            providers.speech, providers.answer_seconds, parts, folder, language, on_progress, sign_of_life
        )
    finally:
        for part in parts:
            (folder / part["part"]).unlink(missing_ok=True)


def _extracted(media: Path, folder: Path, sign_of_life: Callable[[], None]) -> list[Told]:
    order = {"media": str(media), "folder": str(folder), "cpu_seconds": _CPU_SECONDS}
    told = told_by(
        "secretary.language.speech.audio_worker",
        order,
        address_bytes=_AUDIO_BYTES,
        silence_seconds=_SILENCE_SECONDS,
        sign_of_life=sign_of_life,
    )
    return [message for message in told if "part" in message]


def _heard_there(
    model: SpeechModel,
    answer_seconds: float,
    parts: Sequence[Told],
    folder: Path,
    language: str | None,
    on_progress: Progress,
    sign_of_life: Callable[[], None],
) -> Transcript:
    service = SpeechService(model, answer_seconds)
    threads = ThreadPoolExecutor(model.at_once)
    try:
        futures = [
            threads.submit(service.hear, folder / part["part"], start=part["start"], end=part["end"], language=language)
            for part in parts
        ]
        _wait_for(futures, on_progress, sign_of_life)
        segments = [segment for future in futures for segment in future.result()]
    finally:
        # What is still on its way is not waited for: its connections are closed under it.
        threads.shutdown(wait=False, cancel_futures=True)
        service.close()
    return Transcript(tuple(segments), "speech", provider="speech", model=model.model, language=language)


def _wait_for(
    futures: Sequence["Future[tuple[Segment, ...]]"], on_progress: Progress, sign_of_life: Callable[[], None]
) -> None:
    """Until all are done; the first failure is raised at once."""
    waiting = set(futures)
    on_progress(0, len(futures))
    while waiting:
        done, waiting = wait(waiting, _SIGN_SECONDS, return_when=FIRST_COMPLETED)
        sign_of_life()
        for future in done:
            future.result()
        if done:
            on_progress(len(futures) - len(waiting), len(futures))


def _heard_here(
    model_folder: str,
    parts: Sequence[Told],
    folder: Path,
    language: str | None,
    on_progress: Progress,
    sign_of_life: Callable[[], None],
) -> Transcript:
    order = {"model": model_folder, "folder": str(folder), "parts": list(parts), "language": language}
    told = told_by(
        "secretary.language.speech.whisper_worker",
        order,
        address_bytes=_WHISPER_BYTES,
        silence_seconds=_WHISPER_SILENCE_SECONDS,
        sign_of_life=sign_of_life,
    )
    segments = []
    heard_language = language
    on_progress(0, len(parts))
    for message in told:
        if "text" in message:
            segments.append(Segment(message["start"], message["end"], message["text"]))
        elif "heard" in message:
            heard_language = message["language"] or heard_language
            on_progress(message["heard"], len(parts))
    return Transcript(
        tuple(segments), "local", provider="faster-whisper", model=Path(model_folder).name, language=heard_language
    )
