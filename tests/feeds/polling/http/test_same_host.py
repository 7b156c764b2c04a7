import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling.http import Door
from feeds.polling.http.manners import Manners
from feeds.polling.http.same_host import politeness_key


@pytest.mark.parametrize(
    ("one", "another", "key"),
    [
        ("a.Feeds.Example.", "b.feeds.example", "feeds.example"),
        ("podcasts.broadcaster.co.uk", "broadcaster.co.uk", "broadcaster.co.uk"),
        ("a.radio.com.au", "b.radio.com.au", "radio.com.au"),
        ("www.blog.github.io", "blog.github.io", "blog.github.io"),
    ],
)
def test_subdomains_of_what_somebody_registered_are_one_host(one: str, another: str, key: str) -> None:
    assert politeness_key(one) == politeness_key(another) == key


@pytest.mark.parametrize("suffix", ["co.uk", "com.au", "github.io"])
def test_names_below_a_public_suffix_are_hosts_of_their_own(suffix: str) -> None:
    assert politeness_key(f"one.{suffix}") != politeness_key(f"two.{suffix}")


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::1", "localhost", "co.uk"])
def test_what_nobody_registered_is_its_own_host(host: str) -> None:
    assert politeness_key(host) == host


def test_a_name_in_another_script_is_looked_up_as_it_is_registered() -> None:
    door = Door(allowed=[], manners=Manners())
    assert door.host_of("http://a.one.公司.cn/feed") == door.host_of("http://b.one.公司.cn/feed")
    assert door.host_of("http://one.公司.cn/feed") != door.host_of("http://two.公司.cn/feed")


@given(st.text(max_size=60))
def test_any_name_has_a_key_that_is_its_own_key(host: str) -> None:
    assert politeness_key(politeness_key(host)) == politeness_key(host)
