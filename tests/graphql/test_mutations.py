"""Mutations: what is created, changed and refused, and that a refusal creates nothing."""

import asyncio
from typing import Any

import httpx

from secretary.resources import Resources
from secretary.store import Store
from tests.conftest import ADMIN_KEY, OTHER_KEY
from tests.graphql.conftest import CREATE, CREATE_BATCH, Asking, jobs_in

CHANGE = """mutation ($id: ID!) { %s(id: $id) { __typename ... on JobPayload { job { id status progress { percent } } }
    ... on Error { code message } } }"""
CHANGE_BATCH = """mutation ($id: ID!) { %s { __typename ... on BatchPayload { batch { id status pendingCount cancelledCount } }
    ... on Error { code message } } }"""


async def test_a_job_is_created_with_what_was_given_only(ask: Asking, store: Store) -> None:
    job = {"pdf": {"filename": "a.pdf", "extractionMethod": "NATIVE", "includeTables": False, "useCache": None}}
    created = await ask(CREATE, input={"job": job, "name": "One", "priority": 7, "maxAttempts": 5, "userId": None})
    result = created["createJob"]
    assert result.pop("job") == {
        "id": result_id(await store.jobs.get_many(await all_ids(store))),
        "name": "One",
        "status": "PENDING",
        "parameters": {"filename": "a.pdf", "extraction_method": "native", "include_tables": False},
        "userId": "ursula",
        "priority": 7,
        "maxAttempts": 5,
    }
    assert result == {"__typename": "CreateJobPayload", "replayed": False}


WRONG_INPUTS: list[Any] = [
    (
        {"job": {"pdf": {"filename": "a.pdf", "pageStart": 0}}},
        "INVALID_PARAMETERS",
        ["job", "pdf", "pageStart"],
        "input should be greater than or equal to 1",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf", "pageStart": 3, "pageEnd": 2}}},
        "INVALID_PARAMETERS",
        ["job", "pdf"],
        "pageStart is after pageEnd",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf", "context": [1]}}},
        "INVALID_PARAMETERS",
        ["job", "pdf", "context"],
        "must be an object",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf"}}, "priority": 5000},
        "INVALID_PARAMETERS",
        ["priority"],
        "input should be less than or equal to 1000",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf"}}, "maxAttempts": 0},
        "INVALID_PARAMETERS",
        ["maxAttempts"],
        "input should be greater than or equal to 1",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf"}}, "idempotencyKey": ""},
        "INVALID_PARAMETERS",
        ["idempotencyKey"],
        "must have 1 to 255 characters",
    ),
    (
        {"job": {"custom": {"jobType": "pfd", "parameters": {}}}},
        "UNKNOWN_JOB_TYPE",
        ["job", "custom", "jobType"],
        None,
    ),
    (
        {"job": {"custom": {"jobType": "pdf", "parameters": {"filename": "a.pdf", "page_strat": 1}}}},
        "INVALID_PARAMETERS",
        ["job", "custom", "parameters", "page_strat"],
        'unknown parameter "page_strat". Did you mean "page_start"?',
    ),
    (
        {"job": {"custom": {"jobType": "pdf", "parameters": "text"}}},
        "INVALID_PARAMETERS",
        ["job", "custom", "parameters"],
        "must be an object",
    ),
    (
        {"job": {"pdf": {"filename": "missing.pdf"}}},
        "FILE_NOT_FOUND",
        ["job", "pdf", "filename"],
        "there is no file missing.pdf",
    ),
    (
        {"job": {"pdf": {"filename": "folder"}}},
        "INVALID_FILE",
        ["job", "pdf", "filename"],
        "folder is a folder; name a file in it",
    ),
    (
        {"job": {"pdf": {"filename": "a.pdf", "extractionMethod": "MISTRAL_OCR"}}},
        "PROVIDER_NOT_CONFIGURED",
        ["job", "pdf", "extractionMethod"],
        None,
    ),
]


