"""What is refused by the spelling of a URL alone, with a sentence that says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import UrlNotAllowed
from secretary.fetching import OutboundPolicy, check_url

POLICY = OutboundPolicy()

REFUSED = {
    "spaces, control characters or backslashes": (
        " http://a.example/", "http://a.example/b c", "http://a.example/\n", "http://a.example\t/", "http://a.example\\@127.0.0.1/",
        "http://a.example/\0",
    ),
    "not an address that can be read": ("http://[::1", "http://[v1.x]/", "http://\uff11\uff12\uff17.0.0.1/", "http://ⓛocalhost/", "http://a.example:x/"),
    "start with http:// or https://": ("ftp://a.example/", "file:///etc/passwd", "gopher://a.example", "//a.example", "a.example", "",
                                       "javascript:alert(1)", "data:,x"),
    "user name or a password": ("http://u:p@a.example/", "http://u@a.example/", "http://@a.example/", "http://:@a.example/",
                                "https://a.example:80@127.0.0.1/", "http://8.8.8.8%40@127.0.0.1/"),
    "Port ": ("http://a.example:22/", "http://a.example:25/", "http://a.example:6379", "http://a.example:0/", "https://a.example:81",
              "http://a.example:65535/"),
    "names no server": ("http:///a", "http://?", "http://./", "https:a.example"),
    "numeric address": ("http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://1.2.3.4.5/", "http://127%2e0.0.1/",
                        "http://[fe80::1%25eth0]/", "http://a%00.example/", "http://[::1%251]/", "http://0x/", "http://256.1.1.1.0x1/"),
    "not a valid one": ("http://-a.example/", "http://a..example/", "http://a*b.example/", f"http://{'a' * 64}.example/",
                        f"http://{'a.' * 130}example/", "http://a.example../"),
    "private network": ("http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://redis/", "http://metadata.google.internal/",
                        "http://printer.local/", "http://nas.home.arpa/", "http://127.0.0.1./", "http://127。0。0。1/", "http://[::]/",
                        "http://[0:0:0:0:0:ffff:7f00:1]/", "http://[::FFFF:10.0.0.1]:8080/"),
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "url"), [(sentence, url) for sentence, urls in REFUSED.items() for url in urls])
def test_these_are_refused_with_the_reason(sentence: str, url: str):
    with pytest.raises(UrlNotAllowed) as refusal:
        check_url(url, POLICY)
    assert sentence in refusal.value.message


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("http://a.example", "a.example", 80, b"/", "a.example"),
        ("HTTPS://A.Example:443/X?q=1#f", "a.example", 443, b"/X?q=1", "a.example"),
        ("http://a.example.:8080/%2e", "a.example", 8080, b"/%2e", "a.example:8080"),
        ("https://münchen.example/ä?ß", "xn--mnchen-3ya.example", 443, b"/%C3%A4?%C3%9F", "xn--mnchen-3ya.example"),
        ("http://a_b.example/user@host", "a_b.example", 80, b"/user@host", "a_b.example"),
        ("https://[2606:4700::1111]:8443/", "2606:4700::1111", 8443, b"/", "[2606:4700::1111]:8443"),
        ("http://8.8.8.8/", "8.8.8.8", 80, b"/", "8.8.8.8"),
    ],
)
def test_these_may_be_opened(url: str, host: str, port: int, path: bytes, authority: str):
    target = check_url(url, POLICY)
    assert (target.host, target.port, target.path, target.authority) == (host, port, path, authority)


def test_a_setting_adds_ports_and_private_networks_have_every_port():
    assert check_url("http://a.example:8000/", OutboundPolicy(more_ports=frozenset({8000}))).port == 8000
    assert check_url("http://localhost:6379/", OutboundPolicy(allow_private_networks=True)).port == 6379


def test_a_policy_survives_the_way_to_another_process():
    policy = OutboundPolicy(more_ports=frozenset({8000}), total_seconds=7.0)
    assert OutboundPolicy.from_dict(policy.to_dict()) == policy


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda rest: f"http://{rest}"))
def test_whatever_is_written_is_refused_or_names_a_server_and_a_permitted_port(url: str):
    try:
        target = check_url(url, POLICY)
    except UrlNotAllowed:
        return
    assert target.scheme in {"http", "https"}
    assert target.port in {80, 443, 8080, 8443}
    assert target.host.isascii()
    assert not set(target.host) & set("@/\\%?# ")
    assert check_url(target.url, POLICY) == target
