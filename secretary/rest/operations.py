"""One operation of this door: how it is called, who may, what it answers. Routes and OpenAPI are both made from these."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Authenticator, Viewer
from secretary.errors import SecretaryError
from secretary.requests import viewer_of

Security = Sequence[Mapping[str, Sequence[str]]]

KEY_NEEDED: Final[Security] = ({"bearer": ()}, {"apiKey": ()})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip")


class Answers(Protocol):
    """Answers a request; `security` says in OpenAPI's words which key it wants."""

    @property
    def security(self) -> Security: ...

    async def __call__(self, request: Request) -> Response: ...


@dataclass(frozen=True, slots=True)
class Open:
    """Answers everybody."""

    answer: Callable[[Request], Awaitable[Response]]
    security: Security = ()

    async def __call__(self, request: Request) -> Response:
        return await self.answer(request)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Answers the owner of a valid key, and looks at nothing else before it knows whose it is."""

    auth: Authenticator
    answer: Callable[[Request, Viewer], Awaitable[Response]]
    security: Security = KEY_NEEDED

    async def __call__(self, request: Request) -> Response:
        viewer = await viewer_of(request, self.auth)
        await self.auth.admit(viewer)
        return await self.answer(request, viewer)


@dataclass(frozen=True, slots=True)
class KeyedFromAfar:
    """Answers a caller on this machine, and from anywhere the owner of a valid key."""

    auth: Authenticator
    answer: Callable[[Request], Awaitable[Response]]
    security: Security = ({}, *KEY_NEEDED)

    async def __call__(self, request: Request) -> Response:
        if not _from_here(request):
            await viewer_of(request, self.auth)
        return await self.answer(request)


def _from_here(request: Request) -> bool:
    # Behind a proxy on this machine every peer is local, so what was forwarded never counts as such.
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


@dataclass(frozen=True, slots=True)
class Answered:
    """One way an operation answers."""

    description: str
    model: type[BaseModel] | None = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `also` are further spellings of the path, for clients that know them so.

    `body` is the model of a JSON body, `form` the JSON Schema of a multipart form."""

    method: str
    path: str
    name: str
    summary: str
    answer: Answers
    answers: Mapping[int, Answered]
    refusals: tuple[type[SecretaryError], ...] = ()
    body: type[BaseModel] | None = None
    form: Mapping[str, Any] | None = None
    query: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
