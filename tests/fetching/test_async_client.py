"""Posts from an event loop, as webhooks need them: whatever is answered comes back, and no redirect is followed."""

import asyncio
import time
from collections.abc import AsyncIterator

import anyio
import httpcore
import pytest

from secretary.errors import FetchFailed, FetchRefused, UrlNotAllowed
from secretary.fetching import AsyncOutboundClient, OutboundPolicy
from tests.fetching.conftest import ANYWHERE, PUBLIC, Names
from tests.fetching.servers import Server, answering, raw, serving


@pytest.fixture
async def poster(names: Names) -> AsyncIterator[AsyncOutboundClient]:
    opened = AsyncOutboundClient(ANYWHERE, resolver=names)
    yield opened
    await opened.aclose()


async def test_what_is_posted_arrives_and_the_answer_comes_back(poster: AsyncOutboundClient, server: Server):
    server.on("/hook", answering(202, b"thanks", retry_after="7"))
    posted = await poster.post(server.url("/hook"), b'{"a":1}', {"Content-Type": "application/json", "X-Token": "t"})
    assert (posted.status, posted.body, posted.headers["retry-after"]) == (202, b"thanks", "7")
    [(method, path, headers, body)] = server.asked
    assert (method, path, body) == ("POST", "/hook", b'{"a":1}')
    assert (headers["content-type"], headers["x-token"], headers["content-length"]) == ("application/json", "t", "7")


@pytest.mark.parametrize("status", [301, 307, 400, 410, 429, 500, 503])
async def test_any_status_is_an_answer_and_no_redirect_is_followed(
    poster: AsyncOutboundClient, server: Server, status: int
):
    server.on("/", answering(status, b"", location=server.url("/next")))
    assert (await poster.post(server.url(), b"x")).status == status
    assert server.paths() == ["/"]


async def test_of_a_long_answer_the_beginning_is_read(poster: AsyncOutboundClient, server: Server):
    server.on("/", raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65_536] * 64))
    assert len((await poster.post(server.url(), b"")).body) == 65_536


async def test_the_whole_of_it_ends_in_time(poster: AsyncOutboundClient, server: Server):
    server.on("/", raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 200, pause=0.05))
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1 took longer than it may take"):
        await poster.post(server.url(), b"", seconds=0.4)
    assert time.monotonic() - begun < 5


async def test_a_look_up_that_hangs_ends_in_time_and_holds_up_nothing(server: Server):
    hang = asyncio.Event()
    loop = asyncio.get_running_loop()

    def resolver(host: str, _port: int) -> list[str]:
        if host == "slow.example":
            asyncio.run_coroutine_threadsafe(hang.wait(), loop).result(30)
        return ["127.0.0.1"]

    client = AsyncOutboundClient(ANYWHERE, resolver=resolver)
    server.on("/", answering(200))
    with pytest.raises(FetchFailed):
        await client.post(server.url(host="slow.example"), b"", seconds=0.3)
    assert (await client.post(server.url(host="fast.example"), b"")).status == 200
    hang.set()
    await client.aclose()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://inner.example/",
        "http://[::ffff:10.0.0.1]/",
        "http://a@b.example/",
    ],
)
async def test_addresses_of_the_inside_are_refused_and_nothing_is_asked(names: Names, url: str):
    guarded = AsyncOutboundClient(OutboundPolicy(), resolver=names, network=Nowhere())
    with pytest.raises(UrlNotAllowed) as refusal:
        await guarded.post(url, b"x")
    await guarded.aclose()
    assert "10.0.0.5" not in refusal.value.message


async def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_judged(names: Names, server: Server):
    names.known["files.example"] = [[PUBLIC], ["127.0.0.1"]]
    internet = StandIn(server.port)
    guarded = AsyncOutboundClient(OutboundPolicy(), resolver=names, network=internet)
    server.on("/", answering(200, connection="close"))
    assert (await guarded.post("http://files.example/", b"x")).status == 200
    with pytest.raises(UrlNotAllowed):
        await guarded.post("http://files.example/", b"x")
    await guarded.aclose()
    assert (internet.dialled, server.paths()) == ([(PUBLIC, 80)], ["/"])


async def test_nothing_is_there_and_no_name(poster: AsyncOutboundClient):
    with serving() as gone:
        url = gone.url()
    with pytest.raises(FetchFailed, match=r"^127.0.0.1 cannot be connected to.$"):
        await poster.post(url, b"x")
    with pytest.raises(FetchRefused, match=r"^There is no server called nobody.example.$"):
        await poster.post("http://nobody.example/", b"x")


@pytest.mark.parametrize("value", ["ä", "a\r\nX-Other: b", "a\0"])
async def test_a_value_that_no_header_can_hold_is_refused_and_nothing_is_asked(
    poster: AsyncOutboundClient, server: Server, value: str
):
    with pytest.raises(FetchRefused, match="no header can hold"):
        await poster.post(server.url(), b"x", {"X-Token": value})
    assert server.asked == []


class Nowhere(httpcore.AsyncNetworkBackend):
    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        raise AssertionError(f"{host} was connected to")


class StandIn(httpcore.AsyncNetworkBackend):
    """Every address is one server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.dialled: list[tuple[str, int]] = []

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.dialled.append((host, port))
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self._port, timeout)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)
