"""A real server on this machine, a client that may reach it, and a client for which it plays the public Internet."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from secretary.fetching import OutboundClient, OutboundPolicy
from secretary.fetching.patience import Patience
from secretary.fetching.sockets import dial
from tests.fetching.servers import Server, serving

PUBLIC = "93.184.215.14"
ANYWHERE = OutboundPolicy(allow_private_networks=True, connect_seconds=2.0, silence_seconds=2.0, total_seconds=10.0)


@dataclass
class Names:
    """A name server: each name has answers, given one after the other, the last for good."""

    known: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.known.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@dataclass
class Internet:
    """Every address is one server on this machine; where connections should have gone is kept."""

    server: Server
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, address: str, port: int, timeout: float | None, patience: Patience) -> socket.socket:
        self.dialled.append((address, port))
        return dial("127.0.0.1", self.server.port, timeout, patience)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def names() -> Names:
    return Names({"files.example": [[PUBLIC]], "other.example": [["93.184.215.15"]], "inner.example": [["10.0.0.5"]]})


@pytest.fixture
def client(names: Names) -> OutboundClient:
    """May go anywhere, this machine included."""
    return OutboundClient(ANYWHERE, resolver=names)


@pytest.fixture
def internet(server: Server) -> Internet:
    return Internet(server)


@pytest.fixture
def guarded(names: Names, internet: Internet) -> OutboundClient:
    """May go to public addresses only, behind all of which is the server of these tests."""
    return OutboundClient(OutboundPolicy(connect_seconds=2.0, silence_seconds=2.0), resolver=names, dial=internet)
