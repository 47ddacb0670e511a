"""Addresses of callers, judged by their spelling alone; what names lead to is judged when a connection is made."""

import re
from dataclasses import dataclass
from typing import Final

import httpx

from secretary.errors import UrlNotAllowed
from secretary.fetching.addresses import OddSpelling, permitted, written_address
from secretary.fetching.policy import OutboundPolicy

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HIGHEST_PORT: Final = 65_535
_LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_AUTHORITY: Final = re.compile(r"^[^:/?#]*:(?://)?([^/?#]*)")
_UNREADABLE: Final = re.compile(r"[\x00-\x20\x7f\\]")
# Names that no public name server knows (RFC 6761, RFC 6762, RFC 8375, RFC 9476), and what clouds call their insides.
_INNER_NAMES: Final = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "alt")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be opened as far as its spelling shows: `host` in ASCII without brackets, `path` with its query."""

    url: str
    scheme: str
    host: str
    port: int
    path: bytes

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def check_url(url: str, policy: OutboundPolicy) -> Target:
    """The URL taken apart, or UrlNotAllowed with a sentence. Asks no name server."""
    if _UNREADABLE.search(url):
        raise UrlNotAllowed(
            "A URL cannot hold spaces, control characters or backslashes; write them as %20 and the like."
        )
    try:
        parsed = httpx.URL(url)
        host = parsed.host.lower()
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UrlNotAllowed("This is not an address that can be read, such as https://example.com/file.pdf.") from error
    if parsed.scheme not in _DEFAULT_PORTS:
        raise UrlNotAllowed("Only addresses that start with http:// or https:// can be opened.")
    if "@" in _AUTHORITY.findall(url)[0]:
        raise UrlNotAllowed("A URL with a user name or a password in it is not opened; leave them out.")
    port = _checked_port(parsed, policy)
    ascii_host = _checked_host(parsed.raw_host.decode("ascii").lower() or host, policy)
    target = parsed.copy_with(scheme=parsed.scheme, host=ascii_host, fragment=None)
    return Target(str(target), parsed.scheme, ascii_host, port, parsed.raw_path)


def not_permitted(host: str, policy: OutboundPolicy) -> UrlNotAllowed:
    """The refusal of a host for where it leads. What that is, it does not say: names of the inside can be looked up from here."""
    if policy.allow_private_networks:
        return UrlNotAllowed(f"{host} leads to an address that no server opens for its callers.")
    return UrlNotAllowed(f"{host} leads into a private network, which this server does not enter.")


def joined(base: Target, location: str, policy: OutboundPolicy) -> Target:
    """Where a redirect leads, judged like any other address."""
    try:
        url = str(httpx.URL(base.url).join(location.strip()))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UrlNotAllowed(f"{base.host} redirects to an address that cannot be read.") from error
    try:
        return check_url(url, policy)
    except UrlNotAllowed as refusal:
        raise UrlNotAllowed(f"{base.host} redirects to an address that is not opened: {refusal.message}") from None


def _checked_port(parsed: httpx.URL, policy: OutboundPolicy) -> int:
    port = _DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 0 < port <= _HIGHEST_PORT or not policy.permits_port(port):
        raise UrlNotAllowed(
            f"Port {port} is not one that this server opens (80, 443, 8080, 8443, SECRETARY_OUTBOUND_PORTS)."
        )
    return port


def _checked_host(host: str, policy: OutboundPolicy) -> str:
    name = host.removesuffix(".")
    if not name:
        raise UrlNotAllowed("This address names no server; write it as https://example.com/file.pdf.")
    try:
        address = written_address(name)
    except OddSpelling:
        raise UrlNotAllowed("A numeric address must be written in the usual way, such as 192.0.2.1.") from None
    if address is not None:
        if not permitted(address, private=policy.allow_private_networks):
            raise not_permitted(name, policy)
        return str(address)
    if len(name) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, name.split("."))):
        raise UrlNotAllowed("The server's name in this address is not a valid one.")
    if not policy.allow_private_networks and _is_inner(name):
        raise not_permitted(name, policy)
    return name


def _is_inner(name: str) -> bool:
    return "." not in name or any(name == inner or name.endswith(f".{inner}") for inner in _INNER_NAMES)
