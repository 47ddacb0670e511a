"""A transcript reads as paragraphs, with the time each begins at where that is known."""

import pytest

from secretary.language.speech import Segment, Transcript, clock


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (59.9, "00:59"), (247, "04:07"), (3753, "1:02:33"), (-1, "00:00")]
)
def test_times_are_shown_as_clocks_do(seconds: float, shown: str):
    assert clock(seconds) == shown


def test_a_paragraph_ends_with_a_pause_or_with_a_sentence_after_a_minute():
    pieces = [(0, 30, "One."), (30, 70, "Two"), (70, 75, "three."), (75, 80, "Four."), (90, 95, "Five.")]
    transcript = Transcript(tuple(Segment(*piece) for piece in pieces), "captions")
    assert transcript.markdown() == "**[00:00]** One. Two three.\n\n**[01:15]** Four.\n\n**[01:30]** Five."
    assert transcript.text == "One. Two three.\n\nFour.\n\nFive."


def test_pieces_without_times_are_paragraphs_without_times():
    transcript = Transcript((Segment(None, None, "One."), Segment(None, None, "Two.")), "speech")
    assert transcript.markdown() == transcript.text == "One.\n\nTwo."
