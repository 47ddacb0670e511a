"""Downloads from a real server: what arrives, what is refused, and how they end."""

import gzip
import hashlib
import os
import socket
import threading
import time
import tracemalloc
import zlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from secretary.errors import FetchFailed, FetchRefused, FileTooLarge, UrlNotAllowed
from secretary.fetching import FetchCancelled, OutboundClient, OutboundPolicy
from tests.fetching.conftest import ANYWHERE, PUBLIC, Internet, Names
from tests.fetching.servers import Server, answering, raw, serving

MEGABYTE = 1024 * 1024
BODY = b"%PDF-1.7 and so on"


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


def test_a_file_arrives_with_what_the_server_says_of_it(client: OutboundClient, server: Server, tmp_path: Path):
    url = server.on(
        "/a.pdf",
        answering(
            200,
            BODY,
            content_type="Application/PDF; charset=utf-8",
            etag='"1"',
            last_modified="Mon, 01 Jan 2024 00:00:00 GMT",
        ),
    )
    seen: list[tuple[int, int | None]] = []
    fetched = client.download(url, tmp_path / "f", max_bytes=100, on_progress=lambda *step: seen.append(step))
    assert (tmp_path / "f").read_bytes() == BODY
    assert (fetched.status, fetched.size, fetched.sha256) == (200, len(BODY), hashlib.sha256(BODY).hexdigest())
    assert (fetched.media_type, fetched.charset, fetched.filename) == ("application/pdf", "utf-8", "a.pdf")
    assert (fetched.url, fetched.etag, fetched.last_modified) == (url, '"1"', "Mon, 01 Jan 2024 00:00:00 GMT")
    assert seen[-1] == (len(BODY), len(BODY))
    [(_, _, sent, _)] = server.asked
    assert sent["host"] == f"127.0.0.1:{server.port}"
    assert sent["user-agent"].startswith("secretary/")
    assert "cookie" not in sent


def test_a_small_body_arrives_in_memory(client: OutboundClient, server: Server):
    url = server.on("/page", answering(200, "ä".encode("latin-1"), content_type="text/html; charset=ISO-8859-1"))
    page = client.get(url)
    assert (page.body, page.media_type, page.charset, page.status) == (b"\xe4", "text/html", "iso-8859-1", 200)
    with pytest.raises(FileTooLarge):
        client.get(server.on("/big", answering(200, b"x" * 101)), max_bytes=100)


def test_redirects_are_followed_up_to_five(client: OutboundClient, server: Server, tmp_path: Path):
    for number in range(6):
        server.on(f"/{number}", answering(302, location=f"/{number + 1}"))
    server.on("/6", answering(200, BODY, content_disposition='attachment; filename="the end.pdf"'))
    fetched = client.download(server.url("/1"), tmp_path / "f", max_bytes=100)
    assert (fetched.url, fetched.filename) == (server.url("/6"), "the end.pdf")
    with pytest.raises(FetchRefused, match="more than 5 redirects"):
        client.download(server.url("/0"), tmp_path / "g", max_bytes=100)
    assert not (tmp_path / "g").exists()


def test_a_key_for_one_server_is_not_shown_to_another(
    client: OutboundClient, names: Names, server: Server, tmp_path: Path
):
    names.known["a.example"] = names.known["b.example"] = [["127.0.0.1"]]
    server.on("/", answering(302, location=server.url("/next")))
    server.on("/next", answering(307, location=server.url("/last", host="b.example")))
    server.on("/last", answering(200, BODY))
    headers = {"Authorization": "Bearer k", "Cookie": "c=1", "X-Other": "1"}
    client.download(server.url("/next", host="b.example"), tmp_path / "f", max_bytes=100, headers=headers)
    client.download(server.url("/", host="b.example"), tmp_path / "f", max_bytes=100, headers=headers)
    shown = [("authorization" in sent, "cookie" in sent, "x-other" in sent) for _, _, sent, _ in server.asked]
    assert shown == [(True, True, True)] * 3 + [(False, False, True)] * 2


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://inner.example/", "http://169.254.169.254/latest/meta-data", "//localhost/",
        "file:///etc/passwd", "http://user@files.example/", "http://files.example:22/", "http://0x7f000001/", "http://[", "ftp://files.example/",
    ],
)  # fmt: skip
def test_no_redirect_leads_where_the_url_itself_may_not(
    guarded: OutboundClient, internet: Internet, server: Server, tmp_path: Path, location: str
):
    server.on("/", answering(302, location=location))
    with pytest.raises(UrlNotAllowed) as refusal:
        guarded.download("http://files.example/", tmp_path / "f", max_bytes=100)
    assert (server.paths(), internet.dialled) == (["/"], [(PUBLIC, 80)])
    assert not (tmp_path / "f").exists()
    assert "10.0.0.5" not in refusal.value.message


