"""Standard output that is full, closed, or read by somebody who has enough."""

import subprocess
from pathlib import Path

import pytest

from tests.up.started import SECRETARY, environment

LONG = ["schema"]


def ran(*command: str, stdout: int | None = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, env=environment(), stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


@pytest.mark.parametrize("words", [LONG, ["--help"], ["template", "list"]])
def test_what_cannot_be_written_is_said(words: list[str]):
    with Path("/dev/full").open("w") as full:
        done = ran(*SECRETARY, *words, stdout=full.fileno())
    assert (done.returncode, done.stderr) == (
        1,
        "secretary: What was to be printed could not be written: No space left on device.\n",
    )


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_accident(closing: str):
    done = ran("sh", "-c", f'"$@" {closing}', "sh", *SECRETARY, *LONG)
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout == "") == closing.startswith(">")


def test_a_reader_that_leaves_early_is_no_accident():
    done = ran("sh", "-c", '"$@" | head -n 1', "sh", *SECRETARY, *LONG)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
