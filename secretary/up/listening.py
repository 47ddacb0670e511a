"""The web process's socket, opened by its supervisor: a port in use is known at once, and callers wait rather than fail
while a killed web process is started again."""

import errno
import socket
from typing import Final

from secretary.up.failures import CannotStart

_BACKLOG: Final = 2048
_LOWEST_OPEN_PORT: Final = 1024


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises CannotStart."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise CannotStart(
            f"There is no address {host} on this machine; choose another with --host, such as 127.0.0.1."
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotStart(_sentence(host, port, error)) from None
    return listener


def address_of(listener: socket.socket) -> tuple[str, int]:
    """Host and port to call a listener by from this machine."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port


def url_of(listener: socket.socket) -> str:
    host, port = address_of(listener)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another process; stop that one or choose another with --port (0 takes a free one)."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"There is no address {host} on this machine; choose another with --host, such as 127.0.0.1."
    if isinstance(error, PermissionError):
        return f"Port {port} may not be opened by this user; choose one from {_LOWEST_OPEN_PORT} on with --port."
    return f"Port {port} on {host} cannot be opened: {error.strerror}; choose another with --port or --host."