def test_without_the_setting_this_machine_is_refused_and_nothing_is_asked(server: Server, tmp_path: Path):
    names = Names({"rebound.example": [["127.0.0.1"]], "six.example": [["::ffff:127.0.0.1"]]})
    client = OutboundClient(OutboundPolicy(more_ports=frozenset({server.port})), resolver=names)
    for host in ("127.0.0.1", "localhost", "rebound.example", "six.example"):
        with pytest.raises(UrlNotAllowed) as refusal:
            client.download(server.url(host=host), tmp_path / "f", max_bytes=100)
        assert refusal.value.message == f"{host} leads into a private network, which this server does not enter."
    assert (server.asked, names.asked) == ([], ["rebound.example", "six.example"])


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_judged(
    guarded: OutboundClient, internet: Internet, names: Names, server: Server, tmp_path: Path
):
    names.known["files.example"] = [[PUBLIC], ["127.0.0.1"]]
    server.on("/", answering(200, BODY))
    assert guarded.download("http://files.example/", tmp_path / "f", max_bytes=100).size == len(BODY)
    assert (internet.dialled, names.asked) == ([(PUBLIC, 80)], ["files.example"])
    assert server.asked[0][2]["host"] == "files.example"
    with pytest.raises(UrlNotAllowed):
        guarded.download("http://files.example/", tmp_path / "f", max_bytes=100)
    assert len(internet.dialled) == len(server.asked) == 1


def test_the_next_address_is_tried_where_one_does_not_answer(
    client: OutboundClient, names: Names, server: Server, tmp_path: Path
):
    names.known["files.example"] = [["127.0.0.2", "127.0.0.1"]]
    server.on("/", answering(200, BODY))
    assert client.download(server.url(host="files.example"), tmp_path / "f", max_bytes=100).size == len(BODY)


def test_a_server_on_ipv6_is_reached(client: OutboundClient, tmp_path: Path):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        with serving("::1") as server:
            server.on("/", answering(200, BODY))
            fetched = client.download(server.url(host="[::1]"), tmp_path / "f", max_bytes=100)
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback: {error}")
    assert fetched.size == len(BODY)
    assert server.asked[0][2]["host"] == f"[::1]:{server.port}"


def test_proxies_of_the_environment_are_not_used(
    client: OutboundClient, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        client.download(server.on("/", answering(200, BODY)), tmp_path / "f", max_bytes=100)
        assert (proxy.asked, server.paths()) == ([], ["/"])


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_what_may_pass_can_be_tried_again(client: OutboundClient, server: Server, tmp_path: Path, status: int):
    with pytest.raises(FetchFailed, match=f"127.0.0.1 answered HTTP {status}") as failure:
        client.download(server.on("/", answering(status, b"sorry")), tmp_path / "f", max_bytes=100)
    assert failure.value.transient
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 401, 403, 404, 410, 451])
def test_what_will_not_pass_is_final_and_named(client: OutboundClient, server: Server, tmp_path: Path, status: int):
    body = None if status in {204, 304} else b"sorry"
    with pytest.raises(FetchRefused, match=f"127.0.0.1 answered HTTP {status}") as failure:
        client.download(
            server.on("/", answering(status, body or b"", content_length=len(body) if body else None)),
            tmp_path / "f",
            max_bytes=100,
        )
    assert not failure.value.transient
    assert not (tmp_path / "f").exists()


def test_an_unchanged_file_is_not_sent_again(client: OutboundClient, server: Server, tmp_path: Path):
    server.on("/", answering(304, content_length=None, etag='"1"'))
    fetched = client.download(server.url(), tmp_path / "f", max_bytes=100, headers={"If-None-Match": '"1"'})
    assert (fetched.not_modified, fetched.size, fetched.etag) == (True, 0, '"1"')
    assert not (tmp_path / "f").exists()
    assert server.asked[0][2]["if-none-match"] == '"1"'


def test_a_file_that_is_said_to_be_too_large_is_not_read(client: OutboundClient, server: Server, tmp_path: Path):
    server.on("/", raw(head("Content-Length: 1000001"), b"x"))
    with pytest.raises(FileTooLarge, match="has 1,000,001 bytes; this server takes 1,000"):
        client.download(server.url(), tmp_path / "f", max_bytes=1_000)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(head("Content-Type: application/pdf"))
    while True:
        request.wfile.write(b"x" * 65_536)


def test_a_body_without_end_ends_at_the_limit(client: OutboundClient, server: Server, tmp_path: Path):
    with pytest.raises(FileTooLarge, match="more than 1,000,000 bytes"):
        client.download(server.on("/", endless), tmp_path / "f", max_bytes=1_000_000)
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    "sent",
    [
        (head("Content-Length: 100"), b"x" * 99),
        (head("Transfer-Encoding: chunked"), b"5\r\nhello\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-"),
        (b"SSH-2.0-OpenSSH_9.6\r\n"),
        (b""),
        (head("Content-Length: 1", "Content-Length: 2"), b"xx"),
        (head("Content-Length: -5"), b"x"),
    ],
)
def test_a_body_that_breaks_off_or_is_no_http_can_be_tried_again(
    client: OutboundClient, server: Server, tmp_path: Path, sent: bytes | tuple[bytes, ...]
):
    server.on("/", raw(*(sent if isinstance(sent, tuple) else (sent,))))
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1 did not send a complete HTTP answer") as failure:
        client.download(server.url(), tmp_path / "f", max_bytes=1_000)
    assert failure.value.transient
    assert not (tmp_path / "f").exists()


