"""What a relay signs stays signed: both unsubscribe headers are covered, and no refolding breaks them."""

import base64
import re

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from tests.briefs.edition.printing.test_render import make_spoken, print_brief

LIST_HEADERS = [b"list-unsubscribe", b"list-unsubscribe-post"]
SIGNED = [*b"from to subject date message-id list-id mime-version content-type".split(), *LIST_HEADERS]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def signed(key: rsa.RSAPrivateKey, settings: Settings) -> bytes:
    settings.SITE_URL = "https://overheard.example.com"
    settings.DEFAULT_FROM_EMAIL = "Overheard <brief@overheard.example.com>"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    content = print_brief([make_spoken(1, headline="Ünïcode, long enough to be folded over two lines at least " * 2)])
    signature = dkim.sign(
        content,
        b"brief",
        b"overheard.example.com",
        private,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=SIGNED,
    )
    return bytes(signature) + content


def verifies(content: bytes, key: rsa.RSAPrivateKey) -> bool:
    public = base64.b64encode(
        key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )

    def in_dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"brief._domainkey.overheard.example.com."
        return b"v=DKIM1; k=rsa; p=" + public

    return bool(dkim.verify(content, dnsfunc=in_dns))


def test_the_signature_covers_both_list_headers(signed: bytes, key: rsa.RSAPrivateKey) -> None:
    fields = re.search(rb"h=([^;]+);", signed)
    assert fields
    assert set(LIST_HEADERS) <= set(re.sub(rb"\s", b"", fields[1]).lower().split(b":"))
    assert verifies(signed, key)


@pytest.mark.parametrize("name", [b"Date", b"List-Unsubscribe", b"List-Unsubscribe-Post"])
def test_it_outlives_a_relay_that_folds_anew(name: bytes, signed: bytes, key: rsa.RSAPrivateKey) -> None:
    folded = re.sub(rb"(?m)^" + name + rb": (.*?)\r\n", name + rb":\r\n \1\r\n", signed, count=1)
    assert folded != signed
    assert verifies(folded, key)


def test_a_changed_address_is_noticed(signed: bytes, key: rsa.RSAPrivateKey) -> None:
    assert not verifies(signed.replace(b"/u/", b"/x/", 1), key)
