"""Media files made here: tones that stand for speech, with pauses between them, and a picture where a video is wanted."""

import array
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import av as untyped

av: Any = untyped

RATE = 16_000


def tone(seconds: float, loudness: float = 0.3) -> bytes:
    """16-bit samples of one channel that swell four times a second, as syllables do."""
    turn = 2 * math.pi / RATE
    swell = [0.55 + 0.45 * math.sin(4 * turn * at) for at in range(RATE)]
    second = array.array("h", [round(32_767 * loudness * swell[at] * math.sin(220 * turn * at)) for at in range(RATE)])
    return (second * math.ceil(seconds)).tobytes()[: 2 * round(seconds * RATE)]


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def sound(path: Path, samples: bytes, codec: str = "pcm_s16le") -> Path:
    """A sound file of whatever kind the path's ending says."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        _write(container, stream, samples)
    return path


def video(path: Path, samples: bytes | None, seconds: int) -> Path:
    """One gray picture a second, with sound unless `samples` is None."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=1)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        speech = container.add_stream("aac", rate=RATE, layout="mono") if samples is not None else None
        for second in range(seconds):
            picture = av.VideoFrame(64, 48, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes([128]) * plane.buffer_size)
            picture.pts, picture.time_base = second, Fraction(1, 1)
            container.mux(pictures.encode(picture))
        container.mux(pictures.encode(None))
        if speech is not None:
            _write(container, speech, samples or b"")
    return path


def _write(container: Any, stream: Any, samples: bytes) -> None:
    resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE)
    for at in range(0, len(samples), 2 * RATE):
        piece = samples[at : at + 2 * RATE]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece) // 2)
        frame.planes[0].update(piece)
        frame.sample_rate, frame.pts = RATE, at // 2
        for fitting in resampler.resample(frame):
            container.mux(stream.encode(fitting))
    container.mux(stream.encode(None))
