from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.factories import make_user

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
MIB = 2**20


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-up/", "/account/login/code/", "/confirm/x/", "/insights/1/report/"])
def test_a_large_body_is_refused_before_it_is_read(path: str) -> None:
    answer = Client(headers=SAME_ORIGIN).post(path, {"email": "x" * MIB})
    assert answer.status_code == 413
    assert "256 KiB at most" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-up/", "/account/login/code/", "/confirm/x/", "/insights/1/report/"])
def test_a_file_sent_to_a_page_that_takes_none_is_dropped_and_never_reaches_the_disk(
    path: str, settings: Settings
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    answer = Client(headers=SAME_ORIGIN).post(path, {"file": SimpleUploadedFile("a.bin", b"x" * 9999)})
    assert answer.status_code < 500


@pytest.mark.django_db
def test_the_page_that_imports_shows_takes_a_list(client: Client) -> None:
    client.force_login(make_user())
    body = b'<opml><body><outline xmlUrl="https://pod.example/feed"/></body></opml>' + b" " * MIB
    answer = client.post("/shows/mine/import/", {"opml": SimpleUploadedFile("a.opml", body)}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    large = SimpleUploadedFile("a.opml", b"x" * 9 * MIB)
    assert client.post("/shows/mine/import/", {"opml": large}, headers=SAME_ORIGIN).status_code == 413
