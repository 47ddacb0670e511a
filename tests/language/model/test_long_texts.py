"""A long text is cut where it hurts least, asked for part by part within the limit, and its answers become one."""

import json
import re
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import JobFailure
from secretary.language.model.chunks import chunks
from secretary.language.model.merging import merged
from secretary.language.model.questions import Question
from tests.documents.remote.provider_servers import Request, Server, said
from tests.language.model.chat_model import answered, data_of, extracting, schema_of

DATE = Question("Date", "When was it?")
PEOPLE = Question("People", "List the people.", many=True)
SUMMARY = Question("Summary", "Summarise the text in three sentences.")


@given(st.text(alphabet="ab \n#.!ß😀", max_size=400), st.integers(5, 60))
def test_the_parts_are_the_text_and_none_is_larger_than_its_budget(text: str, budget: int) -> None:
    parts = list(chunks(text, budget))
    assert "".join(parts) == text
    assert all(0 < len(part) <= budget for part in parts)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Aaaa aaaa. Bbbb\nbbbb\n\ncccc\n# Head\ndddd eeee ffff gggg", "Aaaa aaaa. Bbbb\nbbbb\n\ncccc\n"),
        ("Aaaa aaaa aaaa. Bbbb\nbbbb\n\ncccc dddd eeee ffff gggg", "Aaaa aaaa aaaa. Bbbb\nbbbb\n\n"),
        ("Aaaa aaaa aaaa aaaa. Bbbb\ncccc dddd eeee ffff gggg", "Aaaa aaaa aaaa aaaa. Bbbb\n"),
        ("Aaaa aaaa aaaa aaaa aaaa. Bbbb cccc dddd eeee ffff", "Aaaa aaaa aaaa aaaa aaaa. "),
        ("Aaaa aaaa aaaa aaaa Bbbb cccc dddd eeee ffff gggg", "Aaaa aaaa aaaa aaaa Bbbb cccc dddd eeee "),
        ("A" * 50, "A" * 40),
    ],
    ids=["heading", "paragraph", "line", "sentence", "word", "letter"],
)
def test_the_best_place_to_cut_is_taken(text: str, first: str) -> None:
    assert next(chunks(text, 40)) == first


@pytest.mark.parametrize(
    ("question", "values", "whole"),
    [
        (PEOPLE, [["Anna", "Ben"], ["ben", "Cleo "], [], ["Anna"]], ["Anna", "Ben", "Cleo "]),
        (DATE, ["", "1 May", "", "2 May"], "1 May"),
        (DATE, ["", ""], ""),
        (SUMMARY, ["", "Only here.", ""], "Only here."),
        (SUMMARY, ["One.", "Two."], None),
        (DATE, ["1 May", "x" * 121], None),
        (DATE, ["1 May", "two\nlines"], None),
    ],
)
def test_answers_are_merged_by_rule_and_prose_is_left_to_the_model(
    question: Question, values: list[Any], whole: Any
) -> None:
    assert merged(question, values) == whole


def in_parts(count: int) -> str:
    return "\n".join(
        f"# Part {number}\nPeople: Person {number % 3}\nDate: day {number}\nSummary: It is about {number}.\n{'filling ' * 40}"
        for number in range(1, count + 1)
    )


def summing_up(request: Request) -> Any:
    """Puts summaries together when it is given answers of parts, else reads them from the text."""
    pieces = data_of(request)
    if set(schema_of(request)["properties"]) == {"Summary"} and pieces[0].startswith("{"):
        answers = [json.loads(piece)["Summary"] for piece in pieces if piece.startswith("{")]
        return answered({"Summary": " ".join(answers)})
    return extracting(request)


def test_parts_are_asked_for_in_order_and_become_one_answer(job: Any, server: Server) -> None:
    server.usual = summing_up
    asked = job(chunk_characters=500)
    values = asked.fill(in_parts(7), DATE, PEOPLE, SUMMARY)
    assert values["Date"] == "day 1"
    assert values["People"] == ["Person 1", "Person 2", "Person 0"]
    assert re.findall(r"\d", str(values["Summary"])) == list("1234567")
    assert asked.done == [(number, 7) for number in range(1, 8)]
    texts = [request.body["messages"][1]["content"] for request in server.requests]
    assert sum(text.startswith("Text, part ") for text in texts) == 7
    assert asked.usage.requests == len(texts) == 8


def test_answers_too_many_for_one_request_are_put_together_in_groups(job: Any, server: Server) -> None:
    server.usual = summing_up
    values = job(chunk_characters=500).fill(in_parts(40), SUMMARY)
    assert re.findall(r"\d+", str(values["Summary"])) == [str(number) for number in range(1, 41)]


def test_no_more_requests_are_on_their_way_than_is_set_whoever_sends_them(job: Any, server: Server) -> None:
    running, most, counting, both = 0, 0, threading.Lock(), threading.Barrier(2, timeout=20)

    def slow(request: Request) -> Any:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        both.wait()
        with counting:
            running -= 1
        return extracting(request)

    server.usual = slow
    # Two jobs, as two processes would, with a notes folder in common.
    jobs = [job(at_once=2, chunk_characters=500) for _ in range(2)]
    threads = [threading.Thread(target=each.fill, args=(in_parts(4), DATE)) for each in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(server.requests) == 8
    assert most == 2


HOLDER = """
import sys, time
from secretary.language.turns import Turns
from secretary.providers import LanguageModel
with Turns(LanguageModel.model_validate_json(sys.argv[1])).one():
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_turn_of_a_process_that_was_killed_is_free_again(job: Any, server: Server) -> None:
    asked = job(at_once=1)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, asked.model.model_dump_json()], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        filling = threading.Thread(target=asked.fill, args=("Date: today", DATE))
        filling.start()
        filling.join(1.5)
        assert (filling.is_alive(), server.requests) == (True, [])
        assert asked.signs >= 1
    finally:
        holder.kill()
        holder.communicate()
    filling.join(20)
    assert len(server.requests) == 1


def test_a_part_that_fails_ends_the_job_and_the_others_are_not_waited_for(job: Any, server: Server) -> None:
    server.script += [extracting, lambda _: said(400, {"error": {"message": "too hard"}})]
    server.usual = server.hang
    with pytest.raises(JobFailure, match="too hard"):
        job(at_once=1, chunk_characters=500).fill(in_parts(4), DATE)
    assert len(server.requests) == 2


def test_two_megabytes_are_asked_for_in_bounded_memory(job: Any, server: Server, tmp_path: Path) -> None:
    server.usual = lambda _: answered({"Date": "today", "People": ["Anna"]})
    text = in_parts(5_200)
    assert len(text) > 2_000_000
    asked = job(chunk_characters=24_000)
    tracemalloc.start()
    values = asked.fill(text, DATE, PEOPLE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert values == {"Date": "today", "People": ["Anna"]}
    # What the server of this process was sent is in the figure, too.
    kept_by_server = sum(len(str(request.body)) for request in server.requests)
    assert peak < kept_by_server + 6_000_000
    assert len(server.requests) == len(asked.done) >= len(text) / 24_000
