"""Session jobs against a small conference on this machine, a model and a speech provider that speak their protocols."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from secretary.errors import (
    FetchFailed,
    FetchRefused,
    FileTooLarge,
    InvalidFile,
    ProviderFailed,
    ProviderNotConfigured,
    TemplateError,
    UrlNotAllowed,
)
from secretary.fetching import OutboundPolicy, provider_client
from secretary.files import KeptTexts
from secretary.handlers import LogLevel, SourceInfo, session
from secretary.parameters.session import SessionParameters
from secretary.providers import LanguageModel, Providers, SpeechModel
from secretary.results.session import SessionResults
from tests.documents.remote import provider_servers
from tests.documents.remote.provider_servers import Answer, Request
from tests.documents_made import text_pdf
from tests.fetching.servers import Server, answering, in_turn, raw, serving
from tests.language.model.chat_model import answered, data_of, schema_of
from tests.language.speech.media import tone, video
from tests.language.speech.test_transcribing import listening
from tests.sessions.conference import SLIDES, VIDEO, asked_for, page, put_up

TRANSCRIPT = "**[00:01]** Welcome to this talk about fast parsers.\n\n**[01:05]** Parsers should be small & fast."


@dataclass
class KeptLimits:
    max_pages: int = 20
    page_seconds: float = 20.0
    memory_bytes: int = 2 * 1024**3
    job_seconds: float = 60.0
    max_file_bytes: int = 10**6
    media_bytes: int = 10**6


@dataclass
class KeptContext:
    """A context as the sandbox gives it, which keeps what it is told."""

    directory: Path
    providers: Providers = field(default_factory=Providers)
    source: Path | None = None
    source_info: SourceInfo | None = None
    outbound: OutboundPolicy = field(default_factory=lambda: OutboundPolicy(allow_private_networks=True))
    limits: KeptLimits = field(default_factory=KeptLimits)
    kept_texts: KeptTexts | None = None
    careful: bool = False
    reports: list[tuple[str, int, str]] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def report(self, step: str, percent: int, message: str) -> None:
        self.reports.append((step, percent, message))

    def sign_of_life(self) -> None:
        """Nobody waits for it here."""

    def allow_seconds(self, seconds: float) -> None:
        """An alarm would end the tests."""

    def log(self, level: LogLevel, message: str) -> None:
        self.logs.append(f"{level}: {message}")

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def run(self, url: str, **more: object) -> SessionResults:
        return session.run(SessionParameters.model_validate(asked_for(url, **more)), self)

    def produced(self) -> list[str]:
        files = (path for path in self.directory.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.directory).as_posix() for path in files)

    def steps(self) -> list[str]:
        return list(dict.fromkeys(step for step, _, _ in self.reports))


def telling(request: Request) -> Answer:
    """Answers every field, in the language that is asked for, with what must not reach a browser."""
    language = re.search(r"every answer in the language (\S+)\.", request.body["messages"][0]["content"])
    told = f"{language[1] if language else '?'} <img src=x onerror=y> [x](javascript:z)"
    keys = schema_of(request)["properties"].items()
    return answered({key: [f"{key} {told}"] if asked["type"] == "array" else f"{key} {told}" for key, asked in keys})


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(provider_client, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def model() -> Iterator[provider_servers.Server]:
    with provider_servers.serving(telling) as made:
        yield made


@pytest.fixture
def conference() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def job(tmp_path: Path, model: provider_servers.Server) -> KeptContext:
    folder = tmp_path / "working" / "files"
    folder.mkdir(parents=True)
    llm = LanguageModel(url=model.url, key="k", model="m-1", notes=str(tmp_path / "notes"))
    return KeptContext(folder, Providers(llm=llm, answer_seconds=10.0))


def test_page_captions_and_slides_become_one_report(
    job: KeptContext, conference: Server, model: provider_servers.Server, tmp_path: Path
):
    results = job.run(put_up(conference, tmp_path))
    assert job.warnings == []
    stem = "ExampleConf-2025/assets/fast-parsers/fast-parsers"
    pictures = [f"{stem}/{kind}/page-000{number}.jpg" for kind in ("images", "previews") for number in (1, 2)]
    report = "ExampleConf-2025/de/Devroom-Languages/fast-parsers.md"
    assert job.produced() == sorted([report, *pictures])
    assert sorted(results.assets) == sorted(pictures)
    assert results.markdown_file == report
    assert (job.directory / report).read_text() == results.markdown_content
    assert results.video_transcript == TRANSCRIPT
    assert "becomes fast without becoming hard to read" in results.web_text
    (attachment,) = results.attachments
    assert (attachment.name, attachment.page_count, attachment.error) == ("Slides", 2, None)
    assert [each.text.strip() for each in attachment.pages] == ["First slide\nof *two*", "Second slide <b>here</b>"]
    data = results.structured_data
    assert (data.day, data.starttime, data.endtime) == ("2025-02-01", "10:30", "11:00")
    assert (data.speakers, data.place) == (["Ada Lovelace", "Alan Turing"], "Room K.1.105")
    assert data.url == conference.url("/schedule/fast-parsers")
    assert (data.language, data.translated, data.filling.provider) == ("de", True, "llm")
    assert data.transcript is not None
    assert (data.transcript.source, data.transcript.language) == ("captions", "en")
    (text,) = data_of(model.requests[0])
    for part in (
        "Speakers: Ada Lovelace, Alan Turing",
        "Welcome to this talk",
        "Second slide",
        "What is slow in a parser",
    ):
        assert part in text
    assert "/media/talk.mp4" not in conference.paths()


def test_the_report_holds_player_links_gallery_and_transcript_and_nothing_that_runs(
    job: KeptContext, conference: Server, tmp_path: Path
):
    report = job.run(put_up(conference, tmp_path)).markdown_content
    video = conference.url("/media/talk.mp4")
    assert f'<video controls preload="none" src="{video}"></video>' in report
    assert f"- Video: {video}\n" in report
    assert f"- [Slides]({conference.url('/slides/fast%20parsers.pdf')})" in report
    folder = "../../assets/fast-parsers/fast-parsers"
    gallery = (
        f"[![Seite 1]({folder}/previews/page-0001.jpg)]({folder}/images/page-0001.jpg)\n\nFirst slide\nof \\*two\\*"
    )
    assert gallery in report
    assert "Second slide \\<b>here\\</b>" in report
    assert f"*Sprache des Transkripts: en*\n\n{TRANSCRIPT}" in report
    assert "title de &lt;img src=x onerror=y> [x](#)" in report
    assert "<img" not in report
    assert "javascript" not in report
    assert "{videoplayer}" not in report
    assert re.findall(r"^day: (.*)$", report, re.MULTILINE) == ["2025-02-01"]


def test_steps_come_in_order_and_percents_never_go_back(job: KeptContext, conference: Server, tmp_path: Path):
    job.run(put_up(conference, tmp_path))
    begun = {step: percent for step, percent, _ in reversed(job.reports)}
    assert list(reversed(begun.items())) == [
        ("initializing", 0),
        ("fetching_page", 10),
        ("downloading_media", 30),
        ("processing_video", 50),
        ("processing_attachments", 70),
        ("generating_markdown", 90),
    ]
    percents = [percent for _, percent, _ in job.reports]
    assert percents == sorted(percents)


def test_what_the_job_says_comes_before_what_the_page_says(job: KeptContext, conference: Server, tmp_path: Path):
    url = put_up(conference, tmp_path)
    other = text_pdf(tmp_path / "other.pdf", "Other slide").read_bytes()
    conference.on("/other", answering(200, other, content_type="application/octet-stream"))
    results = job.run(
        url,
        day="Saturday",
        starttime="ten",
        endtime="eleven",
        speakers="Grace Hopper; Edsger Dijkstra",
        video_url=conference.url("/elsewhere.mp4"),
        video_transcript="What <b>I</b> heard.",
        attachments_url=conference.url("/other"),
        target_language="en",
    )
    data = results.structured_data
    assert (data.day, data.starttime, data.endtime) == ("Saturday", "ten", "eleven")
    assert data.speakers == ["Grace Hopper", "Edsger Dijkstra"]
    assert data.transcript is not None
    assert (data.transcript.source, data.translated) == ("given", False)
    assert [each.name for each in results.attachments] == ["other"]
    assert "What &lt;b>I&lt;/b> heard." in results.markdown_content
    assert results.markdown_file == "ExampleConf-2025/en/Devroom-Languages/fast-parsers.md"
    asked = conference.paths()
    assert not [path for path in asked if path.startswith(("/media", "/slides", "/elsewhere"))]


def test_an_empty_list_of_attachments_reads_none(job: KeptContext, conference: Server, tmp_path: Path):
    results = job.run(put_up(conference, tmp_path), attachments_url=[])
    assert (results.attachments, results.assets) == ([], [])
    assert len(job.produced()) == 1


def test_captions_that_are_none_are_warned_of_and_the_next_are_taken(
    job: KeptContext, conference: Server, tmp_path: Path
):
    url = put_up(conference, tmp_path)
    conference.on("/media/talk.en.vtt", answering(200, b"<html>Not here</html>", content_type="text/html"))
    results = job.run(url)
    assert results.video_transcript == "**[00:01]** Willkommen."
    assert job.warnings == ["The captions at 127.0.0.1 were not used: this is neither WebVTT nor SubRip."]


def test_captions_of_a_server_that_is_busy_are_asked_for_again(job: KeptContext, conference: Server, tmp_path: Path):
    url = put_up(conference, tmp_path)
    there = conference.answers["/media/talk.en.vtt"]
    conference.on("/media/talk.en.vtt", in_turn(answering(503), there))
    assert job.run(url).video_transcript == TRANSCRIPT
    assert job.warnings == []


def test_a_report_says_the_language_of_a_transcript_that_is_not_its_own(
    job: KeptContext, conference: Server, tmp_path: Path
):
    german = '<video src="/media/talk.mp4"><track srclang="de" src="/media/talk.de.vtt"></video>'
    url = put_up(conference, tmp_path, media=german)
    told = "Language of the transcript: de"
    english, own = (job.run(url, target_language=language, attachments_url=[]) for language in ("en", "de"))
    assert f"*{told}*\n\n**[00:01]** Willkommen." in english.markdown_content
    assert "Sprache des Transkripts" not in own.markdown_content


def test_of_several_videos_the_report_plays_the_one_whose_captions_it_has(
    job: KeptContext, conference: Server, tmp_path: Path
):
    trailer = '<video src="/media/trailer.mp4"></video>'
    url = put_up(conference, tmp_path, media=trailer + VIDEO)
    results = job.run(url, attachments_url=[])
    assert results.video_transcript == TRANSCRIPT
    assert results.structured_data.video_url == conference.url("/media/talk.mp4")
    mine = '<video src="/media/mine.mp4"><track srclang="de" src="/media/talk.de.vtt"></video>'
    put_up(conference, tmp_path, media=mine + VIDEO)
    results = job.run(url, attachments_url=[])
    assert results.video_transcript == "**[00:01]** Willkommen."
    assert results.structured_data.video_url == conference.url("/media/mine.mp4")
    named = job.run(url, attachments_url=[], video_url=conference.url("/media/talk.mp4"))
    assert named.video_transcript == TRANSCRIPT


def test_without_captions_and_speech_provider_the_report_says_that_there_is_no_transcript(
    job: KeptContext, conference: Server, tmp_path: Path
):
    results = job.run(put_up(conference, tmp_path, media='<video src="/media/talk.mp4"></video>'))
    assert results.video_transcript is None
    assert "Es gibt kein Transkript." in results.markdown_content
    (warning,) = job.warnings
    assert warning.startswith("There is no transcript. Speech cannot be turned into text here")
    assert "/media/talk.mp4" not in conference.paths()


def test_a_video_is_fetched_and_heard_part_by_part(job: KeptContext, conference: Server, tmp_path: Path):
    url = put_up(conference, tmp_path, media='<video src="/media/talk.mp4"></video>')
    made = video(tmp_path / "talk.mp4", tone(3), 3).read_bytes()
    conference.on("/media/talk.mp4", answering(200, made, content_type="video/mp4"))
    with provider_servers.serving(listening) as speech:
        heard = SpeechModel(url=speech.url, key="k", model="whisper-1", notes=str(tmp_path / "notes"))
        job.providers = job.providers.model_copy(update={"speech": heard})
        results = job.run(url)
        assert len(speech.requests) == 1
    assert results.video_transcript == "**[00:00]** 3 seconds"
    origin = results.structured_data.transcript
    assert origin is not None
    assert (origin.source, origin.model) == ("speech", "whisper-1")
    assert job.warnings == []
    told = [message for step, _, message in job.reports if step == "downloading_media"]
    assert any(message.endswith("MB of the video") for message in told)
    assert [path.name for path in job.directory.parent.iterdir()] == ["files"]


def test_the_transcript_of_the_same_video_is_taken_from_an_earlier_job_of_the_same_owner(
    job: KeptContext, conference: Server, tmp_path: Path
):
    url = put_up(conference, tmp_path, media='<video src="/media/talk.mp4"></video>')
    made = video(tmp_path / "talk.mp4", tone(2), 2).read_bytes()
    conference.on("/media/talk.mp4", answering(200, made, content_type="video/mp4"))
    kept = {"root": str(tmp_path / "texts"), "max_seconds": 60.0, "max_bytes": 10**6}
    with provider_servers.serving(listening) as speech:
        heard = SpeechModel(url=speech.url, key="k", model="whisper-1", notes=str(tmp_path / "notes"))
        job.providers = job.providers.model_copy(update={"speech": heard})

        def run(owner: str, **more: object) -> tuple[SessionResults, int]:
            job.kept_texts = KeptTexts.from_dict({**kept, "owner": owner})
            return job.run(url, attachments_url=[], **more), len(speech.requests)

        first, asked = run("ada")
        assert asked == 1
        again, asked = run("ada", target_language="fr")
        assert asked == 1
        assert again.video_transcript == first.video_transcript == "**[00:00]** 2 seconds"
        told = [results.structured_data.transcript for results in (first, again)]
        assert [each.from_cache for each in told if each] == [False, True]
        for number, more in enumerate(({"owner": "alan"}, {"owner": "ada", "use_cache": False}), 2):
            assert run(**more)[1] == number


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (answering(404), "The video could not be fetched: 127.0.0.1 answered HTTP 404 (Not Found)."),
        (
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort"),
            "The video could not be fetched: 127.0.0.1 did not send a complete HTTP answer.",
        ),
        (
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n"),
            "The video could not be fetched: The file at 127.0.0.1 has 2,000,000 bytes; this server takes 1,000,000.",
        ),
        (answering(200, b"<html>Log in</html>", content_type="text/html"), "leads to a web page of 127.0.0.1"),
        (answering(200, b"no video", content_type="video/mp4"), "The video could not be heard: "),
    ],
)
def test_a_video_that_cannot_be_had_is_a_warning_with_its_reason(
    answer: Any, reason: str, job: KeptContext, conference: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("secretary.sessions.fetching_again._PAUSE_SECONDS", 0.01)
    url = put_up(conference, tmp_path, media='<video src="/media/talk.mp4"></video>')
    conference.on("/media/talk.mp4", answer)
    job.providers = job.providers.model_copy(update={"speech": SpeechModel(url="http://127.0.0.1:9", model="m")})
    results = job.run(url)
    (warning,) = job.warnings
    assert reason in warning
    assert results.video_transcript is None


def test_attachments_that_fail_are_warnings_with_their_reasons_and_the_others_are_read(
    job: KeptContext, conference: Server, tmp_path: Path
):
    links = SLIDES + '<a href="/gone.pdf">Gone</a><a href="/page.pdf">Page</a><a href="/flaky.pdf">Flaky</a>'
    url = put_up(conference, tmp_path, links=links)
    flaky = text_pdf(tmp_path / "flaky.pdf", "Third time lucky").read_bytes()
    conference.on("/page.pdf", answering(200, b"<html>no PDF</html>"))
    conference.on(
        "/flaky.pdf",
        in_turn(answering(503), raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n%PDF"), answering(200, flaky)),
    )
    results = job.run(url)
    assert [(each.name, each.page_count) for each in results.attachments] == [
        ("Slides", 2),
        ("Gone", None),
        ("Page", None),
        ("Flaky", 1),
    ]
    gone, html = job.warnings
    assert gone == "The attachment Gone is missing in the report: 127.0.0.1 answered HTTP 404 (Not Found)."
    assert html.startswith("The attachment Page is missing in the report: Page is not a PDF")
    assert "Gone konnte nicht gelesen werden: 127.0.0.1 answered HTTP 404" in results.markdown_content
    assert not [name for name in job.produced() if "/page/" in name or "gone" in name]


def test_of_an_attachment_with_too_many_pages_the_first_are_read(job: KeptContext, conference: Server, tmp_path: Path):
    job.limits.max_pages = 1
    results = job.run(put_up(conference, tmp_path))
    assert [len(each.pages) for each in results.attachments] == [1]
    assert job.warnings == ["Slides has 2 pages; the first 1 are in the report."]


def test_an_attachment_with_a_password_is_told_as_one_that_a_session_does_not_take(
    job: KeptContext, conference: Server, tmp_path: Path
):
    url = put_up(conference, tmp_path)
    locked = text_pdf(tmp_path / "locked.pdf", "Secret", password="pw").read_bytes()
    conference.on("/slides/fast%20parsers.pdf", answering(200, locked))
    (attachment,) = job.run(url).attachments
    assert attachment.error == "It is encrypted; a session takes PDFs without a password only."
    assert job.warnings == [f"The attachment Slides is missing in the report: {attachment.error}"]


def test_a_speech_provider_that_refuses_fails_the_job(job: KeptContext, conference: Server, tmp_path: Path):
    url = put_up(conference, tmp_path, media='<video src="/media/talk.mp4"></video>')
    made = video(tmp_path / "talk.mp4", tone(1), 1).read_bytes()
    conference.on("/media/talk.mp4", answering(200, made, content_type="video/mp4"))
    with provider_servers.serving(
        lambda _: provider_servers.said(401, {"error": {"message": "no such key"}})
    ) as speech:
        heard = SpeechModel(url=speech.url, key="k", model="whisper-1", notes=str(tmp_path / "notes"))
        job.providers = job.providers.model_copy(update={"speech": heard})
        with pytest.raises(ProviderFailed):
            job.run(url)
    assert job.produced() == []
    assert [path.name for path in job.directory.parent.iterdir()] == ["files"]


def test_attachments_of_one_name_lie_in_folders_of_their_own(job: KeptContext, conference: Server, tmp_path: Path):
    pdf = text_pdf(tmp_path / "a.pdf", "One").read_bytes()
    for path in ("/a/slides.pdf", "/b/Slides.PDF", "/c/..%2f..%2fslides.pdf"):
        conference.on(path, answering(200, pdf))
    url = put_up(conference, tmp_path)
    addresses = [conference.url(path) for path in ("/a/slides.pdf", "/b/Slides.PDF", "/c/..%2f..%2fslides.pdf")]
    job.run(url, attachments_url=addresses, filename="../../x.md", event="..", track="con")
    folders = {name.split("/")[3] for name in job.produced() if "/assets/" in name}
    assert folders == {"slides", "Slides-2", "slides-3"}
    assert "document/de/con-/x.md" in job.produced()


@pytest.mark.parametrize(
    ("answer", "failure", "words"),
    [
        (answering(404), FetchRefused, r"answered HTTP 404 \(Not Found\)"),
        (answering(502), FetchFailed, "answered HTTP 502"),
        (answering(200, b"  \n", content_type="text/html"), InvalidFile, "is empty"),
        (answering(200, b"<html><body></body></html>", content_type="text/html"), InvalidFile, "no text to read"),
        (answering(200, b"{}", content_type="application/json"), InvalidFile, "application/json where a web page"),
        (answering(200, b"%PDF-1.7", content_type="text/html"), InvalidFile, "a PDF where a web page"),
        (answering(200, b"plain words", content_type="text/plain"), InvalidFile, "a text file where a web page"),
        (answering(302, location="http://169.254.169.254/latest"), UrlNotAllowed, "redirects to an address"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10000001\r\n\r\n"), FileTooLarge, "takes 10,000,000"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<html>"), FetchFailed, "complete HTTP answer"),
    ],
)
def test_without_its_page_there_is_no_report_and_the_reason_is_the_real_one(
    answer: Any, failure: type[Exception], words: str, job: KeptContext, conference: Server
):
    conference.on("/talk", answer)
    with pytest.raises(failure, match=words):
        job.run(conference.url("/talk"))
    assert job.produced() == []
    assert job.steps() == ["initializing", "fetching_page"]


def test_a_server_of_a_private_network_is_not_entered_where_that_is_not_allowed(job: KeptContext, conference: Server):
    job.outbound = OutboundPolicy()
    with pytest.raises(UrlNotAllowed):
        job.run(conference.url("/talk"))
    assert conference.asked == []


def test_without_a_model_another_language_that_was_asked_for_is_refused_before_anything_is_fetched(
    job: KeptContext, conference: Server, tmp_path: Path
):
    job.providers = Providers()
    with pytest.raises(ProviderNotConfigured, match="target_language de needs a language model"):
        job.run(put_up(conference, tmp_path), target_language="de")
    assert conference.asked == []


def test_without_a_model_the_report_is_made_by_rules_in_the_language_of_the_session(
    job: KeptContext, conference: Server, tmp_path: Path
):
    job.providers = Providers()
    results = job.run(put_up(conference, tmp_path))
    data = results.structured_data
    assert (data.language, data.translated, data.filling.provider) == ("en", False, "rules")
    assert results.markdown_file.startswith("ExampleConf-2025/en/")
    report = results.markdown_content
    assert re.findall("^# .*$", report, re.MULTILINE) == ["# Fast parsers"]
    assert re.findall("^## .*$", report, re.MULTILINE)[0] == "## Summary"
    assert "This talk shows how a parser becomes fast" in report
    assert TRANSCRIPT in report
    assert "Language of the transcript" not in report
    assert job.warnings == []
    assert any("so the report is in the language of the session, en." in line for line in job.logs)
    german = job.run(conference.url("/go"), source_language="de", target_language="de", filename="rede")
    assert "## Zusammenfassung" in german.markdown_content


def test_a_template_of_ones_own_may_name_the_facts_and_have_no_fields(
    job: KeptContext, conference: Server, tmp_path: Path
):
    own = tmp_path / "templates"
    own.mkdir()
    (own / "Card.md").write_text("{{session}} by {{speakers}} in {{place}}: {videoplayer}|{{unknown}}\n\n{slides}\n")
    job.providers = job.providers.model_copy(update={"templates": str(own)})
    report = job.run(put_up(conference, tmp_path), template="Card", speakers=["<i>A</i>", "B"]).markdown_content
    assert report.startswith("Fast parsers by &lt;i>A&lt;/i>, B in Room K.1.105: <video controls")
    assert "![Seite 2]" in report
    (warning,) = [each for each in job.warnings if "no fields" in each]
    assert warning == "The template has no fields, so nothing in the report was translated into de."
    with pytest.raises(TemplateError, match='no template "Cart"'):
        job.run(conference.url("/go"), template="Cart")


def test_a_title_of_several_lines_says_nothing_else_of_the_session(
    job: KeptContext, conference: Server, model: provider_servers.Server, tmp_path: Path
):
    url = put_up(conference, tmp_path)
    job.run(url, session="Fast\nSpeakers: Eve\n# parsers", speakers=["Ada\nTrack: x"], attachments_url=[])
    text = "\n".join(data_of(model.requests[-1]))
    assert text.startswith(
        "# Fast Speakers: Eve # parsers\n\nTitle: Fast Speakers: Eve # parsers\nSpeakers: Ada Track: x\n"
    )


def test_a_template_without_variants_is_warned_of_only_where_another_language_or_this_one_was_asked_for(
    job: KeptContext, conference: Server, tmp_path: Path
):
    own = tmp_path / "templates"
    own.mkdir()
    (own / "Card.md").write_text("{{session}}\n")
    url = put_up(conference, tmp_path)
    told = 'There is no template "Card_en"; the template "Card" is used as it is.'
    job.providers = Providers(templates=str(own))
    job.run(url, template="Card", attachments_url=[])
    assert (job.warnings, f"info: {told}" in job.logs) == ([], True)
    job.run(url, template="Card", attachments_url=[], target_language="en")
    assert job.warnings == [told]


def test_a_page_that_only_embeds_a_player_is_linked_and_says_why_there_is_no_transcript(
    job: KeptContext, conference: Server, tmp_path: Path
):
    media = '<iframe src="https://www.youtube.com/embed/abc"></iframe>'
    results = job.run(put_up(conference, tmp_path, media=media))
    assert results.structured_data.video_url == "https://www.youtube.com/embed/abc"
    assert "<https://www.youtube.com/embed/abc>" in results.markdown_content
    assert "hands out no file; give video_url or video_transcript" in job.warnings[0]


def test_parameters_are_checked_and_historical_spellings_are_taken():
    parameters = SessionParameters.model_validate(
        asked_for("http://a.example", createArchive=False, useCache=False, attachments_url="http://a.example/x.pdf")
    )
    assert (parameters.create_archive, parameters.use_cache) == (False, False)
    assert parameters.attachments_url == ["http://a.example/x.pdf"]
    for wrong in ({"event": " "}, {"speakers": [3]}, {"target_language": "../de"}, {"sesion": "x"}, {"filename": ""}):
        with pytest.raises(ValidationError):
            SessionParameters.model_validate({**asked_for("http://a.example"), **wrong})
    assert VIDEO in page().decode()
