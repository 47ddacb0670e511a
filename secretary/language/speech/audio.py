"""The sound of a media file as small MP3 parts that speech providers take, cut where it is quietest.

Loads FFmpeg through PyAV, which opens whatever a file names: only for a process that is confined (`audio_worker`).
"""

import array
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av as untyped
from av.error import FFmpegError

from secretary.errors import InvalidFile

av: Any = untyped

RATE: Final = 16_000
"""Samples a second; speech models hear no more."""
LATEST_CUT: Final = 600
"""Seconds of the longest part: 2.4 MB, and what a provider reads in a few seconds."""
EARLIEST_CUT: Final = 480

_BIT_RATE: Final = 32_000
_SAMPLE_BYTES: Final = 2
_PAUSE_SAMPLES: Final = RATE * 3 // 10
_STEP_SAMPLES: Final = RATE // 10
_LONGEST_SECONDS: Final = 12 * 3600
_SHORTEST_SAMPLES: Final = RATE // 10
# No playlists and no lists of other files, which name what FFmpeg then opens.
_FORMATS: Final = (
    "mov,matroska,webm,mp3,ogg,wav,w64,flac,aac,adts,avi,mpegts,mpeg,mpegvideo,flv,asf,aiff,amr,caf,3gp,3g2,mp4"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of sound in a file of its own; `start` and `end` are seconds in the video."""

    path: Path
    start: float
    end: float


def extract(media: Path, folder: Path, heard: Callable[[float, float | None], None]) -> Iterator[Part]:
    """The sound of `media` as parts in `folder`. `heard(seconds, of)` is told now and then, `of` None where no length is known.

    Raises InvalidFile for what is no media file, and where there is no sound.
    """
    # By way of a Python file FFmpeg sees bytes and no path that another path could follow.
    with media.open("rb", buffering=0) as file, _opened(file) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise InvalidFile("The video has no sound.")
        length = container.duration / av.time_base if container.duration else None
        parts = _Parts(folder)
        count = 0
        try:
            for samples in _samples(container, stream):
                yield from parts.add(samples)
                if parts.seconds >= count:
                    heard(parts.seconds, length)
                    count = int(parts.seconds) + 30
                if parts.seconds > _LONGEST_SECONDS:
                    raise InvalidFile(f"The video is longer than {_LONGEST_SECONDS // 3600} hours.")
        except FFmpegError as error:
            # What could be heard before the damage is worth as much as ever.
            if parts.seconds == 0:
                raise InvalidFile("The sound of the video cannot be read; the file seems to be damaged.") from error
        yield from parts.last()


def _opened(file: io.RawIOBase) -> Any:
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
    try:
        return av.open(file, options=options, metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        raise InvalidFile("This is no video or sound file that can be read.") from error


def _samples(container: Any, stream: Any) -> Iterator[bytes]:
    """The sound in 16-bit samples of one channel. A packet that is damaged is left out, as players do."""
    stream.thread_type = "NONE"
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            frame.pts = None
            yield from _plain(resampler.resample(frame))
    yield from _plain(resampler.resample(None))


def _plain(frames: list[Any]) -> Iterator[bytes]:
    for frame in frames:
        yield bytes(frame.planes[0])[: frame.samples * _SAMPLE_BYTES]


class _Parts:
    """Gathers samples, and cuts them between EARLIEST_CUT and LATEST_CUT seconds where there is a pause."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = bytearray()
        self._written = 0
        self._count = 0

    @property
    def seconds(self) -> float:
        return self._written / RATE + len(self._waiting) / (RATE * _SAMPLE_BYTES)

    def add(self, samples: bytes) -> Iterator[Part]:
        self._waiting += samples
        if len(self._waiting) >= LATEST_CUT * RATE * _SAMPLE_BYTES:
            yield self._part(_quietest(self._waiting, EARLIEST_CUT * RATE))

    def last(self) -> Iterator[Part]:
        if len(self._waiting) >= _SHORTEST_SAMPLES * _SAMPLE_BYTES:
            yield self._part(len(self._waiting) // _SAMPLE_BYTES)
        elif not self._count:
            raise InvalidFile("The video has no sound.")

    def _part(self, samples: int) -> Part:
        self._count += 1
        path = self._folder / f"part-{self._count:03}.mp3"
        size = samples * _SAMPLE_BYTES
        _encode(memoryview(self._waiting)[:size], path)
        start = self._written / RATE
        self._written += samples
        self._waiting = self._waiting[size:]
        return Part(path, start, self._written / RATE)


def _quietest(samples: bytearray, earliest: int) -> int:
    """The sample to cut before: the middle of the least loud 0.3 seconds from `earliest` on."""
    found = array.array("h", bytes(samples[earliest * _SAMPLE_BYTES :]))
    loudness = [_peak(found[at : at + _STEP_SAMPLES]) for at in range(0, len(found), _STEP_SAMPLES)]
    steps = _PAUSE_SAMPLES // _STEP_SAMPLES
    best = min(range(len(loudness) - steps + 1), key=lambda at: max(loudness[at : at + steps]))
    return earliest + best * _STEP_SAMPLES + _PAUSE_SAMPLES // 2


def _peak(samples: "array.array[int]") -> int:
    highest, lowest = max(samples), min(samples)
    return max(highest, -lowest)


def _encode(samples: memoryview, path: Path) -> None:
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        piece = RATE * _SAMPLE_BYTES
        for at in range(0, len(samples), piece):
            chunk = bytes(samples[at : at + piece])
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(chunk) // _SAMPLE_BYTES)
            frame.planes[0].update(chunk)
            frame.sample_rate = RATE
            frame.pts = at // _SAMPLE_BYTES
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