def test_a_content_length_that_lies_low_ends_the_file_there(client: OutboundClient, server: Server, tmp_path: Path):
    server.on("/", raw(head("Content-Length: 5"), b"hello and more"))
    assert client.download(server.url(), tmp_path / "f", max_bytes=1_000).size == 5
    assert (tmp_path / "f").read_bytes() == b"hello"


@pytest.mark.parametrize("pieces", [(head(), *[b"x"] * 200), tuple(bytes([byte]) for byte in head("X: " + "y" * 200))])
def test_a_drip_meets_the_deadline(server: Server, tmp_path: Path, pieces: tuple[bytes, ...]):
    server.on("/", raw(*pieces, pause=0.1))
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1 took longer than it may take"):
        OutboundClient(ANYWHERE).download(server.url(), tmp_path / "f", max_bytes=1_000, deadline_seconds=0.6)
    assert time.monotonic() - begun < 5


def test_a_server_that_is_silent_is_left(server: Server, tmp_path: Path):
    server.on("/", lambda _request: server.over.wait(30) and None)
    client = OutboundClient(OutboundPolicy(allow_private_networks=True, silence_seconds=0.4))
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1 did not answer in time") as failure:
        client.download(server.url(), tmp_path / "f", max_bytes=1_000)
    assert failure.value.transient


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data, wbits=-15)),
        ("identity", lambda data: data),
    ],
)
def test_what_was_packed_is_unpacked(client: OutboundClient, server: Server, tmp_path: Path, coding: str, pack):
    data = os.urandom(200_000) + b"a" * 300_000
    server.on("/", answering(200, pack(data), content_encoding=coding))
    fetched = client.download(server.url(), tmp_path / "f", max_bytes=MEGABYTE)
    assert (tmp_path / "f").read_bytes() == data
    assert fetched.sha256 == hashlib.sha256(data).hexdigest()


def test_a_bomb_meets_the_limit_before_it_fills_memory(client: OutboundClient, server: Server, tmp_path: Path):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(300)) + packer.flush()
    assert len(bomb) < MEGABYTE / 2
    server.on("/", answering(200, bomb, content_encoding="gzip"))
    tracemalloc.start()
    with pytest.raises(FileTooLarge, match="more than 20,971,520 bytes"):
        client.download(server.url(), tmp_path / "f", max_bytes=20 * MEGABYTE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE
    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("br", b"x", FetchRefused),
        ("gzip, gzip", b"x", FetchRefused),
        ("gzip", b"this is not packed", FetchRefused),
        ("deflate", b"this is not packed", FetchRefused),
        ("gzip", gzip.compress(os.urandom(1000))[:-20], FetchFailed),
    ],
)
def test_what_cannot_be_unpacked_is_no_file(
    client: OutboundClient, server: Server, tmp_path: Path, coding: str, body: bytes, kind: type[FetchFailed]
):
    server.on("/", answering(200, body, content_encoding=coding))
    with pytest.raises(FetchFailed) as failure:
        client.download(server.url(), tmp_path / "f", max_bytes=MEGABYTE)
    assert type(failure.value) is kind
    assert not (tmp_path / "f").exists()


def test_nothing_is_there_and_no_name(client: OutboundClient, tmp_path: Path):
    with serving() as gone:
        url = gone.url()
    with pytest.raises(FetchFailed, match=r"^127.0.0.1 cannot be connected to.$") as failure:
        client.download(url, tmp_path / "f", max_bytes=100)
    assert failure.value.transient
    with pytest.raises(FetchRefused, match=r"^There is no server called nobody.example.$"):
        client.download("http://nobody.example/", tmp_path / "f", max_bytes=100)


def _drips(request: BaseHTTPRequestHandler) -> None:
    raw(head(), *[b"x"] * 600, pause=0.05)(request)


@pytest.mark.parametrize("where", ["look-up", "answer", "body"])
def test_a_cancelled_download_ends_at_once_and_leaves_nothing(server: Server, tmp_path: Path, where: str):
    reached, release = threading.Event(), threading.Event()

    def resolver(_host: str, _port: int) -> list[str]:
        if where == "look-up":
            reached.set()
            release.wait(30)
        return ["127.0.0.1"]

    def answer(request: BaseHTTPRequestHandler) -> None:
        reached.set()
        _drips(request) if where == "body" else release.wait(30)

    server.on("/", answer)
    cancelled = threading.Event()
    ended: list[object] = []

    def work() -> None:
        try:
            client = OutboundClient(OutboundPolicy(allow_private_networks=True), resolver=resolver)
            client.download(server.url(host="files.example"), tmp_path / "f", max_bytes=1_000, cancelled=cancelled)
        except FetchCancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert reached.wait(10)
    cancelled.set()
    thread.join(10)  # its server would be waited for 30 seconds
    assert not thread.is_alive()
    release.set()
    assert len(ended) == 1
    assert not (tmp_path / "f").exists()
