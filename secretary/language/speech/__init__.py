"""What is said in a session's video: captions that came with it, or its sound through a speech provider or a model here."""

from secretary.language.speech.captions import parse_captions
from secretary.language.speech.transcribing import NO_SPEECH_PROVIDER, transcribe
from secretary.language.speech.transcript import Segment, Transcript, clock

__all__ = ["NO_SPEECH_PROVIDER", "Segment", "Transcript", "clock", "parse_captions", "transcribe"]
