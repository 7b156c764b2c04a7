import hashlib

import pytest

from feeds.polling.fetch import Fetched, NotModified, Validators, fetch_many
from feeds.polling.http import Door
from feeds.reading.errors import SourceError
from tests.feeds.polling.hostile_server import Hostile


def fetch(url: str, *, door: Door, known: Validators | None = None) -> Fetched | NotModified | SourceError:
    ((_, answer),) = fetch_many({"it": (url, known or Validators())}, door=door)
    return answer


def test_a_new_body_comes_with_its_validators_as_they_were_sent(server: Hostile, door: Door) -> None:
    headers = {"ETag": 'W/"a\t b"', "Last-Modified": "yesterday, about noon", "Cache-Control": "max-age=60",
               "Content-Type": "text/xml; charset=koi8-r"}  # fmt: skip
    answer = fetch(server.answer("/feed", b"body", headers=headers), door=door)
    assert isinstance(answer, Fetched)
    assert (answer.body, answer.content_type, answer.cache_control) == (b"body", headers["Content-Type"], "max-age=60")
    assert answer.validators.last_modified == "yesterday, about noon"
    assert answer.validators.body_hash == hashlib.sha256(b"body").hexdigest()


@pytest.mark.parametrize("etag", ['"quoted"', "bare", 'W/"weak"', '"ümlaut"', '"with, comma"'])
def test_an_etag_goes_back_byte_for_byte(server: Hostile, door: Door, etag: str) -> None:
    url = server.answer("/feed", b"body", headers={"ETag": etag.encode().decode("latin-1")})
    answer = fetch(url, door=door)
    assert isinstance(answer, Fetched)
    fetch(url, door=door, known=Validators(etag=answer.validators.etag))
    assert server.log.headers[-1]["If-None-Match"].encode("latin-1").decode() == etag


def test_an_etag_that_cannot_be_kept_is_not_sent(server: Hostile, door: Door) -> None:
    answer = fetch(server.answer("/feed", b"body", headers={"ETag": '"\xff"'}), door=door)
    assert isinstance(answer, Fetched)
    assert answer.validators.etag == ""


def test_a_304_and_an_equal_body_are_both_no_news(server: Hostile, door: Door) -> None:
    known = Validators(etag='"1"', body_hash=hashlib.sha256(b"body").hexdigest())
    assert isinstance(fetch(server.answer("/same", b"body"), door=door, known=known), NotModified)
    assert isinstance(fetch(server.answer("/304", status=304), door=door, known=known), NotModified)
