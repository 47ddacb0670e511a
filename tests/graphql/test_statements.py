"""However long a list is, it takes the same number of SQL statements."""

import pytest

from tests.graphql.conftest import Asking

JOBS = """query ($first: Int) { jobs(first: $first) { totalCount nodes {
    id progress { job { id status } } results { __typename } logs(first: 2) { nodes { message } }
    batch { id name status percent pendingCount completedCount jobs(first: 3) { totalCount nodes { name } } } } } }"""

BATCHES = """query ($first: Int) { batches(first: $first) { totalCount nodes {
    id status percent completedCount
    jobs(first: 5) { totalCount nodes {
        name results { __typename } logs { nodes { message } } batch { id status } progress { job { id } } } } } } }"""


@pytest.mark.parametrize("query", [JOBS, BATCHES], ids=["jobs", "batches"])
async def test_a_long_list_takes_no_more_statements_than_a_short_one(
    ask: Asking, claim, statements, query: str
) -> None:
    for _ in range(6):
        await ask.create_batch(4)
    for _ in range(24):
        hands = await claim()
        await hands.log("a line")
        await hands.complete()

    async def count(first: int) -> int:
        with statements:
            answer = await ask(query, first=first)
            (found,) = answer.values()
            assert len(found["nodes"]) == first
            return statements.count

    assert await count(2) == await count(6)
    assert await count(6) <= 12


async def test_results_are_read_only_when_asked_for(ask: Asking, claim, statements) -> None:
    job_id = await ask.create()
    await (await claim()).complete()
    with statements:
        await ask("query ($id: ID!) { job(id: $id) { id status } }", id=job_id)
        assert statements.count == 2, "the key and the job"
    with statements:
        await ask("query ($id: ID!) { job(id: $id) { id results { __typename } } }", id=job_id)
        assert statements.count == 3, "the key, the job and its results"
