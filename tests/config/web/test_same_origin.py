import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.web.same_origin import same_origin_required

_ANSWER = HttpResponse("done")


@same_origin_required
def view(_: HttpRequest) -> HttpResponse:
    return _ANSWER


def post(**headers: str) -> HttpRequest:
    return RequestFactory(headers={name.replace("_", "-"): value for name, value in headers.items()}).post("/")


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_is_open_to_everyone(method: str) -> None:
    request = RequestFactory(headers={"Sec-Fetch-Site": "cross-site"}).generic(method.upper(), "/")
    assert view(request) is _ANSWER


def test_a_form_of_this_site_is_taken(settings: Settings) -> None:
    assert view(post(Sec_Fetch_Site="same-origin")) is _ANSWER


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "nonsense"])
def test_a_form_of_any_other_site_is_refused(site: str) -> None:
    with pytest.raises(PermissionDenied):
        view(post(Sec_Fetch_Site=site, Origin="http://testserver"))


@pytest.mark.parametrize("origin", ["http://testserver", "http://127.0.0.1:8000"])
def test_without_fetch_metadata_the_origin_decides(origin: str) -> None:
    assert view(post(Origin=origin)) is _ANSWER


@pytest.mark.parametrize(
    "origin",
    ["null", "https://testserver", "http://testserver.evil.example", "http://evil.example", "http://testserver:81"],
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    with pytest.raises(PermissionDenied):
        view(post(Origin=origin))


def test_a_request_that_says_nothing_about_itself_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        view(post())


def test_the_form_needs_no_cookie() -> None:
    assert getattr(view, "csrf_exempt", False)
