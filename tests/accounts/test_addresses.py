from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.addresses import InvalidAddress, canonical, is_disposable, suggestion


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada@Example.ORG ", "ada@example.org"),
        ("ada+podcasts@example.org", "ada+podcasts@example.org"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("ada@bu\u0308cher.example", "ada@bücher.example"),
        ("o'neill@example.org", "o'neill@example.org"),
    ],
)
def test_an_address_is_kept_whole_and_compared_without_case(typed: str, kept: str) -> None:
    assert canonical(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "a b@example.org",
        "ada@exam ple.org",
        "ada@example.org\nBcc: x@y.z",
    ],
)
def test_what_is_no_address_is_said_so(typed: str) -> None:
    with pytest.raises(InvalidAddress, match="name@example"):
        canonical(typed)


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        canonical("a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_invalid_and_canonical_is_stable(text: str) -> None:
    try:
        address = canonical(text)
    except InvalidAddress:
        return
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmai.com", "ada@gmail.com"),
        ("ada@gmaill.com", "ada@gmail.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("ada@gnail.com", "ada@gmail.com"),
        ("ada@hotnail.com", "ada@hotmail.com"),
        ("ada@outlok.com", "ada@outlook.com"),
        ("ada@yaho.com", "ada@yahoo.com"),
        ("ada@example.con", "ada@example.com"),
    ],
)
def test_a_slip_in_a_well_known_domain_is_noticed(typed: str, meant: str) -> None:
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "googlemail.com",
        "mail.com",
        "email.com",
        "mail.de",
        "me.com",
        "gmx.net",
        "gmx.at",
        "example.org",
        "web.de",
        "x.com",
        "bbc.co.uk",
    ],
)
def test_a_right_domain_is_left_alone(domain: str) -> None:
    assert suggestion(f"ada@{domain}") is None


def test_throw_away_mailboxes_are_known_with_their_subdomains() -> None:
    assert is_disposable("x@mailinator.com")
    assert is_disposable("x@team.mailinator.com")
    assert not is_disposable("x@mailinator.com.example.org")