async def test_wrong_input_is_named_by_its_own_path_and_creates_nothing(ask: Asking, store: Store, inputs: Any) -> None:
    (inputs / "folder").mkdir()
    for given, code, path, message in WRONG_INPUTS:
        result = (await ask(CREATE, input=given))["createJob"]
        assert (result["__typename"], result["code"]) == ("InvalidInputError", code)
        assert [field["path"] for field in result["fields"]] == [path]
        if message is not None:
            assert result["fields"][0]["message"] == message
            assert message in result["message"]
        assert await jobs_in(store) == 0


async def test_two_fields_of_which_one_is_wanted_are_both_named(ask: Asking, store: Store) -> None:
    for given in ({}, {"filename": "a.pdf", "url": "https://example.org/a.pdf"}):
        result = (await ask(CREATE, input={"job": {"pdf": given}}))["createJob"]
        assert (result["__typename"], result["code"]) == ("InvalidInputError", "INVALID_PARAMETERS")
        message = "give exactly one of filename and url"
        assert result["fields"] == [{"path": ["job", "pdf", name], "message": message} for name in ("filename", "url")]
    assert await jobs_in(store) == 0


async def test_a_file_outside_the_allowed_folders_and_another_users_job_are_forbidden(
    ask: Asking, store: Store
) -> None:
    outside = (await ask(CREATE, input={"job": {"pdf": {"filename": "/etc/passwd"}}}))["createJob"]
    assert (outside["__typename"], outside["code"]) == ("ForbiddenError", "FILE_NOT_ALLOWED")
    other = (await ask(CREATE, input={"job": {"pdf": {"filename": "a.pdf"}}, "userId": "otto"}))["createJob"]
    assert (other["__typename"], other["code"]) == ("ForbiddenError", "FORBIDDEN")
    assert other["message"] == "This key acts for its own user only; name no other."
    assert await jobs_in(store) == 0


async def test_an_admin_creates_jobs_for_others(ask: Asking, client: httpx.AsyncClient) -> None:
    client.headers["Authorization"] = f"Bearer {ADMIN_KEY}"
    created = await ask(CREATE, input={"job": {"pdf": {"filename": "a.pdf"}}, "userId": "otto"})
    assert created["createJob"]["job"]["userId"] == "otto"


async def test_exactly_one_kind_of_job_is_taken(ask: Asking, store: Store) -> None:
    both = {"pdf": {"filename": "a.pdf"}, "custom": {"jobType": "pdf", "parameters": {}}}
    for job in ({}, both):
        answer = await ask.whole(CREATE, input={"job": job})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert "data" not in answer
    assert await jobs_in(store) == 0


async def test_an_idempotency_key_gives_the_same_job_back_or_a_conflict(ask: Asking, store: Store) -> None:
    given = {"job": {"pdf": {"filename": "a.pdf"}}, "idempotencyKey": "once"}
    first = (await ask(CREATE, input=given))["createJob"]
    again = (await ask(CREATE, input=given))["createJob"]
    assert (again["replayed"], again["job"]["id"]) == (True, first["job"]["id"])
    other = (await ask(CREATE, input={**given, "name": "else"}))["createJob"]
    assert (other["__typename"], other["code"]) == ("ConflictError", "IDEMPOTENCY_CONFLICT")
    assert other["existingId"] == first["job"]["id"]
    assert await jobs_in(store) == 1


async def test_a_job_is_cancelled_and_retried_but_only_where_its_status_allows(ask: Asking, claim) -> None:
    job_id = await ask.create()
    cancelled = (await ask(CHANGE % "cancelJob", id=job_id))["cancelJob"]
    assert cancelled == {
        "__typename": "JobPayload",
        "job": {"id": job_id, "status": "CANCELLED", "progress": {"percent": 0}},
    }
    again = (await ask(CHANGE % "cancelJob", id=job_id))["cancelJob"]
    assert (again["__typename"], again["code"]) == ("ConflictError", "ILLEGAL_TRANSITION")
    assert (await ask(CHANGE % "retryJob", id=job_id))["retryJob"]["job"]["status"] == "PENDING"
    again = (await ask(CHANGE % "retryJob", id=job_id))["retryJob"]
    assert (again["__typename"], again["code"]) == ("ConflictError", "ILLEGAL_TRANSITION")


