import pytest
from django.test import RequestFactory
from pytest_django import Settings

from config.web.networks import client_ip, network, network_hash


@pytest.mark.parametrize(
    ("ip", "name"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_household_is_one_network(ip: str, name: str) -> None:
    assert network(ip) == name


def test_a_network_is_known_by_a_hash_that_needs_the_secret_key(settings: Settings) -> None:
    before = network_hash("203.0.113.77")
    assert (len(before), before) == (64, network_hash("203.0.113.9"))
    settings.SECRET_KEY = "another"
    assert network_hash("203.0.113.77") != before


@pytest.mark.parametrize(
    ("proxies", "forwarded", "ip"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (1, "", "127.0.0.1"),
        (2, "198.51.100.1", "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_is_believed(settings: Settings, proxies: int, forwarded: str, ip: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_ip(RequestFactory(headers={"X-Forwarded-For": forwarded}).get("/")) == ip
