"""What is said in a video: fetched to disk, heard, and kept for the next job about the same video."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple

from secretary.documents.web_links import host
from secretary.errors import JobFailure, ProviderFailed
from secretary.fetching import Fetched, OutboundClient
from secretary.language.speech import Segment, Transcript, transcribe
from secretary.language.speech.transcribing import NO_SPEECH_PROVIDER
from secretary.sessions.fetching_again import download
from secretary.sessions.job import Job

MEDIA_STEP: Final = "downloading_media"
VIDEO_STEP: Final = "processing_video"
_MEGABYTE: Final = 1_000_000
_TELL_SECONDS: Final = 0.2
_FOR_THE_VIDEO: Final = 0.5
"""The part of the job's time that fetching may take, so that there is a report also where it takes too long."""


class NoTranscript(Exception):
    """There will be no transcript; the message says why."""


class Heard(NamedTuple):
    """A transcript, and whether an earlier job made it."""

    transcript: Transcript
    from_cache: bool = False


class Hearing:
    """Of one job; `use_cache` lets it take and keep transcripts. Its files lie in `folder` for as long as they are needed."""

    def __init__(self, client: OutboundClient, job: Job, folder: Path, *, language: str, use_cache: bool) -> None:
        self._client = client
        self._job = job
        self._folder = folder
        self._language = language
        self._kept = job.kept_texts if use_cache else None
        self._told_at = 0.0

    def hear(self, url: str) -> Heard:
        """Raises NoTranscript with the reason, and ProviderFailed when the speech provider fails."""
        hearer = self._hearer()
        fetched = self._fetched(url)
        made_from = ("transcript", fetched.sha256, hearer, self._language)
        known = self._kept.take(*made_from) if self._kept else None
        if known is not None:
            self._job.report(VIDEO_STEP, 50, "An earlier job has heard this video")
            return Heard(_from_text(known), from_cache=True)
        found = self._transcribed(fetched.path)
        if self._kept:
            self._kept.keep(json.dumps(asdict(found)), *made_from)
        return Heard(found)

    def _hearer(self) -> str:
        """What hears here, in one line. Where nothing does, a video is not even fetched."""
        providers = self._job.providers
        if providers.whisper is not None:
            return providers.whisper
        if providers.speech is None:
            raise NoTranscript(NO_SPEECH_PROVIDER)
        return f"{providers.speech.url} {providers.speech.model}"

    def _fetched(self, url: str) -> Fetched:
        limits = self._job.limits
        self._job.report(MEDIA_STEP, 30, f"Fetching the video from {host(url)}")
        try:
            fetched = download(
                self._client,
                url,
                self._folder / "video",
                max_bytes=limits.media_bytes,
                deadline_seconds=limits.job_seconds * _FOR_THE_VIDEO,
                on_progress=self._tell_bytes,
            )
        except JobFailure as failure:
            raise NoTranscript(f"The video could not be fetched: {failure.message}") from failure
        if fetched.media_type == "text/html":
            raise NoTranscript(
                f"The address of the video leads to a web page of {host(fetched.url)}, not to a file; "
                "give video_url or video_transcript."
            )
        return fetched

    def _tell_bytes(self, received: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._told_at < _TELL_SECONDS:
            return
        self._told_at = now
        percent = 30 + (19 * received // total if total else min(19, received // (50 * _MEGABYTE)))
        of = f" of {total / _MEGABYTE:.1f}" if total else ""
        self._job.report(MEDIA_STEP, percent, f"{received / _MEGABYTE:.1f}{of} MB of the video")

    def _transcribed(self, media: Path) -> Transcript:
        self._job.report(VIDEO_STEP, 50, "Taking the sound out of the video")

        def tell(done: int, of: int) -> None:
            self._job.report(VIDEO_STEP, 51 + 18 * done // max(of, 1), f"Heard {done} of {of} parts")

        try:
            found = transcribe(
                media,
                self._folder,
                self._job.providers,
                language=self._language,
                on_progress=tell,
                sign_of_life=self._job.sign_of_life,
            )
        except ProviderFailed:
            raise
        except JobFailure as failure:
            raise NoTranscript(f"The video could not be heard: {failure.message}") from failure
        finally:
            media.unlink(missing_ok=True)
        if not found.text.strip():
            raise NoTranscript("Nothing is said in the video.")
        return found


def _from_text(kept: str) -> Transcript:
    said = json.loads(kept)
    return Transcript(tuple(Segment(**segment) for segment in said.pop("segments")), **said)
