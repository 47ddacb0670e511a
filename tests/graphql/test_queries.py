"""Queries: jobs and batches as callers see them, page by page, whichever way they are asked for."""

import re
from pathlib import Path
from typing import Any

import httpx

from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import ADMIN_KEY, OTHER_KEY
from tests.graphql.conftest import RESULTS, Asking

EVERYTHING = """query ($id: ID!) { job(id: $id) {
    id jobType name status userId attempt maxAttempts priority fromCache parameters warnings archiveUrl
    createdAt updatedAt startedAt completedAt
    progress { jobId sequence status step percent message timestamp }
    error { code message details }
    files { name mediaType size url }
    results { __typename
        ... on PdfResults { assets targetDir warnings structuredData {
            extractedText templateFields transformedText tables { page rows }
            metadata { pageCount title author fileSize sha256 encrypted
                textContents { page content method confidence } } } }
        ... on CustomResults { data } }
    logs(first: 1) { nodes { level message } pageInfo { hasNextPage endCursor } }
    batch { id }
} }"""


async def test_a_finished_job_shows_all_it_has(ask: Asking, claim) -> None:
    job_id = await ask.create(name="One", priority=3)
    hands = await claim()
    await hands.log("first")
    await hands.log("second")
    files = [{"name": "images/page 1 ü.png", "media_type": "image/png", "size": 5_000_000_000}]
    await hands.complete(files=files, warnings=["w"], archive="/somewhere/archive.zip", target_dir="/there")

    job = (await ask(EVERYTHING, id=job_id))["job"]

    times = {name: job.pop(name) for name in ("createdAt", "updatedAt", "startedAt", "completedAt")}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time) for time in times.values()), times
    assert job["progress"].pop("timestamp") == times["updatedAt"]
    assert job["logs"]["pageInfo"].pop("endCursor").isdecimal()
    assert job == {
        "id": job_id,
        "jobType": "pdf",
        "name": "One",
        "status": "COMPLETED",
        "userId": "ursula",
        "attempt": 1,
        "maxAttempts": 3,
        "priority": 3,
        "fromCache": False,
        "parameters": {"filename": "a.pdf"},
        "warnings": ["w"],
        "archiveUrl": f"/api/jobs/{job_id}/download-archive",
        "progress": {
            "jobId": job_id,
            "sequence": 3,
            "status": "COMPLETED",
            "step": "completed",
            "percent": 100,
            "message": "Starting",
        },
        "error": None,
        "files": [
            {
                "name": "images/page 1 ü.png",
                "mediaType": "image/png",
                "size": 5_000_000_000,
                "url": f"/api/jobs/{job_id}/files/images/page%201%20%C3%BC.png",
            }
        ],
        "results": {
            "__typename": "PdfResults",
            "assets": ["preview 1.png"],
            "targetDir": "/there",
            "warnings": ["one page had no text"],
            "structuredData": {
                "extractedText": "Hello",
                "templateFields": None,
                "transformedText": None,
                "tables": [{"page": 1, "rows": [["a", None]]}],
                "metadata": {
                    "pageCount": 1,
                    "title": "A title",
                    "author": None,
                    "fileSize": 3_000_000_000,
                    "sha256": "ab",
                    "encrypted": False,
                    "textContents": RESULTS["structured_data"]["metadata"]["text_contents"],
                },
            },
        },
        "logs": {"nodes": [{"level": "info", "message": "first"}], "pageInfo": {"hasNextPage": True}},
        "batch": None,
    }


async def test_a_job_alone_is_told_as_it_is_among_others_at_every_stage(ask: Asking, claim) -> None:
    """Found at once, and by the loader that waits for others."""
    job_id = await ask.create()

    async def told(wanted: str) -> Any:
        asked = f'job(id: "{wanted}") {{ id status progress {{ sequence percent message }} }}'
        alone, among = await ask(f"{{ {asked} }}"), await ask(f"{{ {asked} viewer {{ userId }} }}")
        assert alone["job"] == among["job"]
        return alone["job"]

    assert (await told(job_id))["status"] == "PENDING"
    hands = await claim()
    await hands.report(40)
    running = await told(job_id)
    assert (running["status"], running["progress"]["percent"]) == ("PROCESSING", 40)
    await hands.complete()
    assert (await told(job_id))["status"] == "COMPLETED"
    assert await told("job-of-nobody") is None


