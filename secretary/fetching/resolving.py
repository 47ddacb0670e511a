"""From a name to the addresses that may be connected to: every one is judged, and what was judged is what is connected to."""

import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from typing import Final

from secretary.errors import FetchFailed, FetchRefused, UrlNotAllowed
from secretary.fetching.addresses import OddSpelling, permitted, written_address
from secretary.fetching.policy import OutboundPolicy
from secretary.fetching.urls import not_permitted

logger = logging.getLogger(__name__)

Resolver = Callable[[str, int], Sequence[str]]
"""Blocks; raises socket.gaierror."""

MOST_ADDRESSES: Final = 4
_UNKNOWN: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses the operating system finds, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolved(host: str, port: int, policy: OutboundPolicy, resolver: Resolver) -> list[str]:
    """Up to MOST_ADDRESSES addresses to try in order. Blocks while a name is looked up.

    One address that may not be reached refuses them all: a name that leads both outside and inside is a trap.
    """
    try:
        written = written_address(host)
        found = [str(written)] if written is not None else list(resolver(host, port))
    except OddSpelling:
        raise UrlNotAllowed(f"{host} is not an address that this server opens.") from None
    except socket.gaierror as error:
        if error.errno in _UNKNOWN:
            raise FetchRefused(f"There is no server called {host}.") from error
        raise FetchFailed(f"The name {host} cannot be looked up at the moment.") from error
    except UnicodeError as error:
        raise FetchRefused(f"There is no server called {host}.") from error
    if not found:
        raise FetchRefused(f"There is no server called {host}.")
    if not all(permitted(ipaddress.ip_address(each), private=policy.allow_private_networks) for each in found):
        # What it leads to is for the operator's log only: callers must not learn addresses of the inside.
        logger.warning("refused to connect to %s, which leads to %s", host, ", ".join(found))
        raise not_permitted(host, policy)
    return found[:MOST_ADDRESSES]
