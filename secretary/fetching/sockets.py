"""Blocking connections that end within a moment when nobody waits for them: every wait is cut into short ones."""

import errno
import os
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpcore

from secretary.fetching.patience import SLICE_SECONDS, Patience
from secretary.fetching.policy import OutboundPolicy
from secretary.fetching.resolving import Resolver, resolved

T = TypeVar("T")
Dial = Callable[[str, int, float | None, Patience], socket.socket]
"""Connects to an address, given as numbers, within some seconds."""


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that were judged, and to nothing else."""

    def __init__(self, policy: OutboundPolicy, resolver: Resolver, patience: Patience, dial: Dial) -> None:
        self._policy = policy
        self._resolver = resolver
        self._patience = patience
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        def look_up(name: str, number: int) -> list[str]:
            return self._patience.look_up(self._resolver, name, number)

        failure: Exception = httpcore.ConnectError("no address")
        for address in resolved(host, port, self._policy, look_up):
            try:
                return PatientStream(self._dial(address, port, timeout, self._patience), self._patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, path: str, *_args: Any, **_options: Any) -> httpcore.NetworkStream:
        raise httpcore.ConnectError(f"no request goes to {path}")


class PatientStream(httpcore.NetworkStream):
    """A connection, with TLS or without."""

    def __init__(self, connection: socket.socket, patience: Patience) -> None:
        self._socket = connection
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._wait(lambda: self._socket.recv(max_bytes), timeout, httpcore.ReadTimeout, httpcore.ReadError)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            sent = self._wait(_sending(self._socket, rest), timeout, httpcore.WriteTimeout, httpcore.WriteError)
            rest = rest[sent:]

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(SLICE_SECONDS)
            secured = ssl_context.wrap_socket(
                self._socket, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            stream = PatientStream(secured, self._patience)
            stream._wait(secured.do_handshake, timeout, httpcore.ConnectTimeout, httpcore.ConnectError)
        except OSError as error:
            self.close()
            raise httpcore.ConnectError(error) from error
        except BaseException:
            self.close()
            raise
        return stream

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        if info == "is_readable":
            return _is_ready(self._socket, select.POLLIN, 0.0)
        return None

    def _wait(self, step: Callable[[], T], timeout: float | None, late: type[Exception], failed: type[Exception]) -> T:
        until = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            self._patience.check()
            left = until - time.monotonic()
            if left <= 0:
                raise late
            self._socket.settimeout(min(SLICE_SECONDS, left))
            try:
                return step()
            except TimeoutError:
                continue
            except OSError as error:
                raise failed(error) from error


def _sending(connection: socket.socket, data: memoryview) -> Callable[[], int]:
    return lambda: connection.send(data)


def dial(address: str, port: int, timeout: float | None, patience: Patience) -> socket.socket:
    """A connection to this address. Raises httpcore.ConnectError or ConnectTimeout."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        _finish(connection, connection.connect_ex((address, port)), timeout, patience)
    except OSError as error:
        connection.close()
        raise httpcore.ConnectError(error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _finish(connection: socket.socket, code: int, timeout: float | None, patience: Patience) -> None:
    until = float("inf") if timeout is None else time.monotonic() + timeout
    while code == errno.EINPROGRESS:
        patience.check()
        if time.monotonic() > until:
            raise httpcore.ConnectTimeout
        if _is_ready(connection, select.POLLOUT, SLICE_SECONDS):
            code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _is_ready(connection: socket.socket, event: int, seconds: float) -> bool:
    # poll(2) takes descriptors of any number, which select(2) does not.
    poll = select.poll()
    poll.register(connection.fileno(), event)
    return bool(poll.poll(seconds * 1000))
