"""A bare Starlette application for a baseline: a loop for each socket that sends what comes into its queue. No GraphQL, no keys.

`python -m benchmarks.bare_sockets PORT json` encodes the event for each socket, as such applications are mostly written; `text` hands
on what was encoded once."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any, Final

import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

REDIS: Final = "BENCHMARKS_REDIS"

queues: Final[set["asyncio.Queue[Any]"]] = set()


async def follow(socket: WebSocket, *, encoded: bool) -> None:
    await socket.accept(subprotocol="graphql-transport-ws")
    queue: asyncio.Queue[Any] = asyncio.Queue()
    await socket.receive_json()
    await socket.send_json({"type": "connection_ack"})
    subscribe = await socket.receive_json()
    await socket.send_json({"id": subscribe["id"], "type": "next", "payload": {}})
    queues.add(queue)
    try:
        while True:
            event = await queue.get()
            if encoded:
                await socket.send_text(f'{{"id":"{subscribe["id"]}","type":"next","payload":{event}}}')
            else:
                await socket.send_json({"id": subscribe["id"], "type": "next", "payload": event})
    except WebSocketDisconnect:
        queues.discard(queue)


async def follow_json(socket: WebSocket) -> None:
    await follow(socket, encoded=False)


async def follow_text(socket: WebSocket) -> None:
    await follow(socket, encoded=True)


async def read_bus(*, encoded: bool) -> None:
    async with Redis.from_url(os.environ[REDIS]) as redis, redis.pubsub() as pubsub:
        await pubsub.psubscribe("secretary:job:*")
        async for message in pubsub.listen():
            if message["type"] == "pmessage":
                state = json.loads(message["data"])
                names = ("sequence", "status", "step", "percent", "message", "timestamp")
                event: Any = {"data": {"jobProgress": {name: state[name] for name in names}}}
                if encoded:
                    event = json.dumps(event, separators=(",", ":"))
                for queue in queues:
                    queue.put_nowait(event)


@contextlib.asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    reading = asyncio.create_task(read_bus(encoded=sys.argv[2] == "text"))
    yield
    reading.cancel()


def main() -> None:
    endpoint = follow_text if sys.argv[2] == "text" else follow_json
    app = Starlette(routes=[WebSocketRoute("/graphql", endpoint)], lifespan=lifespan)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False)


if __name__ == "__main__":
    main()
