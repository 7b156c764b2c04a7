import base64
from collections.abc import Mapping, Sequence

import pytest

from accounts.mail.deliverability import Sender, findings
from accounts.mail.dns_records import UnansweredError

KEY = base64.b64encode(bytes(294)).decode()
GOOD = {
    ("example.com", "TXT"): ["other=1", "v=spf1 include:_spf.example.net ~all"],
    ("_spf.example.net", "TXT"): ["v=spf1 ip4:192.0.2.1 -all"],
    ("brief._domainkey.example.com", "TXT"): [f"v=DKIM1; k=rsa; p={KEY}"],
    ("_dmarc.example.com", "TXT"): ["v=DMARC1; p=none"],
    ("mail.example.com", "A"): ["192.0.2.1"],
}
HEADERS = {"List-Unsubscribe": "<https://example.com/u/x/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


class Records:
    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self._records = records

    def records(self, name: str, kind: str) -> Sequence[str]:
        return self._records.get((name, kind), [])

    def reverse(self, address: str) -> Sequence[str]:
        return self._records.get((address, "PTR"), ["mail.example.com"])


class Silence(Records):
    def records(self, name: str, kind: str) -> Sequence[str]:
        raise UnansweredError(f"{kind} of {name}")


def sender(**fields: object) -> Sender:
    usual = {"domain": "example.com", "selector": "brief", "signing_domain": "example.com", "has_tls": True}
    return Sender(**{**usual, "addresses": ["192.0.2.1"], "headers": HEADERS, **fields})  # type: ignore[arg-type]


def missing(one: Sender, records: Mapping[tuple[str, str], Sequence[str]] = GOOD) -> list[str]:
    return [found.about for found in findings(one, Records(records)) if not found.is_good]


def test_who_has_everything_misses_nothing() -> None:
    assert missing(sender()) == []


def test_who_has_nothing_is_told_of_each() -> None:
    bare = sender(has_tls=False, headers={}, signing_domain="example.net")
    wrong = {("192.0.2.1", "PTR"): ["elsewhere.example.com"]}
    assert missing(bare, wrong) == ["SPF", "DKIM", "DMARC", "PTR", "TLS", "alignment", "list headers"]


@pytest.mark.parametrize(
    ("name", "records", "about"),
    [
        ("example.com", ["v=spf1 -all", "v=spf1 ~all"], "SPF"),
        ("example.com", ["v=spf1 +all"], "SPF"),
        ("example.com", ["v=spf1 " + " ".join(f"include:{n}.example.net" for n in range(11)) + " -all"], "SPF"),
        ("brief._domainkey.example.com", ["v=DKIM1; p="], "DKIM"),
        ("brief._domainkey.example.com", [f"v=DKIM1; p={base64.b64encode(bytes(94)).decode()}"], "DKIM"),
        ("_dmarc.example.com", ["v=DMARC1"], "DMARC"),
    ],
)
def test_a_record_that_providers_refuse_is_missing(name: str, records: list[str], about: str) -> None:
    assert missing(sender(), GOOD | {(name, "TXT"): records}) == [about]


def test_a_record_that_leads_back_to_itself_ends() -> None:
    assert missing(sender(), GOOD | {("_spf.example.net", "TXT"): ["v=spf1 include:example.com -all"]}) == []


def test_a_host_below_the_domain_is_spoken_for_by_it() -> None:
    below = {("news.example.com", "TXT"): ["v=spf1 -all"]}
    assert missing(sender(domain="news.example.com"), GOOD | below) == []


def test_a_name_server_that_says_nothing_proves_nothing() -> None:
    found = {one.about: one for one in findings(sender(), Silence(GOOD))}
    assert "not known" in found["SPF"].words
    assert not found["DMARC"].is_good
    assert found["TLS"].is_good
