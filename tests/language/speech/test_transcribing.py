"""Speech becomes text through a real server that speaks the transcription protocol, whatever it answers."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av as untyped
import pytest

from secretary.errors import InvalidFile, JobFailure, ProviderBusy, ProviderFailed, ProviderNotConfigured
from secretary.fetching import provider_client
from secretary.language.speech import Segment, Transcript, transcribe
from secretary.providers import Providers, SpeechModel
from tests.documents.remote.provider_servers import Answer, Request, Server, said, serving
from tests.language.speech.media import silence, sound, tone, video
from tests.language.speech.whisper_model import made_model

av: Any = untyped

KEY = "very-secret-key"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(provider_client, "_FIRST_PAUSE", 0.01)


def listening(request: Request) -> Answer:
    """`POST /audio/transcriptions`: says how long the sound is that was sent."""
    with av.open(io.BytesIO(request.body["file"])) as container:
        seconds = round(container.duration / av.time_base)
    if request.body["response_format"] == b"json":
        return said(200, {"text": f" {seconds} seconds "})
    segments = [{"id": 0, "start": 0.5, "end": 1.5, "text": f" {seconds} seconds"}, {"id": 1, "start": 2, "text": " "}]
    return said(
        200, {"task": "transcribe", "language": "english", "duration": seconds, "text": "", "segments": segments}
    )


def plain_only(request: Request) -> Answer:
    if request.body["response_format"] != b"json":
        message = "response_format 'verbose_json' is not compatible with model 'm-1'. Use 'json' instead."
        return said(400, {"error": {"message": message, "type": "invalid_request_error"}})
    return listening(request)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(listening) as made:
        yield made


@dataclass
class Listening:
    """Transcribes as a job does."""

    server: Server
    folder: Path
    progress: list[tuple[int, int]] = field(default_factory=list)
    signs: int = 0

    def sign(self) -> None:
        self.signs += 1

    def to(self, media: Path, *, language: str | None = None, **more: Any) -> Transcript:
        model = SpeechModel(url=self.server.url, key=KEY, model="m-1", notes=str(self.folder / "notes"))
        providers = Providers(**{"speech": model, "answer_seconds": 5.0, **more})
        return transcribe(
            media,
            self.folder,
            providers,
            language=language,
            on_progress=lambda done, of: self.progress.append((done, of)),
            sign_of_life=self.sign,
        )

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name != "notes")


@pytest.fixture
def listen(server: Server, tmp_path: Path) -> Listening:
    (tmp_path / "parts").mkdir()
    return Listening(server, tmp_path / "parts")


def test_a_video_becomes_text_with_times(listen: Listening, server: Server, tmp_path: Path):
    transcript = listen.to(video(tmp_path / "talk.mp4", tone(5), 5), language="en")
    assert transcript.segments == (Segment(0.5, 1.5, "5 seconds"),)
    assert (transcript.source, transcript.provider, transcript.model) == ("speech", "speech", "m-1")
    [request] = server.requests
    assert (request.path, request.key) == ("/audio/transcriptions", f"Bearer {KEY}")
    assert {name: value for name, value in request.body.items() if name != "file"} == {
        "model": b"m-1",
        "response_format": b"verbose_json",
        "language": b"en",
    }
    assert listen.progress == [(0, 1), (1, 1)]
    assert listen.signs > 0
    assert listen.left() == []


def test_parts_are_heard_at_once_and_told_in_order(listen: Listening, server: Server, tmp_path: Path):
    talk = sound(tmp_path / "talk.wav", tone(530) + silence(1) + tone(529))
    transcript = listen.to(talk)
    first, second = transcript.segments
    assert (first.start, first.end, first.text) == (0.5, 1.5, "530 seconds")
    assert second.start == pytest.approx(531.0, abs=0.5)
    assert second.text == "530 seconds"
    # Both may be done within one look.
    assert [each for each in listen.progress if each != (1, 2)] == [(0, 2), (2, 2)]
    assert len(server.requests) == 2
    assert all("language" not in request.body for request in server.requests)


def test_a_model_that_tells_no_times_is_asked_without_and_only_once(listen: Listening, server: Server, tmp_path: Path):
    server.usual = plain_only
    transcript = listen.to(video(tmp_path / "talk.mp4", tone(4), 4))
    assert [segment.text for segment in transcript.segments] == ["4 seconds"]
    assert (transcript.segments[0].start, len(server.requests)) == (0.0, 2)


def test_silence_gives_no_text_and_no_error(listen: Listening, server: Server, tmp_path: Path):
    server.usual = lambda _request: said(200, {"text": "  ", "segments": []})
    assert listen.to(sound(tmp_path / "still.wav", silence(2))).segments == ()


def test_without_a_provider_nothing_is_opened(server: Server, listen: Listening, tmp_path: Path):
    with pytest.raises(ProviderNotConfigured, match="SECRETARY_SPEECH_MODEL"):
        listen.to(tmp_path / "not there.mp4", speech=None)
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "failure", "sentence", "requests"),
    [
        (said(401, {"error": {"message": f"bad key {KEY}"}}), ProviderFailed, "refuses the key", 1),
        (said(404, {"error": {"message": "no such model"}}), ProviderFailed, "does not know", 1),
        (said(413, {"error": {"message": "file too large"}}), ProviderFailed, "file too large", 1),
        (said(500, {}), ProviderBusy, "HTTP 500", 4),
        (said(429, {}, **{"Retry-After": "3600"}), ProviderBusy, "3,600 seconds", 1),
        (said(200, {"words": []}), ProviderFailed, "no transcription", 1),
        ((200, {}, b"<html>"), ProviderFailed, "no JSON object", 1),
    ],
    ids=["401", "404", "413", "500", "429", "no text", "no json"],
)
def test_what_a_provider_does_wrong_is_told_without_its_key(
    listen: Listening,
    server: Server,
    tmp_path: Path,
    answer: Answer,
    failure: type[JobFailure],
    sentence: str,
    requests: int,
):
    server.usual = lambda _request: answer
    with pytest.raises(failure, match=sentence) as raised:
        listen.to(sound(tmp_path / "talk.wav", tone(1)))
    assert KEY not in raised.value.message
    assert (len(server.requests), listen.left()) == (requests, [])


def test_a_busy_provider_is_asked_again(listen: Listening, server: Server, tmp_path: Path):
    server.script = [lambda _request: said(503, {})]
    assert listen.to(sound(tmp_path / "talk.wav", tone(3))).text == "3 seconds"
    assert len(server.requests) == 2


def test_a_provider_that_hangs_is_given_up(listen: Listening, server: Server, tmp_path: Path):
    server.usual = server.hang
    begun = time.monotonic()
    with pytest.raises(ProviderBusy, match="did not answer within"):
        listen.to(sound(tmp_path / "talk.wav", tone(1)), answer_seconds=0.5)
    assert time.monotonic() - begun < 20


def test_a_file_that_is_no_video_is_refused_by_the_program_that_opens_it(
    listen: Listening, server: Server, tmp_path: Path
):
    (tmp_path / "talk.mp4").write_bytes(b"%PDF-1.7")
    with pytest.raises(InvalidFile, match="no video or sound file"):
        listen.to(tmp_path / "talk.mp4")
    assert (server.requests, listen.left()) == ([], [])


def test_a_speech_model_of_this_machine_that_cannot_be_loaded_names_the_setting(listen: Listening, tmp_path: Path):
    with pytest.raises(JobFailure, match="SECRETARY_WHISPER_FOLDER"):
        listen.to(sound(tmp_path / "talk.wav", tone(1)), whisper=str(tmp_path / "no model"))


def test_a_speech_model_of_this_machine_hears_each_part_and_nothing_leaves_it(
    listen: Listening, server: Server, tmp_path: Path
):
    talk = sound(tmp_path / "talk.wav", tone(530) + silence(1) + tone(80))
    transcript = listen.to(talk, whisper=str(made_model(tmp_path / "tiny")), language="de")
    assert (transcript.source, transcript.provider, transcript.model) == ("local", "faster-whisper", "tiny")
    # What so small a model hears beside its one word, and when, is a matter of rounding.
    assert any("hello" in segment.text for segment in transcript.segments)
    starts = [segment.start or 0.0 for segment in transcript.segments]
    assert starts == sorted(starts)
    assert all((segment.end or 0.0) <= 611 for segment in transcript.segments)
    assert (transcript.language, listen.progress) == ("de", [(0, 2), (1, 2), (2, 2)])
    assert (server.requests, listen.left()) == ([], [])
