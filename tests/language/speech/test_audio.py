"""The sound of a media file comes in parts that are cut in pauses, and what is no media file is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import av as untyped
import pytest

from secretary.errors import InvalidFile
from secretary.language.speech.audio import Part, extract
from tests.language.speech.media import silence, sound, tone, video

av: Any = untyped


def parts_of(media: Path, folder: Path) -> list[Part]:
    folder.mkdir(exist_ok=True)
    return list(extract(media, folder, lambda _at, _of: None))


def seconds_of(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.duration / av.time_base)


@pytest.mark.parametrize("ending", ["mp4", "mkv", "mov"])
def test_a_video_gives_its_sound_as_one_small_part(tmp_path: Path, ending: str):
    [part] = parts_of(video(tmp_path / f"talk.{ending}", tone(5), 5), tmp_path / "parts")
    assert (part.path.name, part.start) == ("part-001.mp3", 0.0)
    assert part.end == pytest.approx(5, abs=0.2)
    assert seconds_of(part.path) == pytest.approx(5, abs=0.3)
    assert part.path.stat().st_size < 30_000


def test_a_long_talk_is_cut_in_its_pauses(tmp_path: Path):
    talk = sound(tmp_path / "talk.wav", tone(530) + silence(1) + tone(529))
    first, second = parts_of(talk, tmp_path / "parts")
    assert 530.1 <= first.end <= 530.9
    assert (first.start, second.start, second.end) == (0.0, first.end, 1060.0)
    assert seconds_of(second.path) == pytest.approx(1060 - second.start, abs=0.3)


def test_a_talk_without_pause_is_cut_all_the_same(tmp_path: Path):
    talk = sound(tmp_path / "talk.wav", tone(610))
    parts = parts_of(talk, tmp_path / "parts")
    assert len(parts) == 2
    assert 480 <= parts[0].end <= 600


def test_what_stands_before_the_damage_is_heard(tmp_path: Path):
    whole = sound(tmp_path / "talk.mp3", tone(20), "libmp3lame").read_bytes()
    (tmp_path / "cut.mp3").write_bytes(whole[: len(whole) // 2] + b"\0" * 5000)
    [part] = parts_of(tmp_path / "cut.mp3", tmp_path / "parts")
    assert 8 <= part.end <= 12


def test_a_video_without_sound_is_refused(tmp_path: Path):
    with pytest.raises(InvalidFile, match="has no sound"):
        parts_of(video(tmp_path / "mute.mp4", None, 2), tmp_path / "parts")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 10_000,
        b"%PDF-1.7 a document",
        b"<!doctype html><p>not found",
        b"#EXTM3U\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile {secret}\n",
        b'<?xml version="1.0"?><MPD><Period><BaseURL>{secret}</BaseURL></Period></MPD>',
    ],
    ids=["empty", "zeros", "pdf", "html", "playlist", "list", "manifest"],
)
def test_what_is_no_media_file_is_refused_and_names_nothing_that_is_opened(tmp_path: Path, content: bytes):
    secret = sound(tmp_path / "secret.wav", tone(1))
    (tmp_path / "media").write_bytes(content.replace(b"{secret}", str(secret).encode()))
    with pytest.raises(InvalidFile, match="no video or sound file"):
        parts_of(tmp_path / "media", tmp_path / "parts")
    assert list((tmp_path / "parts").iterdir()) == []


def test_ffmpeg_stays_out_of_the_process_that_asks():
    program = "import sys, secretary.language.speech\nprint('av' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
