import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Suppression
from briefs.models import Brief, Hold
from config.models import NightRecord
from config.operating.figures import Night
from feeds.models import Episode, InsightReport
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def test_the_admin_opens_on_what_is_to_be_decided_with_its_reason_and_a_way_there(operator: Client) -> None:
    feed = make_feed("Broken Show", error="HTTP 500", failures=3)
    brief = make_brief(state=Brief.State.UNKNOWN, reason="the answer was never heard")
    insight = make_insight("Tea is a plant", ready=0.31)
    InsightReport.objects.create(insight=insight, reason="owner", message="please take it down")
    Hold.objects.create(channel="email", reason="550 no", since=timezone.now(), until=timezone.now())

    page = operator.get("/admin/").content.decode()

    for said in ("HTTP 500", "the answer was never heard", "please take it down", "550 no", "31% likely"):
        assert said in page
    for path in (f"feeds/feed/{feed.pk}", f"briefs/brief/{brief.pk}", f"feeds/insight/{insight.pk}"):
        assert f'href="/admin/{path}/change/"' in page


def test_each_list_leads_to_a_page_that_answers(operator: Client) -> None:
    make_feed("Broken Show", error="HTTP 500")
    make_brief(state=Brief.State.UNKNOWN)
    make_brief(state=Brief.State.FAILED)
    make_episode(state=Episode.State.FAILED, next_attempt_at=timezone.now())
    InsightReport.objects.create(insight=make_insight(), reason="owner")

    page = operator.get("/admin/").content.decode()

    links = re.findall(r'<a href="([^"]+)">See all</a>', page)
    assert len(links) == 6
    for link in links:
        assert operator.get(link).status_code == 200, link


def test_fourteen_nights_are_drawn_without_a_script_or_a_style_attribute(operator: Client) -> None:
    for ago in range(1, 20):
        day = timezone.now().date() - dt.timedelta(days=ago)
        figures = Night(sent=ago).as_json()
        NightRecord.objects.create(day=day, figures=figures, counted_at=timezone.now(), next_attempt_at=timezone.now())

    page = operator.get("/admin/").content.decode()

    picture = next(svg for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL) if 'label="sent:' in svg)
    assert picture.count("<rect") == 14
    assert [float(height) for height in re.findall(r'height="([\d.]+)"><title>', picture)][:2] == [40.0, 36.9]
    assert " style=" not in page


def test_a_quiet_installation_says_that_nothing_goes_wrong(operator: Client) -> None:
    assert "Nothing goes wrong" in operator.get("/admin/").content.decode()


def test_the_page_is_for_operators_alone(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/admin/").status_code == 302


def test_the_metrics_tell_the_same_figures_in_the_format_of_prometheus(client: Client) -> None:
    make_brief(state=Brief.State.UNKNOWN)
    Suppression.objects.create(address_hash="a", reason=Suppression.Reason.COMPLAINT)
    make_feed(next_check_at=timezone.now() - dt.timedelta(hours=1))

    response = client.get("/metrics")

    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.content.decode().splitlines()
    for line in (
        "# TYPE overheard_night gauge",
        'overheard_night{kind="unknown"} 1',
        'overheard_refusals{kind="complaint"} 1',
        'overheard_waiting{kind="feeds"} 1',
        'overheard_oldest_seconds{kind="feeds"} 3600',
        "overheard_fenced 0",
    ):
        assert line in lines
    number = re.compile(r'[a-z_]+(\{kind="[^"\\]+"\})? -?[0-9.e+-]+')
    assert [line for line in lines if not line.startswith("#") and not number.fullmatch(line)] == []


def test_the_metrics_are_for_this_machine_or_for_who_has_the_token(client: Client, settings: Settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403

    settings.METRICS_TOKEN = "a long secret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403
    known = {"Authorization": "Bearer a long secret", "X-Forwarded-For": "203.0.113.7"}
    assert client.get("/metrics", headers=known).status_code == 200
