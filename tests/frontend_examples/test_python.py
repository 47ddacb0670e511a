"""`python/follow.py`: a file sent and followed to its text, a job taken up over a line that is cut, and refusals told."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.cutting_proxy import CuttingProxy
from tests.frontend_examples.conftest import EXAMPLES, Jobs, Paper, Said, ran
from tests.installation import KEY, Installation

PROGRAM = EXAMPLES / "python" / "follow.py"

Program = Callable[..., Awaitable[Said]]


@pytest.fixture
def program(address: str, tmp_path: Path) -> Program:
    async def run(*words: str, url: str = address, key: str = KEY, **environment: str) -> Said:
        return await ran(
            *(sys.executable, "-W", "ignore", str(PROGRAM), *words),
            folder=tmp_path,
            SECRETARY_URL=url,
            SECRETARY_API_KEY=key,
            COLUMNS="100",
            **environment,
        )

    return run


async def test_a_file_is_sent_followed_and_read(program: Program, paper: Paper, jobs: Jobs) -> None:
    async with jobs.creates(1):
        said = await program(paper('Bericht "ä" 1.pdf').name)
    assert said.status == 0, said.err
    assert re.fullmatch(r"Page 1 of \w+\nSome words follow here\n\nPage 2 of \w+\nSome words follow here\n", said.out)
    assert re.fullmatch(r"Completed ━+ 100% 0:00:00\n", said.err)


async def test_a_lost_connection_is_taken_up_after_the_last_state_seen(
    program: Program, jobs: Jobs, service: Installation
) -> None:
    async with CuttingProxy(service.settings.port, 6) as proxy:
        said = await program(await jobs.sleep(5), url=f"http://127.0.0.1:{proxy.port}", FORCE_COLOR="1", TERM="xterm")
        # The line that was cut, the one after it, and the question for the text.
        assert (proxy.cut, proxy.connections) == (True, 3)
    assert said.status == 0, said.err
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.err)
    assert shown.count("The connection is lost; coming back in 1 s.") == 1
    percents = [int(percent) for percent in re.findall(r"(\d+)%", shown)]
    assert percents == sorted(percents)
    assert len(set(percents)) > 5
    assert percents[-1] == 100


async def test_a_key_that_was_revoked_meanwhile_is_told_and_not_tried_again(
    program: Program, jobs: Jobs, service: Installation
) -> None:
    key = await jobs.key()
    async with CuttingProxy(service.settings.port, 6) as proxy, asyncio.TaskGroup() as both:
        both.create_task(jobs.revoke_once_cut(key, proxy))
        said = await program(await jobs.sleep(5), url=f"http://127.0.0.1:{proxy.port}", key=key.secret)
    assert (said.status, said.out, proxy.connections) == (1, "", 2)
    assert said.err.endswith("\nThis API key is not valid (any more).\n")


async def test_refusals_are_told_and_nothing_is_created(
    program: Program, paper: Paper, jobs: Jobs, tmp_path: Path
) -> None:
    (tmp_path / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    there, wrong_key = paper().name, "This API key is not valid (any more).\n"
    async with jobs.creates(0):
        for words, key, sentence in (
            ([there], "sec_wrong", wrong_key),
            (["job-none"], "sec_wrong", wrong_key),
            (["job-none"], KEY, "There is no job with this id.\n"),
            (["no-such.pdf"], KEY, "[Errno 2] No such file or directory: 'no-such.pdf'\n"),
            (["picture.pdf"], KEY, "picture.pdf is neither a PDF nor text; send one of these.\n"),
        ):
            said = await program(*words, key=key)
            assert (said.status, said.out) == (1, ""), words
            assert said.err.splitlines(keepends=True)[-1].startswith(sentence), said.err
    nobody = await program(there, url="http://127.0.0.1:1")
    assert (nobody.status, nobody.out, nobody.err) == (1, "", "All connection attempts failed\n")


async def test_a_job_that_fails_says_why(program: Program, paper: Paper) -> None:
    said = await program(paper(password="secret").name)
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines()[-1].startswith("ENCRYPTED_FILE: ")


async def test_without_words_it_says_what_it_can(program: Program) -> None:
    said = await program()
    assert (said.status, said.out) == (1, "")
    assert "python follow.py report.pdf" in said.err