async def test_a_failed_job_says_why(ask: Asking, claim) -> None:
    job_id = await ask.create()
    hands = await claim()
    await hands.fail(
        error_code="PAGE_RANGE", error_message="page_end is after the last page", error_details={"pages": 3}
    )
    job = (
        await ask(
            "query ($id: ID!) { job(id: $id) { status error { code message details } results { __typename } } }",
            id=job_id,
        )
    )["job"]
    assert job == {
        "status": "FAILED",
        "error": {"code": "PAGE_RANGE", "message": "page_end is after the last page", "details": {"pages": 3}},
        "results": None,
    }


async def test_a_job_of_a_plugin_hands_out_its_results_as_json(ask: Asking, claim) -> None:
    created = await ask(
        """mutation { createJob(input: {job: {custom: {jobType: "sleep", parameters: {seconds: 0.5}}}}) {
            ... on CreateJobPayload { job { id jobType parameters } } } }"""
    )
    job = created["createJob"]["job"]
    assert (job["jobType"], job["parameters"]) == ("sleep", {"seconds": 0.5})
    hands = await claim()
    await hands.complete(results={"any": ["thing"]})
    found = await ask("query ($id: ID!) { job(id: $id) { results { ... on CustomResults { data } } } }", id=job["id"])
    assert found["job"]["results"] == {"data": {"any": ["thing"]}}


async def test_a_password_is_never_shown(ask: Asking) -> None:
    await ask("""mutation { createJob(input: {job: {pdf: {filename: "a.pdf", password: "hush"}}}) { __typename } }""")
    jobs = (await ask("{ jobs { nodes { parameters } } }"))["jobs"]["nodes"]
    assert jobs == [{"parameters": {"filename": "a.pdf", "password": "***"}}]


async def test_nobody_sees_what_belongs_to_another_but_an_admin_does(ask: Asking, client: httpx.AsyncClient) -> None:
    job_id, batch_id = await ask.create(), await ask.create_batch(1)
    query = """query ($job: ID!, $batch: ID!) { job(id: $job) { id } batch(id: $batch) { id } a: node(id: $job) { id }
        b: node(id: $batch) { id } jobs { totalCount nodes { id } } batches { totalCount nodes { id } }
        mine: jobs(filter: {userId: "ursula"}) { totalCount } }"""

    client.headers["Authorization"] = f"Bearer {OTHER_KEY}"
    nothing = {"totalCount": 0, "nodes": []}
    assert await ask(query, job=job_id, batch=batch_id) == {
        "job": None,
        "batch": None,
        "a": None,
        "b": None,
        "jobs": nothing,
        "batches": nothing,
        "mine": {"totalCount": 0},
    }

    client.headers["Authorization"] = f"Bearer {ADMIN_KEY}"
    seen = await ask(query, job=job_id, batch=batch_id)
    assert (seen["job"], seen["batch"]) == ({"id": job_id}, {"id": batch_id})
    assert (seen["a"], seen["b"]) == ({"id": job_id}, {"id": batch_id})
    assert (seen["jobs"]["totalCount"], seen["mine"]["totalCount"], seen["batches"]["totalCount"]) == (2, 2, 1)


