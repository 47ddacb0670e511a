"""What was said in a session: as the caller says, as captions have it, or heard from the video's sound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from secretary.documents.charset import decoded
from secretary.documents.web_facts import MEDIA_SUFFIXES, CaptionTrack, PageFacts
from secretary.documents.web_links import has_suffix, host
from secretary.errors import JobFailure
from secretary.fetching import OutboundClient
from secretary.language.speech import parse_captions
from secretary.parameters.session import SessionParameters
from secretary.results.session import SessionTranscript
from secretary.sessions.fetching_again import download
from secretary.sessions.hearing import MEDIA_STEP, Heard, Hearing, NoTranscript
from secretary.sessions.job import Job

_MOST_CAPTION_BYTES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Recording:
    """The video's address, whether that is a file to play, and the transcript or why there is none."""

    video: str | None
    is_file: bool
    transcript: str | None = None
    """As Markdown."""
    origin: SessionTranscript | None = None
    missing: str | None = None


class Recorder:
    """Finds and hears the recording of one session."""

    def __init__(
        self, parameters: SessionParameters, facts: PageFacts, client: OutboundClient, job: Job, folder: Path
    ) -> None:
        self._parameters = parameters
        self._facts = facts
        self._client = client
        self._job = job
        self._folder = folder

    def recording(self) -> Recording:
        """Raises ProviderFailed when the speech provider fails; everything else leaves a recording without transcript."""
        video = self._video()
        if self._parameters.video_transcript and self._parameters.video_transcript.strip():
            self._job.report(MEDIA_STEP, 30, "The transcript came with the job")
            origin = SessionTranscript(source="given", language=self._parameters.source_language)
            return replace(video, transcript=self._parameters.video_transcript.strip(), origin=origin)
        try:
            (transcript, from_cache), url, video = self._captions(video) or self._heard(video)
        except NoTranscript as reason:
            return replace(video, missing=str(reason))
        origin = SessionTranscript(
            source=transcript.source,
            language=transcript.language,
            provider=transcript.provider,
            model=transcript.model,
            url=url,
            from_cache=from_cache,
        )
        return replace(video, transcript=transcript.markdown(), origin=origin)

    def _video(self) -> Recording:
        if given := self._parameters.video_url:
            return Recording(given, has_suffix(given, *MEDIA_SUFFIXES) or given in self._facts.videos)
        if self._facts.videos:
            return Recording(self._facts.videos[0], is_file=True)
        return Recording(next(iter(self._facts.players), None), is_file=False)

    def _captions(self, video: Recording) -> tuple[Heard, str, Recording] | None:
        """Those of the page, of this video before others', the best language first; captions that cannot be had are warned of."""
        for track in self._tracks(video):
            self._job.report(MEDIA_STEP, 30, f"Fetching captions from {host(track.url)}")
            try:
                found = parse_captions(self._text_of(track))
            except (JobFailure, ValueError) as error:
                reason = error.message if isinstance(error, JobFailure) else f"{error}."
                self._job.warn(f"The captions at {host(track.url)} were not used: {reason}")
                continue
            if found.text.strip():
                heard = Heard(replace(found, language=found.language or track.language))
                return heard, track.url, self._shown_with(track, video)
        return None

    def _text_of(self, track: CaptionTrack) -> str:
        fetched = download(
            self._client,
            track.url,
            self._folder / "captions",
            max_bytes=_MOST_CAPTION_BYTES,
            deadline_seconds=self._client.policy.total_seconds,
            on_progress=lambda _received, _total: None,
        )
        return decoded(fetched.path.read_bytes(), said=fetched.charset)

    def _shown_with(self, track: CaptionTrack, video: Recording) -> Recording:
        """The video whose captions these are, unless the job names one."""
        if self._parameters.video_url or track.video is None:
            return video
        return Recording(track.video, is_file=track.video in self._facts.videos)

    def _tracks(self, video: Recording) -> Iterator[CaptionTrack]:
        wanted = self._parameters.source_language.lower()

        def distance(track: CaptionTrack) -> tuple[bool, bool, bool, bool]:
            language = track.language or ""
            of_another = track.video not in {None, video.video}
            return of_another, language != wanted, language[:2] != wanted[:2], not track.is_default

        yield from sorted(self._facts.captions, key=distance)

    def _heard(self, video: Recording) -> tuple[Heard, str, Recording]:
        if video.video is None:
            raise NoTranscript("No video was found on the session's page.")
        if not video.is_file and self._parameters.video_url is None:
            raise NoTranscript(
                f"The video is played by a page of {host(video.video)}, which hands out no file; give video_url or video_transcript."
            )
        hearing = Hearing(
            self._client,
            self._job,
            self._folder,
            language=self._parameters.source_language,
            use_cache=self._parameters.use_cache,
        )
        return hearing.hear(video.video), video.video, video
