"""The installed job type on the dashboard, in a real Chromium: a form made of its schema, refused where it is wrong, run, and shown."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Page, expect

from tests.browser import chromium, watched
from tests.plug_ins.test_plug_ins import TEXT
from tests.up.started import Started


async def sign_in(page: Page, service: Started) -> None:
    await page.goto(f"{service.url}/#/new")
    await page.get_by_label("API key").fill(service.key)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Word-count").click()


async def newest_job(service: Started) -> dict[str, Any]:
    """The newest job, once it has ended."""
    headers = {"Authorization": f"Bearer {service.key}"}
    async with httpx.AsyncClient(base_url=service.url, headers=headers, trust_env=False) as client, asyncio.timeout(60):
        while True:
            job_id = (await client.get("/api/jobs?limit=1")).json()["data"]["jobs"][0]["job_id"]
            job: dict[str, Any] = (await client.get(f"/api/jobs/{job_id}")).json()["data"]
            if job["status"] in {"completed", "failed"}:
                return job
            await asyncio.sleep(0.05)


async def number_of_jobs(service: Started) -> int:
    headers = {"Authorization": f"Bearer {service.key}"}
    async with httpx.AsyncClient(trust_env=False, headers=headers) as client:
        answer = await client.post(f"{service.url}/graphql", json={"query": "{ jobs { totalCount } }"})
    return int(answer.json()["data"]["jobs"]["totalCount"])


async def test_the_form_is_made_of_the_schema_and_starts_a_job_that_is_then_listed(
    service: Started, tmp_path: Path
) -> None:
    async with chromium() as browser, watched(browser) as seen:
        page = seen.page
        await sign_in(page, service)
        await expect(page.get_by_text("Counts words.")).to_be_visible()
        await expect(page.get_by_text("How many of the most frequent words to name.")).to_be_visible()
        top = page.get_by_label("Top", exact=True)
        await expect(top).to_have_value("3")
        # What the schema forbids is said at its field, and makes no job.
        before = await number_of_jobs(service)
        await page.get_by_label("Text (required)").fill(TEXT)
        await top.fill("101")
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_text("less than or equal to 100")).to_be_visible()
        assert await number_of_jobs(service) == before
        await top.fill("2")
        await page.get_by_label("Name", exact=True).fill("Animals")
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
        await expect(page.get_by_text("Animals")).to_be_visible()
        job = await newest_job(service)
        assert (job["job_type"], job["job_name"], job["results"]["frequent"]) == (
            "word-count",
            "Animals",
            {"the": 3, "and": 2},
        )
        await expect(page.get_by_text("Completed").first).to_be_visible()
        assert seen.complaints == []
        assert seen.hosts() == {service.url.partition("//")[2]}