async def test_pages_follow_each_other_in_both_directions_and_orders(ask: Asking) -> None:
    ids = [await ask.create(name=f"job {index}") for index in range(5)]
    query = """query ($first: Int, $after: String, $last: Int, $before: String, $order: JobOrder) {
        jobs(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
            totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    async def page(**arguments) -> tuple[list[str], dict[str, object]]:
        found = (await ask(query, **arguments))["jobs"]
        assert found["totalCount"] == 5
        assert [edge["cursor"] for edge in found["edges"][:1]] == [found["pageInfo"]["startCursor"]]
        return [edge["node"]["id"] for edge in found["edges"]], found["pageInfo"]

    newest = ids[::-1]
    first, info = await page(first=2)
    assert (first, info["hasNextPage"], info["hasPreviousPage"]) == (newest[:2], True, False)
    second, info = await page(first=2, after=info["endCursor"])
    assert (second, info["hasNextPage"], info["hasPreviousPage"]) == (newest[2:4], True, True)
    third, info = await page(first=2, after=info["endCursor"])
    assert (third, info["hasNextPage"]) == (newest[4:], False)
    back, info = await page(last=2, before=info["startCursor"])
    assert (back, info["hasPreviousPage"], info["hasNextPage"]) == (newest[2:4], True, True)
    assert (await page(last=2))[0] == newest[3:]
    assert (await page(order={"direction": "ASC"}))[0] == ids
    oldest, info = await page(first=3, order={"field": "UPDATED_AT", "direction": "ASC"})
    assert oldest == ids[:3]
    assert (await page(after=info["endCursor"], order={"field": "UPDATED_AT", "direction": "ASC"}))[0] == ids[3:]


async def test_jobs_are_filtered(ask: Asking, claim) -> None:
    done, waiting = await ask.create(name="Alpha 100%"), await ask.create(name="beta")
    batch_id = await ask.create_batch(1)
    await (await claim()).complete()
    query = "query ($filter: JobFilter) { jobs(filter: $filter) { totalCount nodes { id } } }"

    async def found(**wanted) -> list[str]:
        jobs = (await ask(query, filter=wanted))["jobs"]
        assert jobs["totalCount"] == len(jobs["nodes"])
        return [job["id"] for job in jobs["nodes"]]

    assert await found(status=["COMPLETED"]) == [done]
    assert await found(status=[]) == []
    assert await found(nameContains="ALPHA") == [done]
    assert await found(nameContains="0%") == [done]
    assert await found(nameContains="BETA") == [waiting]
    assert len(await found(batchId=batch_id)) == 1
    assert await found(jobType="sleep") == []
    assert len(await found(jobType="pdf", userId="ursula", status=None, batchId=None, nameContains="")) == 3
    for empty in ("jobType", "batchId", "userId"):
        assert await found(**{empty: ""}) == []


WRONG_PAGES: list[Any] = [
    ("first: 0", ["first"], "must be 1 to 100"),
    ("first: 101", ["first"], "must be 1 to 100"),
    ("last: -1", ["last"], "must be 1 to 100"),
    ('after: "nonsense"', ["after"], "is not a cursor of this list"),
    ('before: "WzEsMl0"', ["before"], "is not a cursor of this list"),
]


async def test_a_wrong_page_is_refused_by_name(ask: Asking) -> None:
    for arguments, path, message in WRONG_PAGES:
        answer = await ask.whole(f"{{ jobs({arguments}) {{ nodes {{ id }} }} }}")
        extensions = answer["errors"][0]["extensions"]
        assert answer["errors"][0]["message"] == f"{path[0]}: {message}"
        assert (extensions["code"], extensions["fields"]) == (
            "BAD_USER_INPUT",
            [{"path": path, "message": message}],
        )
        assert extensions["requestId"]


async def test_a_log_is_read_on_from_a_line(ask: Asking, claim) -> None:
    job_id = await ask.create()
    hands = await claim()
    for index in range(3):
        await hands.log(f"line {index}")
    query = """query ($id: ID!, $after: String) { job(id: $id) { logs(first: 2, after: $after) {
        edges { cursor node { id message } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
    page = (await ask(query, id=job_id))["job"]["logs"]
    assert [edge["node"]["message"] for edge in page["edges"]] == ["line 0", "line 1"]
    assert all(edge["cursor"] == edge["node"]["id"] for edge in page["edges"])
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (True, False)
    rest = (await ask(query, id=job_id, after=page["pageInfo"]["endCursor"]))["job"]["logs"]
    assert [edge["node"]["message"] for edge in rest["edges"]] == ["line 2"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    for wrong in ("x", "-1", "9" * 30, "\uff19"):
        answer = await ask.whole(query, id=job_id, after=wrong)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert answer["errors"][0]["path"] == ["job", "logs"]


async def test_a_batch_shows_how_far_it_is_and_its_jobs_in_order(ask: Asking, claim) -> None:
    batch_id = await ask.create_batch(3, name="Three")
    await (await claim()).complete()
    await (await claim()).report(50)
    query = """query ($id: ID!, $after: String) { batch(id: $id) {
        id name userId status percent jobCount pendingCount processingCount completedCount failedCount cancelledCount
        jobs(first: 2, after: $after) { totalCount nodes { name batch { id } } pageInfo { hasNextPage endCursor } } } }"""
    batch = (await ask(query, id=batch_id))["batch"]
    page = batch.pop("jobs")
    assert batch == {
        "id": batch_id,
        "name": "Three",
        "userId": "ursula",
        "status": "PROCESSING",
        "percent": 50.0,
        "jobCount": 3,
        "pendingCount": 1,
        "processingCount": 1,
        "completedCount": 1,
        "failedCount": 0,
        "cancelledCount": 0,
    }
    assert page["totalCount"] == 3
    assert page["nodes"] == [{"name": f"job {index}", "batch": {"id": batch_id}} for index in range(2)]
    rest = (await ask(query, id=batch_id, after=page["pageInfo"]["endCursor"]))["batch"]["jobs"]
    assert [job["name"] for job in rest["nodes"]] == ["job 2"]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_the_queue_shows_what_waits_runs_and_works(ask: Asking, claim, store: Store) -> None:
    await store.workers.renew("worker-by-hand", host="here", pid=1)
    running, _ = await ask.create(), await ask.create()
    await claim()
    queue = (await ask("{ queue { pending processing workers { id startedAt lastSeenAt job { id } } } }"))["queue"]
    worker = queue["workers"][0]
    assert (queue["pending"], queue["processing"], len(queue["workers"])) == (1, 1, 1)
    assert (worker["id"], worker["job"]) == ("worker-by-hand", {"id": running})
    assert worker["startedAt"].endswith("Z")
    assert worker["lastSeenAt"].endswith("Z")


async def test_the_viewer_and_the_job_types_are_told(ask: Asking) -> None:
    answer = await ask(
        "{ viewer { userId isAdmin } jobTypes { name description parametersSchema steps { name percent } } }"
    )
    assert answer["viewer"] == {"userId": "ursula", "isAdmin": False}
    pdf = next(job_type for job_type in answer["jobTypes"] if job_type["name"] == "pdf")
    assert pdf["description"] == "Text, tables, page images and metadata of a PDF."
    assert "extraction_method" in pdf["parametersSchema"]["properties"]
    assert pdf["steps"][2] == {"name": "extracting_text", "percent": 30}
    assert [step["percent"] for step in pdf["steps"]] == [0, 10, 30, 60, 80, 90]
    assert next(job_type for job_type in answer["jobTypes"] if job_type["name"] == "noop")["steps"] == []


async def test_the_last_hours_are_told_in_figures(ask: Asking, claim, store: Store) -> None:
    query = """query ($hours: Int! = 24) { statistics(hours: $hours) {
        hours { start created completed failed cancelled } durations { jobType count mean median p95 } } }"""
    await ask.create()
    await ask.create()
    await (await claim()).complete()
    await (await claim()).fail(error_code="INTERNAL", error_message="It failed.")
    await store.jobs.add("otto", [{"id": "job-of-otto", "job_type": "pdf", "owner": "otto", "parameters": {}}])
    told = (await ask(query))["statistics"]
    assert len(told["hours"]) == 24
    assert all(hour["start"].endswith(":00:00Z") for hour in told["hours"])
    sums = {key: sum(hour[key] for hour in told["hours"]) for key in ("created", "completed", "failed", "cancelled")}
    assert sums == {"created": 2, "completed": 1, "failed": 1, "cancelled": 0}
    [pdf] = told["durations"]
    assert (pdf["jobType"], pdf["count"]) == ("pdf", 1)
    assert 0 <= pdf["mean"] == pdf["median"] == pdf["p95"] < 60
    assert len((await ask(query, hours=168))["statistics"]["hours"]) == 168


async def test_statistics_of_too_many_hours_are_refused_by_name(ask: Asking) -> None:
    for hours in (0, -1, 169, 2**31 - 1):
        answer = await ask.whole("query ($hours: Int!) { statistics(hours: $hours) { hours { start } } }", hours=hours)
        assert answer["data"] is None
        assert answer["errors"][0]["message"] == "hours: must be 1 to 168"
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_templates_show_what_they_ask_and_one_that_is_broken_says_why(
    ask: Asking, settings: Settings, tmp_path: Path
) -> None:
    assert settings.templates_dir == tmp_path / "templates"
    settings.templates_dir.mkdir()
    (settings.templates_dir / "Mine.md").write_text(
        "---\nwho: {{who|List who was there}}\n---\n{{date|When?}} {{room}}"
    )
    (settings.templates_dir / "Mine_fr.md").write_text("")
    (settings.templates_dir / "Wrong.md").write_text("a {{b")
    query = "{ templates { name source fields { name question isList } variables languages error } }"
    listed = {template.pop("name"): template for template in (await ask(query))["templates"]}
    assert list(listed) == ["KeyFacts", "MeetingMinutes", "Mine", "Session", "Summary", "Wrong"]
    assert listed["Mine"] == {
        "source": "USER",
        "fields": [
            {"name": "who", "question": "List who was there", "isList": True},
            {"name": "date", "question": "When?", "isList": False},
        ],
        "variables": ["room"],
        "languages": ["fr"],
        "error": None,
    }
    assert listed["Wrong"]["error"] == ('Template "Wrong", line 1, column 3: "b" is not closed; write }} at its end.')
    assert listed["Session"]["source"] == "BUNDLED"
    assert "video_url" in listed["Session"]["variables"]
    texts = "query ($language: String) { templates { name text(language: $language) } }"
    plain, french = [
        {template["name"]: template["text"] for template in (await ask(texts, language=language))["templates"]}
        for language in (None, "fr")
    ]
    assert plain["Mine"] == "---\nwho: {{who|List who was there}}\n---\n{{date|When?}} {{room}}"
    assert (french["Mine"], french["Wrong"], french["Session"]) == ("", "a {{b", plain["Session"])
