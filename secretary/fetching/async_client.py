"""The client for addresses of callers, for event loops: posts without following redirects, as webhooks need it."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any, Final

import httpcore

from secretary.fetching.answers import Headers, Posted
from secretary.fetching.client import core_url, request_headers, secure_context
from secretary.fetching.failing import told_as_failures
from secretary.fetching.patience import TooSlow
from secretary.fetching.policy import OutboundPolicy
from secretary.fetching.resolving import Resolver, resolved, system_resolver
from secretary.fetching.urls import check_url

_LOOK_UPS: Final = 8
_CONNECTIONS: Final = 64
_KEPT_SECONDS: Final = 10.0
_SMALL: Final = 64 * 1024


class AsyncOutboundClient:
    """For one event loop; `aclose` it at the end. No proxies of the environment, no redirects, no cookies."""

    def __init__(
        self,
        policy: OutboundPolicy,
        *,
        resolver: Resolver = system_resolver,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self.policy = policy
        # Look-ups that hang must not hold up what else the loop has threads for.
        self._look_ups = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="look-up")
        self._backend = _GuardedBackend(policy, resolver, self._look_ups, network or httpcore.AnyIOBackend())

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str] | None = None, *, seconds: float = 15.0
    ) -> Posted:
        """Post `content` and return whatever is answered, a redirect or an error too, with up to 64 KiB of its body.

        `seconds` is for all of it. Raises UrlNotAllowed, FetchFailed (trying again may help) or FetchRefused.
        """
        target = check_url(url, self.policy)
        fields = request_headers(target, {name.lower(): value for name, value in (headers or {}).items()})
        waits = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        with told_as_failures(target.host):
            try:
                async with asyncio.timeout(seconds):
                    asked = self._pool.stream(
                        "POST", core_url(target), headers=fields, content=content, extensions={"timeout": waits}
                    )
                    async with asked as response:
                        return Posted(response.status, Headers(response.headers).to_dict(), await _beginning(response))
            except TimeoutError as error:
                raise TooSlow from error

    async def aclose(self) -> None:
        if "_pool" in vars(self):
            await self._pool.aclose()
        self._look_ups.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._ssl_context,
            max_connections=_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=self._backend,
        )

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        return secure_context()


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were judged, and to nothing else."""

    def __init__(
        self,
        policy: OutboundPolicy,
        resolver: Resolver,
        look_ups: ThreadPoolExecutor,
        network: httpcore.AsyncNetworkBackend,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._look_ups = look_ups
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        look_up = partial(resolved, host, port, self._policy, self._resolver)
        failure: Exception = httpcore.ConnectError("no address")
        for address in await asyncio.get_running_loop().run_in_executor(self._look_ups, look_up):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, path: str, *_args: Any, **_options: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError(f"no request goes to {path}")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _beginning(response: httpcore.Response) -> bytes:
    """Up to 64 KiB of the body; the rest is not read, and its connection is closed."""
    pieces, size = [], 0
    async for piece in response.aiter_stream():
        pieces.append(piece)
        size += len(piece)
        if size >= _SMALL:
            break
    return b"".join(pieces)[:_SMALL]
