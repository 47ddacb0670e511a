"""A job whose results are already there, as its owner sees it through both doors."""

from pathlib import Path

import httpx

from tests.documents_made import text_pdf
from tests.installation import Installation
from tests.whole.test_end_to_end import follow, graphql

JOB = "query ($id: ID!) { job(id: $id) { status fromCache archiveUrl files { name size url } } }"


async def test_a_repeated_job_says_so_and_has_files_that_outlive_the_first(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    text_pdf(shared_inputs / "repeated.pdf", "Once", "and again")
    first = await _run(service, client, include_images=True)
    second = await _run(service, client, include_images=True)
    refreshed = await _run(service, client, include_images=True, force_refresh=True)
    assert [job.get("from_cache") for job in (first, second, refreshed)] == [None, True, None]
    assert second["results"]["structured_data"] == first["results"]["structured_data"]
    assert second["results"]["target_dir"] != first["results"]["target_dir"]
    assert (await client.delete(f"/api/jobs/{first['job_id']}")).status_code == 200
    shown = (await graphql(client, JOB, id=second["job_id"]))["job"]
    assert (shown["status"], shown["fromCache"]) == ("COMPLETED", True)
    assert {file["name"] for file in shown["files"]} >= {"repeated.md", "repeated.json", "images/page-0002.jpg"}
    for file in shown["files"]:
        assert file["url"].startswith(f"/api/jobs/{second['job_id']}/")
        assert len((await client.get(file["url"])).content) == file["size"]
    assert (await client.get(shown["archiveUrl"])).content[:2] == b"PK"


async def test_a_hit_still_tells_the_whole_story_to_who_follows_it(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    text_pdf(shared_inputs / "repeated.pdf", "Followed")
    await _run(service, client)
    states = await follow(service, (await _run(service, client))["job_id"])
    assert (states[-1]["status"], states[-1]["step"], states[-1]["percent"]) == ("COMPLETED", "completed", 100)


async def _run(service: Installation, client: httpx.AsyncClient, **parameters: object) -> dict[str, object]:
    body = {"job_type": "pdf", "parameters": {"filename": "repeated.pdf", **parameters}}
    job_id = (await client.post("/api/jobs/", json=body)).json()["data"]["job_id"]
    await follow(service, job_id)
    job: dict[str, object] = (await client.get(f"/api/jobs/{job_id}")).json()["data"]
    return job
