"""Captions are read as WebVTT and SubRip say, and everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.language.speech import Segment, parse_captions

WEBVTT = """WEBVTT - a talk
Kind: captions
Language: de

NOTE for the editor
00:00:00.000 --> 00:00:01.000 is no cue

STYLE
::cue { color: red }

intro
00:00:01.000 --> 00:00:04.000 align:start position:0%
<v Ann>Guten Tag &amp; <c.yellow>willkommen</c>.

00:04.500 --> 01:02:07.250
Zwei Zeilen
<00:00:05.000><i>eines</i> Satzes
"""
SUBRIP = "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i> {\\an8}there\r\n\r\n2\r\n00:01:10,000 --> 00:01:12,500\r\nBye\r\n"


def test_webvtt_gives_times_words_and_language():
    transcript = parse_captions(WEBVTT)
    assert transcript.segments == (
        Segment(1.0, 4.0, "Guten Tag & willkommen."),
        Segment(4.5, 3727.25, "Zwei Zeilen eines Satzes"),
    )
    assert (transcript.source, transcript.language) == ("captions", "de")


def test_subrip_is_read_too():
    assert parse_captions(SUBRIP).segments == (Segment(1.0, 2.5, "Hello there"), Segment(70.0, 72.5, "Bye"))


def test_captions_that_roll_are_told_once():
    rolling = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\none\ntwo\n\n00:03.000 --> 00:04.000\ntwo\nthree\n"
    assert [segment.text for segment in parse_captions(rolling).segments] == ["one", "two", "three"]


def test_captions_without_words_are_no_error():
    assert parse_captions("WEBVTT\n").segments == ()
    assert parse_captions("WEBVTT\n\n00:01.000 --> 00:02.000\n<c></c>\n").segments == ()


@pytest.mark.parametrize("text", ["", "<!doctype html><p>not found", "WEBVTTish\n\nwords", '{"error": 404}', "1\n2\n3"])
def test_what_is_something_else_is_refused(text: str):
    with pytest.raises(ValueError, match="neither WebVTT nor SubRip"):
        parse_captions(text)


@given(st.text(alphabet=st.sampled_from("WEBVT0123456789:.,-> \n<c>&amp;{}\\aé")))
def test_any_text_is_read_or_refused(text: str):
    for beginning in ("WEBVTT\n\n", ""):
        try:
            transcript = parse_captions(beginning + text)
        except ValueError:
            assert not beginning
        else:
            assert all(segment.text.strip() and segment.start <= segment.end for segment in transcript.segments)
