import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from feeds.library.reports import forget_contacts, forget_networks
from feeds.models import Insight, InsightReport
from feeds.tasks import forget_reporters
from tests.factories import make_insight

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
_OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def insight() -> Insight:
    return make_insight()


@pytest.fixture
def path(insight: Insight) -> str:
    return reverse("feeds:report", args=[insight.pk])


def test_a_report_is_kept_and_thanked_for(client: Client, insight: Insight, path: str) -> None:
    posted = {"reason": "speaker", "message": "That was Ben.", "contact": "ben@example.com"}
    response = client.post(path, posted, headers=_OURS, follow=True)
    assert "Your report is in" in response.content.decode()
    report = insight.reports.get()
    assert (report.reason, report.message, report.contact) == ("speaker", "That was Ben.", "ben@example.com")


def test_a_reason_is_enough(client: Client, insight: Insight, path: str) -> None:
    client.post(path, {"reason": "owner"}, headers=_OURS)
    assert insight.reports.get().reason == InsightReport.Reason.OWNER


def test_without_a_reason_the_form_comes_back_and_says_what_is_missing(client: Client, path: str) -> None:
    response = client.post(path, {"message": "Something is off."}, headers=_OURS)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Pick what comes nearest." in page
    assert "Something is off." in page
    assert not InsightReport.objects.exists()


def test_an_address_that_is_none_is_refused_in_words(client: Client, path: str) -> None:
    response = client.post(path, {"reason": "owner", "contact": "nobody"}, headers=_OURS)
    assert "Enter a valid email address." in response.content.decode()
    assert not InsightReport.objects.exists()


def test_a_machine_that_fills_the_hidden_field_is_thanked_and_forgotten(client: Client, path: str) -> None:
    response = client.post(path, {"reason": "owner", "website": "https://spam.example"}, headers=_OURS)
    assert response.status_code == 302
    assert not InsightReport.objects.exists()


def test_another_site_cannot_send_a_report(client: Client, path: str) -> None:
    response = client.post(path, {"reason": "owner"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "That did not come from this site." in response.content.decode()
    assert not InsightReport.objects.exists()


def test_one_network_sends_five_reports_an_hour_and_loses_no_word_of_the_sixth(client: Client, path: str) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            assert client.post(path, {"reason": "owner"}, headers=_OURS).status_code == 302
        sixth = client.post(path, {"reason": "owner", "message": "Please call me."}, headers=_OURS)
        assert sixth.status_code == 429
        assert "Please call me." in sixth.content.decode()
        assert InsightReport.objects.count() == 5
        elsewhere = client.post(path, {"reason": "owner"}, headers=_OURS, REMOTE_ADDR="198.51.100.7")
        assert elsewhere.status_code == 302
        clock.shift(dt.timedelta(hours=1))
        assert client.post(path, {"reason": "owner"}, headers=_OURS).status_code == 302


def test_who_reported_is_known_by_a_hash_and_for_a_day(client: Client, path: str) -> None:
    with time_machine.travel(NOW, tick=False):
        client.post(path, {"reason": "owner"}, headers=_OURS)
    report = InsightReport.objects.get()
    assert report.network_hash
    assert "127.0.0" not in report.network_hash
    assert forget_networks(now=NOW + dt.timedelta(hours=23)) == 0
    assert forget_networks(now=NOW + dt.timedelta(hours=24)) == 1
    report.refresh_from_db()
    assert report.network_hash == ""


def test_the_address_of_who_reported_goes_thirty_days_after_the_answer_or_after_a_year(insight: Insight) -> None:
    day = dt.timedelta(days=1)
    resolved = insight.reports.create(reason="owner", contact="a@example.com", created_at=NOW, resolved_at=NOW + day)
    waiting = insight.reports.create(reason="owner", message="Me.", contact="b@example.com", created_at=NOW)
    assert forget_contacts(now=NOW + 30 * day) == 0
    assert forget_contacts(now=NOW + 31 * day) == 1
    resolved.refresh_from_db()
    assert resolved.contact == ""
    assert forget_contacts(now=NOW + 364 * day) == 0
    assert forget_contacts(now=NOW + 365 * day) == 1
    waiting.refresh_from_db()
    assert (waiting.contact, waiting.message) == ("", "Me.")


def test_the_sweep_forgets_networks_and_addresses(insight: Insight) -> None:
    insight.reports.create(reason="owner", contact="a@example.com", network_hash="x", created_at=NOW)
    with time_machine.travel(NOW + dt.timedelta(days=366), tick=False):
        forget_reporters()
    assert insight.reports.filter(contact="", network_hash="").exists()


def test_asking_for_the_form_keeps_nothing(client: Client, path: str) -> None:
    assert client.get(f"{path}?reason=owner&message=x").status_code == 200
    assert not InsightReport.objects.exists()
