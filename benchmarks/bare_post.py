"""A baseline: a bare server of JSON POSTs, `python -m benchmarks.bare_post PORT FILE [work]`. It answers every one with the JSON of the
file; with `work` it checks the key and reads the job before, as the service does, by the service's own code."""

import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from secretary.job_types import load_job_types
from secretary.requests import viewer_of
from secretary.resources import open_resources
from secretary.service import Service
from secretary.settings import load_settings


def main() -> None:
    port, answer = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    app = _working(answer) if sys.argv[3:] == ["work"] else Starlette(routes=[_route(answer, None)])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def _working(answer: object) -> Starlette:
    resources = open_resources(load_settings(), load_job_types())

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await resources.close()

    return Starlette(routes=[_route(answer, resources.service)], lifespan=lifespan)


def _route(answer: object, service: Service | None) -> Route:
    async def post(request: Request) -> JSONResponse:
        body = await request.json()
        if service is not None:
            viewer = await viewer_of(request, service.auth)
            job_id = body["variables"]["id"]
            if job_id not in await service.jobs.get_many(viewer, [job_id]):
                raise RuntimeError("the job is not there")
        return JSONResponse(answer)

    return Route("/graphql", post, methods=["POST"])


if __name__ == "__main__":
    main()
