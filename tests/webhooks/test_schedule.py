"""When what did not arrive is tried again."""

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.webhooks.schedule import DELAYS, LONGEST_ASKED, asked_for, next_delay, outcome_of


def test_the_delays_grow_and_fill_a_day_but_no_more() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    assert sum(DELAYS) * 0.95 > 22 * 3600
    assert sum(DELAYS) < 24 * 3600


@given(st.integers(0, len(DELAYS) - 1))
def test_each_delay_has_a_jitter_of_a_tenth(tries: int) -> None:
    delay = next_delay(tries)
    assert delay is not None
    assert DELAYS[tries] * 0.9 <= delay <= DELAYS[tries] * 1.1


def test_after_the_last_there_is_none() -> None:
    assert next_delay(len(DELAYS)) is None
    assert next_delay(len(DELAYS), asked=60.0) is None


def test_the_receiver_is_never_asked_sooner_than_it_said() -> None:
    assert next_delay(0, asked=120.0) == 120.0
    later = next_delay(2, asked=1.0)
    assert later is not None
    assert later > 200


@pytest.mark.parametrize(("text", "seconds"), [("120", 120.0), (" 7 ", 7.0), ("0", 0.0), ("999999999", LONGEST_ASKED)])
def test_retry_after_in_seconds(text: str, seconds: float) -> None:
    assert asked_for(text) == seconds


def test_retry_after_as_a_date() -> None:
    assert 85 < asked_for(formatdate(time.time() + 90, usegmt=True)) <= 90
    assert asked_for(formatdate(time.time() - 90, usegmt=True)) == 0.0


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "١٢", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_what_says_neither_asks_for_nothing(text: str | None) -> None:
    assert asked_for(text) == 0.0


@given(st.text())
def test_no_header_can_break_it(text: str) -> None:
    assert 0.0 <= asked_for(text) <= LONGEST_ASKED


def test_what_an_answer_means() -> None:
    for status in (200, 201, 204, 299):
        assert outcome_of(status, None, seconds=0.1, tries=0).arrived
    gone = outcome_of(410, "5", seconds=0.1, tries=0)
    assert (gone.gone, gone.again_in) == (True, None)
    for status in (199, 300, 301, 302, 307, 400, 401, 404, 429, 500, 503):
        outcome = outcome_of(status, "3600", seconds=0.1, tries=0)
        assert (outcome.arrived, outcome.gone, outcome.again_in) == (False, False, 3600.0)
    assert "redirects are not followed" in (outcome_of(302, None, seconds=0.1, tries=0).error or "")
