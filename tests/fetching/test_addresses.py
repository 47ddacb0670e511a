"""Which addresses are public, however they are written, and which are never reached."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import UrlNotAllowed
from secretary.fetching import OutboundPolicy, check_url
from secretary.fetching.addresses import is_public, permitted
from secretary.fetching.resolving import resolved

PUBLIC_ONLY = OutboundPolicy()
ANYWHERE = OutboundPolicy(allow_private_networks=True)

NOT_PUBLIC = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1",
    "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::10.0.0.1", "100::1", "2001::1", "2001:0:7f00:1::1", "2001:db8::1",
    "2001:20::1", "2002:7f00:1::", "2002:808:808::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254",
    "fdff:ffff::1", "fe80::1", "fe80::5efe:10.0.0.1", "fec0::1", "ff02::1", "ff0e::1", "2606:4700::5efe:10.0.0.1", "4000::1",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.215.14", "100.63.255.255", "100.128.0.0", "172.15.0.1",
          "172.32.0.1", "192.0.1.1", "223.255.255.254", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450::1")  # fmt: skip
NEVER = ("0.0.0.0", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1", "255.255.255.255", "::",
         "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254",
         "2002:a9fe:a9fe::", "::ffff:0:0", "2001:0:5ef5:79fb:0:59d:5601:5601")  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_these_are_not_public(address: str):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_these_are_public(address: str):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NEVER)
def test_these_are_not_reached_even_where_private_networks_are_allowed(address: str):
    assert not permitted(ipaddress.ip_address(address), private=True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.1", "8.8.8.8"]
)
def test_private_networks_are_reached_where_they_are_allowed(address: str):
    assert permitted(ipaddress.ip_address(address), private=True)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_as_special(address: ipaddress.IPv4Address | ipaddress.IPv6Address):
    special = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    if special or address.is_reserved or address.is_unspecified:
        assert not is_public(address)


@given(st.sampled_from(NOT_PUBLIC), st.sampled_from(["http", "https"]), st.sampled_from(["", ":80", ":8443"]))
def test_no_url_leads_to_them_with_or_without_a_port(address: str, scheme: str, port: str):
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(UrlNotAllowed):
        check_url(f"{scheme}://{host}{port}/a", PUBLIC_ONLY)


def spellings(number: int) -> list[str]:
    """Ways to write an IPv4 address that inet_aton(3) takes, and that are not the usual one."""
    a, b, c, d = number.to_bytes(4, "big")
    return [
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a}.{b}.{c}.0x{d:x}",
        f"{a:03}.{b:03}.{c:03}.{d:04}",
        f"0X{a:X}.{b}.{number & 0xFFFF}",
    ]


@given(st.ip_addresses(v=4), st.integers(0, 9), st.sampled_from(["", "."]), st.booleans())
def test_an_odd_spelling_of_an_ipv4_address_is_refused_wherever_it_leads(
    address: ipaddress.IPv4Address, way: int, dot: str, private: bool
):
    with pytest.raises(UrlNotAllowed):
        check_url(f"http://{spellings(int(address))[way]}{dot}/", ANYWHERE if private else PUBLIC_ONLY)


@given(st.sampled_from(NOT_PUBLIC))
def test_a_name_that_leads_there_is_refused_whatever_else_it_leads_to(address: str):
    for found in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        with pytest.raises(UrlNotAllowed) as refusal:
            resolved("files.example", 80, PUBLIC_ONLY, lambda _host, _port, found=found: found)
        assert address not in refusal.value.message


def test_a_zone_does_not_hide_where_a_name_leads():
    with pytest.raises(UrlNotAllowed):
        resolved("files.example", 80, ANYWHERE, lambda _host, _port: ["fe80::1%eth0"])
