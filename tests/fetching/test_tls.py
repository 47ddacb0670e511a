"""Secure connections: the certificate is that of the name in the URL, whatever address it led to."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from secretary.errors import FetchFailed, FetchRefused
from secretary.fetching import AsyncOutboundClient, FetchCancelled, OutboundClient
from tests.fetching.conftest import ANYWHERE, Names
from tests.fetching.servers import Server, answering, serving

CERTIFICATE = Path(__file__).parent / "files.example.pem"
"""A key and the certificate it signed itself, for the name files.example and nothing else."""


@pytest.fixture
def secure() -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with serving(tls=context) as running:
        running.on("/", answering(200, b"secret"))
        yield running


@pytest.fixture
def names() -> Names:
    return Names({"files.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})


def test_a_file_arrives_securely(secure: Server, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    client = OutboundClient(ANYWHERE, resolver=names)
    url = secure.url(host="files.example", scheme="https")
    assert client.download(url, tmp_path / "f", max_bytes=100).size == 6
    with pytest.raises(FetchRefused, match=r"^The certificate of other.example is not valid: "):
        client.download(secure.url(host="other.example", scheme="https"), tmp_path / "g", max_bytes=100)
    assert secure.paths() == ["/"]


def test_a_certificate_nobody_vouches_for_is_refused(secure: Server, names: Names, tmp_path: Path):
    client = OutboundClient(ANYWHERE, resolver=names)
    with pytest.raises(FetchRefused, match=r"^The certificate of files.example is not valid: self-signed certificate."):
        client.download(secure.url(host="files.example", scheme="https"), tmp_path / "f", max_bytes=100)
    assert secure.asked == []


async def test_a_post_goes_out_securely(secure: Server, names: Names, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    client = AsyncOutboundClient(ANYWHERE, resolver=names)
    assert (await client.post(secure.url(host="files.example", scheme="https"), b"x")).body == b"secret"
    with pytest.raises(FetchRefused, match=r"^The certificate of other.example is not valid: "):
        await client.post(secure.url(host="other.example", scheme="https"), b"x")
    await client.aclose()
    assert secure.paths() == ["/"]


def test_a_server_without_tls_is_no_secure_one(names: Names, tmp_path: Path):
    with (
        serving() as plain,
        pytest.raises(FetchFailed, match=r"^No secure connection to files.example could be made.$"),
    ):
        OutboundClient(ANYWHERE, resolver=names).download(
            plain.url(host="files.example", scheme="https"), tmp_path / "f", max_bytes=100
        )


def test_a_handshake_that_hangs_ends_when_it_is_cancelled(names: Names, tmp_path: Path):
    import socket

    cancelled = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Timer(0.1, cancelled.set).start()
        with pytest.raises(FetchCancelled):
            OutboundClient(ANYWHERE, resolver=names).download(
                f"https://files.example:{silent.getsockname()[1]}/", tmp_path / "f", max_bytes=100, cancelled=cancelled
            )
