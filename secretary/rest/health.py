"""Whether the service lives and is ready, for those who watch over processes; no key, since it tells nothing of any job."""

from starlette.requests import Request
from starlette.responses import Response

from secretary.errors import Unavailable
from secretary.rest.answers import Health, success
from secretary.service import Service


class NotReady(Unavailable):
    """Something this service needs does not answer; `details` says what."""


class HealthChecks:
    """The two questions."""

    def __init__(self, service: Service) -> None:
        self._overview = service.overview

    async def live(self, _request: Request) -> Response:
        return success(Health(checks={}))

    async def ready(self, _request: Request) -> Response:
        checks = await self._overview.checks()
        missing = [name for name, answers in checks.items() if not answers]
        if missing:
            raise NotReady(f"Not ready: no answer from {', '.join(missing)}.", details=checks)
        return success(Health(checks=checks))
