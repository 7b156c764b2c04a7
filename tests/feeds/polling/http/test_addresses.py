from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling.http.addresses import is_public, shown


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.88.99.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "3fff::1", "5f00::1",
    ],
)  # fmt: skip
def test_an_address_off_the_public_internet_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_a_public_address_is_public_also_when_it_is_wrapped(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4).filter(lambda address: not is_public(address)))
def test_no_wrapping_makes_a_private_address_public(inner: IPv4Address) -> None:
    number = int(inner)
    wrapped = [
        0xFFFF << 32 | number,
        number,
        int(IPv6Address("64:ff9b::")) | number,
        0x2002 << 112 | number << 80,
        0x20010000 << 96 | (number ^ 0xFFFFFFFF),
    ]
    assert not any(is_public(IPv6Address(value)) for value in wrapped)


def test_an_address_is_shown_without_credentials_and_query() -> None:
    assert shown("https://me:secret@pod.example:8443/feed.xml?token=abc#x") == "https://pod.example:8443/feed.xml"
    assert "token" not in shown("http://[broken?token=abc")
    assert shown("") == ""
    assert shown("me:secret@pod.example/feed.xml?token=abc") == "pod.example/feed.xml"
