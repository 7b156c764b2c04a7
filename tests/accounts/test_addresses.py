from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.addresses import (
    InvalidAddress,
    canonical,
    in_unicode,
    is_disposable,
    mailbox,
    pattern_of_mailbox,
    suggestion,
)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("  Ada@Example.ORG ", "ada@example.org"),
        ("ada+podcasts@example.org", "ada+podcasts@example.org"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("ada@exam\u00adple.org", "ada@example.org"),
        ("ada@ex\u200bam\u2060ple.org", "ada@example.org"),
        ("ada@ｅｘａｍｐｌｅ．ｏｒｇ", "ada@example.org"),
        ("ada@ⓔⓧⓐⓜⓟⓛⓔ。org", "ada@example.org"),
        ('"ada"@example.org', "ada@example.org"),
        ('"a\\d\\a"@example.org', "ada@example.org"),
    ],
)
def test_every_spelling_of_an_address_is_kept_as_the_one_that_is_dialled(typed: str, dialled: str) -> None:
    assert canonical(typed) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "a b@example.org",
        '"a b"@example.org',
        '"ada@evil.example"@example.org',
        "ada@exam ple.org",
        "ada@example.org\nBcc: x@y.z",
        "ada@[127.0.0.1]",
        "ada@example.org.",
        "ada@i❤.ws",
        "ada@xn--i-7iq.ws",
        "ada@xn--example.org",
        "ada@ex\u200dample.org",
        "ada＠example.org",
    ],
)
def test_what_is_no_address_or_comes_back_as_another_one_is_said_so(typed: str) -> None:
    with pytest.raises(InvalidAddress, match="name@example"):
        canonical(typed)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("jörg@example.org", "latin small letter o with diaeresis"),
        ("ａda@example.org", "fullwidth latin small letter a"),
        ("a\u00adda@example.org", "soft hyphen"),
        ("a\u200bda@example.org", "zero width space"),
        ('"ⓐda"@example.org', "circled latin small letter a"),
    ],
)
def test_a_sign_before_the_at_that_few_servers_take_is_named(typed: str, sign: str) -> None:
    with pytest.raises(InvalidAddress, match=sign):
        canonical(typed)


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        canonical("a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org")


@given(st.text(max_size=60) | st.builds("ada@{}.{}".format, st.text(max_size=20), st.text(max_size=9)))
def test_any_text_is_an_address_or_invalid_and_what_is_dialled_is_plain_and_stable(text: str) -> None:
    try:
        address = canonical(text)
    except InvalidAddress:
        return
    assert address.isascii()
    assert canonical(address) == address
    assert canonical(in_unicode(address)) == address


@pytest.mark.parametrize(
    ("address", "shown"),
    [("ada@xn--bcher-kva.example", "ada@bücher.example"), ("ada@example.org", "ada@example.org")],
)
def test_people_read_the_domain_in_its_own_letters(address: str, shown: str) -> None:
    assert in_unicode(address) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada+a@example.org", "ada+b+c@example.org"),
        ("ada.lovelace@gmail.com", "a.d.a.lovelace+x@gmail.com"),
        ("adalovelace@googlemail.com", "ada.lovelace@gmail.com"),
    ],
)
def test_tags_and_the_dots_of_gmail_make_no_other_mailbox(one: str, other: str) -> None:
    assert mailbox(one) == mailbox(other)
    assert re.search(pattern_of_mailbox(one), other)
    assert re.search(pattern_of_mailbox(other), one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.lovelace@example.org", "adalovelace@example.org"),
        ("ada@example.org", "ada@example.com"),
        ("ada@example.org", "ada.b@example.org"),
        ("+ada@example.org", "+bob@example.org"),
        ("ada@exampleXorg.com", "ada@example.org"),
    ],
)
def test_different_mailboxes_are_not_taken_for_one(one: str, other: str) -> None:
    assert mailbox(one) != mailbox(other)
    assert not re.search(pattern_of_mailbox(one), other)
    assert not re.search(pattern_of_mailbox(other), one)


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