async def test_a_change_shows_the_job_as_it_is_after_it(ask: Asking) -> None:
    job_id, batch_id = await ask.create(), await ask.create_batch(1)
    answer = await ask(
        """mutation ($job: ID!, $batch: ID!) {
            a: cancelJob(id: $job) { ... on JobPayload { job { progress { job { status } } } } }
            b: retryJob(id: $job) { ... on JobPayload { job { progress { job { status } } } } }
            c: cancelBatch(id: $batch) { ... on BatchPayload { batch { status jobs { nodes { status } } } } }
            d: retryBatch(id: $batch, onlyFailed: false) { ... on BatchPayload { batch { status jobs { nodes { status } } } } }
        }""",
        job=job_id,
        batch=batch_id,
    )
    assert answer["a"]["job"]["progress"]["job"] == {"status": "CANCELLED"}
    assert answer["b"]["job"]["progress"]["job"] == {"status": "PENDING"}
    assert answer["c"]["batch"] == {"status": "CANCELLED", "jobs": {"nodes": [{"status": "CANCELLED"}]}}
    assert answer["d"]["batch"] == {"status": "PENDING", "jobs": {"nodes": [{"status": "PENDING"}]}}


async def test_a_job_is_deleted(ask: Asking, store: Store) -> None:
    job_id = await ask.create()
    delete = """mutation ($id: ID!) { deleteJob(id: $id) {
        __typename ... on DeleteJobPayload { deletedJobId job { id status } } ... on Error { code } } }"""
    assert (await ask(delete, id=job_id))["deleteJob"] == {
        "__typename": "DeleteJobPayload",
        "deletedJobId": job_id,
        "job": {"id": job_id, "status": "CANCELLED"},
    }
    assert (await ask(delete, id=job_id))["deleteJob"] == {"__typename": "NotFoundError", "code": "JOB_NOT_FOUND"}
    assert await jobs_in(store) == 0


async def test_what_belongs_to_another_is_not_found_and_stays_as_it_was(
    ask: Asking, client: httpx.AsyncClient, store: Store
) -> None:
    job_id, batch_id = await ask.create(), await ask.create_batch(1)
    client.headers["Authorization"] = f"Bearer {OTHER_KEY}"
    for name in ("cancelJob", "retryJob"):
        refused = (await ask(CHANGE % name, id=job_id))[name]
        assert (refused["__typename"], refused["code"]) == ("NotFoundError", "JOB_NOT_FOUND")
    refused = (await ask("mutation ($id: ID!) { deleteJob(id: $id) { ... on Error { code } } }", id=job_id))[
        "deleteJob"
    ]
    assert refused == {"code": "JOB_NOT_FOUND"}
    for call in ("cancelBatch(id: $id)", "retryBatch(id: $id, onlyFailed: false)"):
        refused = (await ask(CHANGE_BATCH % call, id=batch_id))[call.partition("(")[0]]
        assert (refused["__typename"], refused["code"]) == ("NotFoundError", "BATCH_NOT_FOUND")
    rows = (await store.jobs.get_many(await all_ids(store))).values()
    assert [row.status for row in rows] == ["pending", "pending"]


async def test_a_batch_is_created_whole_and_can_be_replayed(ask: Asking, store: Store) -> None:
    jobs = [{"job": {"pdf": {"filename": "a.pdf"}}, "name": f"job {index}"} for index in range(3)]
    given = {"name": "Three", "jobs": jobs, "idempotencyKey": "once"}
    first = (await ask(CREATE_BATCH, input=given))["createBatch"]
    batch = {"name": "Three", "jobCount": 3, "status": "PENDING", "pendingCount": 3}
    assert first == {
        "__typename": "CreateBatchPayload",
        "replayed": False,
        "batch": {"id": first["batch"]["id"], **batch},
    }
    again = (await ask(CREATE_BATCH, input=given))["createBatch"]
    assert again == {**first, "replayed": True}
    other = (await ask(CREATE_BATCH, input={**given, "name": "else"}))["createBatch"]
    assert (other["code"], other["existingId"]) == ("IDEMPOTENCY_CONFLICT", first["batch"]["id"])
    assert await jobs_in(store) == 3


