"""Which addresses requests of callers may reach: pure functions over addresses, however they are written.

The networks are those of IANA's special-purpose registries (RFC 6890, RFC 8190) and what clouds answer secrets at.
"""

import ipaddress
from collections.abc import Iterator
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class OddSpelling(ValueError):
    """An address written in a way that programs read differently."""


_NOT_PUBLIC_V4: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's platform: a public address that answers only inside
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
_NEVER: Final[tuple[Network, ...]] = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "100.100.100.200/32",  # Alibaba's metadata
            "168.63.129.16/32",
            "169.254.0.0/16",  # metadata of most clouds
            "192.0.0.192/32",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "fd00:ec2::/32",  # Amazon's metadata
            "fe80::/10",
            "ff00::/8",
        ),
    )
)
# What carries an IPv4 address inside: how far to shift for it, and whether its bits are turned over (RFC 4380).
_CARRIERS: Final = tuple(
    (ipaddress.IPv6Network(network), shift, flipped)
    for network, shift, flipped in (
        ("::/96", 0, False),
        ("::ffff:0:0/96", 0, False),
        ("::ffff:0:0:0/96", 0, False),
        ("64:ff9b::/96", 0, False),
        ("64:ff9b:1::/48", 0, False),
        ("2002::/16", 80, False),
        ("2001::/32", 0, True),
    )
)
_ISATAP: Final = 0x5EFE


def permitted(address: Address, *, private: bool) -> bool:
    """Whether a request may go to this address; `private` permits private networks, but never where clouds keep secrets."""
    return not _is_never(address) if private else is_public(address)


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public Internet, and carries no other one inside that could lead elsewhere."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_V6) and not any(carried(address))


def carried(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP."""
    number = int(address)
    for network, shift, flipped in _CARRIERS:
        if address in network:
            bits = (number >> shift) & 0xFFFFFFFF
            yield ipaddress.IPv4Address(bits ^ 0xFFFFFFFF if flipped else bits)
    if (number >> 32) & 0xFDFFFFFF == _ISATAP:
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)


def written_address(host: str) -> Address | None:
    """The address a URL's host is, or None for a name. Raises OddSpelling for an address not written in the usual way:
    decimal, octal, hexadecimal or short IPv4 numbers (inet_aton(3)), and zones of IPv6."""
    if ":" in host or "%" in host:
        try:
            address = ipaddress.IPv6Address(host)
        except ValueError as error:
            raise OddSpelling from error
        if address.scope_id is not None:
            raise OddSpelling
        return address
    if not _is_number(host.rpartition(".")[2]):
        return None
    try:
        return ipaddress.IPv4Address(host)
    except ValueError as error:
        raise OddSpelling from error


def _is_number(label: str) -> bool:
    """Whether a host that ends with this label is an IPv4 address (WHATWG URL, "ends in a number")."""
    if label.isdigit():
        return True
    digits = label.lower().removeprefix("0x")
    return label.lower().startswith("0x") and all(digit in "0123456789abcdef" for digit in digits)


def _is_never(address: Address) -> bool:
    inside = carried(address) if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback else ()
    return any(_listed(each) for each in (address, *inside))


def _listed(address: Address) -> bool:
    return any(address in network for network in _NEVER)
