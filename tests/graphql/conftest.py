"""What the tests of the GraphQL door share: asking it, and a worker's hands without a worker."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import httpx
import pytest
import websockets
from sqlalchemy import event, text
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.view import Door
from secretary.jobs import JobStatus, Progress
from secretary.models import progress_of
from secretary.resources import Resources
from secretary.store import Claim, LogLine, Store
from secretary.store.sqlite_reader import SqliteReader
from tests.conftest import USER_KEY

RESULTS: dict[str, Any] = {
    "structured_data": {
        "extracted_text": "Hello",
        "metadata": {
            "page_count": 1,
            "title": "A title",
            "file_size": 3_000_000_000,
            "sha256": "ab",
            "text_contents": [{"page": 1, "content": "Hello", "method": "native", "confidence": None}],
        },
        "tables": [{"page": 1, "rows": [["a", None]]}],
    },
    "assets": ["preview 1.png"],
    "target_dir": "/there",
    "warnings": ["one page had no text"],
}


class Asking:
    """Asks over HTTP and hands out the data of an answer without errors."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def __call__(self, query: str, **variables: Any) -> Any:
        answer = await self.whole(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def whole(self, query: str, **variables: Any) -> Any:
        response = await self.client.post("/graphql", json={"query": query, "variables": variables}, timeout=60)
        return response.json()

    async def create(self, filename: str = "a.pdf", **fields: Any) -> str:
        created = await self(CREATE, input={"job": {"pdf": {"filename": filename}}, **fields})
        return str(created["createJob"]["job"]["id"])

    async def create_batch(self, count: int, filename: str = "a.pdf", **fields: Any) -> str:
        jobs = [{"job": {"pdf": {"filename": filename}}, "name": f"job {index}"} for index in range(count)]
        created = await self(CREATE_BATCH, input={"jobs": jobs, **fields})
        return str(created["createBatch"]["batch"]["id"])


CREATE = """mutation ($input: CreateJobInput!) { createJob(input: $input) {
    __typename
    ... on CreateJobPayload { replayed job { id name status parameters userId priority maxAttempts } }
    ... on Error { code message }
    ... on InvalidInputError { fields { path message } }
    ... on ConflictError { existingId }
} }"""

CREATE_BATCH = """mutation ($input: CreateBatchInput!) { createBatch(input: $input) {
    __typename
    ... on CreateBatchPayload { replayed batch { id name jobCount status pendingCount } }
    ... on Error { code message }
    ... on InvalidInputError { fields { path message } }
    ... on ConflictError { existingId }
} }"""


@pytest.fixture
async def ask(client: httpx.AsyncClient, inputs: Any) -> Asking:
    (inputs / "a.pdf").write_bytes(b"%PDF-1.7")
    return Asking(client)


@dataclass
class Hands:
    """What a worker does to the job it claimed, step by step."""

    resources: Resources
    claim: Claim
    state: Progress

    async def report(self, percent: int, *, told: bool = True, message: str | None = None) -> None:
        sequence, said = self.state.sequence + 1, message or f"at {percent}"
        await self._move(replace(self.state, sequence=sequence, percent=percent, message=said), told=told)

    async def log(self, message: str) -> None:
        line = LogLine(self.state.timestamp, "info", message)
        await self.resources.store.claims.record(self.claim, {}, [line])
        await self.resources.bus.publish_log(self.claim.job_id)

    async def complete(self, *, told: bool = True, **values: Any) -> None:
        ended = replace(self.state, sequence=self.state.sequence + 1, status=JobStatus.COMPLETED, percent=100)
        given = {"results": RESULTS, "step": "completed", "percent": 100, "sequence": ended.sequence, **values}
        assert await self.resources.store.claims.complete(self.claim, given)
        if told:
            await self.resources.bus.publish(ended)

    async def fail(self, **values: Any) -> None:
        ended = replace(self.state, sequence=self.state.sequence + 1, status=JobStatus.FAILED)
        assert await self.resources.store.claims.fail(self.claim, {"sequence": ended.sequence, **values})
        await self.resources.bus.publish(ended)

    async def _move(self, state: Progress, *, told: bool) -> None:
        values = {"sequence": state.sequence, "percent": state.percent, "message": state.message}
        assert await self.resources.store.claims.record(self.claim, values)
        self.state = state
        if told:
            await self.resources.bus.publish(state)


@pytest.fixture
def claim(resources: Resources) -> Callable[[], Any]:
    """Claims the next job as a worker does."""

    async def claimed() -> Hands:
        found = await resources.store.claims.claim("default", "worker-by-hand")
        assert found is not None
        claim, row = found
        hands = Hands(resources, claim, progress_of(row))
        await resources.bus.publish(hands.state)
        return hands

    return claimed


class Socket:
    """A raw `graphql-transport-ws` connection."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> Any:
        return json.loads(await self.connection.recv())

    async def subscribe(self, query: str, operation: str = "1", **variables: Any) -> None:
        await self.send(type="subscribe", id=operation, payload={"query": query, "variables": variables})

    async def event(self) -> Any:
        """The data of the next event."""
        message = await self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    async def events_to_the_end(self) -> list[Any]:
        events = []
        while (message := await self.receive())["type"] == "next":
            assert "errors" not in message["payload"], message
            events.append(message["payload"]["data"])
        assert message["type"] == "complete", message
        return events


@contextlib.asynccontextmanager
async def opened_socket(base_url: str, **options: Any) -> AsyncIterator[Socket]:
    """A socket that has said nothing yet."""
    address = base_url.replace("http", "ws", 1) + "/graphql"
    async with websockets.connect(
        address, subprotocols=[websockets.Subprotocol("graphql-transport-ws")], proxy=None, **options
    ) as connection:
        yield Socket(connection)


@contextlib.asynccontextmanager
async def greeted_socket(base_url: str, key: str = USER_KEY) -> AsyncIterator[Socket]:
    """A socket whose key was accepted."""
    async with opened_socket(base_url) as socket:
        await socket.send(type="connection_init", payload={"authorization": f"Bearer {key}"})
        assert await socket.receive() == {"type": "connection_ack"}
        yield socket


@pytest.fixture
async def socket(base_url: str) -> AsyncIterator[Socket]:
    async with greeted_socket(base_url) as greeted:
        yield greeted


@dataclass
class Statements:
    """SQL statements sent while counting, from when nothing is known yet of what the database holds."""

    reader: SqliteReader
    count: int = 0

    def __enter__(self) -> Self:
        self.reader.forget()
        self.count = 0
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def statements(resources: Resources) -> AsyncIterator[Statements]:
    """Counts the statements of the application's own engine, those that open a transaction left out."""
    database = resources.store.database
    assert database.reader is not None
    counted = Statements(database.reader)

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.count += not statement.startswith("BEGIN")

    def count_read(statement: str) -> None:
        counted.count += not statement.startswith("PRAGMA")

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    database.reader.connection.set_trace_callback(count_read)
    yield counted
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)


@asynccontextmanager
async def hidden(resources: Resources, table: str) -> AsyncIterator[None]:
    """Meanwhile the database cannot find this table, as if its disk had lost it."""
    engine = resources.store.database.engine
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    yield
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


async def jobs_in(store: Store) -> int:
    """How many jobs there are, whoever owns them."""
    return sum((await store.jobs.status_counts()).values())


@pytest.fixture
def door(app: Starlette) -> Door:
    """The application's GraphQL endpoint."""
    found = next(route.app for route in app.routes if isinstance(route, WebSocketRoute))
    assert isinstance(found, Door)
    return found


@pytest.fixture
def streams(door: Door) -> OpenStreams:
    return door.streams