async def test_one_wrong_job_refuses_its_batch_and_is_named_by_its_place(ask: Asking, store: Store) -> None:
    right = {"job": {"pdf": {"filename": "a.pdf"}}}
    missing = {"job": {"pdf": {"filename": "missing.pdf"}}}
    wrong = {"job": {"custom": {"jobType": "pdf", "parameters": {"filename": "a.pdf", "page_end": 0}}}}
    unknown = {"job": {"custom": {"jobType": "nothing", "parameters": {}}}}

    async def refused(*jobs: dict[str, Any]) -> Any:
        result = (await ask(CREATE_BATCH, input={"jobs": list(jobs)}))["createBatch"]
        assert result["__typename"] == "InvalidInputError"
        return result

    only_missing = await refused(right, right, right, missing)
    assert only_missing["code"] == "FILE_NOT_FOUND"
    assert only_missing["fields"] == [
        {"path": ["jobs", "3", "job", "pdf", "filename"], "message": "there is no file missing.pdf"}
    ]
    assert only_missing["message"] == "jobs.3.job.pdf.filename: there is no file missing.pdf"

    several = await refused(missing, right, wrong, unknown, {**right, "priority": 2000})
    assert several["code"] == "INVALID_PARAMETERS"
    assert [field["path"] for field in several["fields"]] == [
        ["jobs", "0", "job", "pdf", "filename"],
        ["jobs", "2", "job", "custom", "parameters", "page_end"],
        ["jobs", "3", "job", "custom", "jobType"],
        ["jobs", "4", "priority"],
    ]
    assert several["message"].endswith("(and 3 more)")

    assert (await refused())["code"] == "EMPTY_BATCH"
    own_key = await refused(right, {**right, "idempotencyKey": "mine"})
    assert [field["path"] for field in own_key["fields"]] == [["jobs", "1", "idempotencyKey"]]
    assert await jobs_in(store) == 0
    assert await store.batches.count(None) == 0


async def test_a_batch_with_a_forbidden_file_or_owner_is_forbidden(ask: Asking, store: Store) -> None:
    for job in (
        {"job": {"pdf": {"filename": "/etc/passwd"}}},
        {"job": {"pdf": {"filename": "a.pdf"}}, "userId": "otto"},
    ):
        result = (await ask(CREATE_BATCH, input={"jobs": [job]}))["createBatch"]
        assert result["__typename"] == "ForbiddenError"
    assert await jobs_in(store) == 0


async def test_ten_thousand_jobs_are_created_and_one_more_is_refused(
    ask: Asking, store: Store, resources: Resources
) -> None:
    jobs = [{"job": {"pdf": {"filename": "a.pdf"}}, "name": f"job {index}"} for index in range(10_001)]
    refused = (await ask(CREATE_BATCH, input={"jobs": jobs}))["createBatch"]
    assert [field["path"] for field in refused["fields"]] == [["jobs"]]
    assert await jobs_in(store) == 0

    created = (await ask(CREATE_BATCH, input={"jobs": jobs[:-1]}))["createBatch"]
    assert created["batch"]["pendingCount"] == 10_000


async def test_a_key_used_by_many_calls_at_once_creates_one_job(ask: Asking, store: Store) -> None:
    given = {"job": {"pdf": {"filename": "a.pdf"}}, "idempotencyKey": "once"}
    results = await asyncio.gather(*(ask(CREATE, input=given) for _ in range(8)))
    assert len({result["createJob"]["job"]["id"] for result in results}) == 1
    assert [result["createJob"]["replayed"] for result in results].count(False) == 1
    assert await jobs_in(store) == 1


async def all_ids(store: Store) -> list[str]:
    from secretary.store import JobFilter, PageRequest

    return [row.id for row in (await store.jobs.page(JobFilter(), PageRequest(100))).rows]


def result_id(rows: dict[str, Any]) -> str:
    (only,) = rows
    return only
