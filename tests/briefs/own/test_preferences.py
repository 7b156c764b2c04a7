from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import links
from accounts.keyed_hashes import address_hash
from accounts.models import PAUSED_FOR_GOOD, Suppression, User
from accounts.subscription import stop_mail
from accounts.tokens import sign
from briefs.edition.printing.sample import deliver_tests
from briefs.models import Follow, Interest
from feeds.library.takedown import take_down_insight
from tests.factories import make_feed, make_insight, make_topic, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def reader() -> Client:
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def alice(reader: Client) -> User:
    user = make_user("alice@example.org", time_zone="Europe/Berlin", next_brief_at=NOW + dt.timedelta(hours=18))
    reader.force_login(user)
    return user


def wishes(**changed: Any) -> dict[str, Any]:
    """The page of a new subscriber, as a browser posts it."""
    unchanged = {
        "time_zone": "Europe/Berlin",
        "brief_hour": "7",
        "brief_days": ["0", "1", "2", "3", "4", "5", "6"],
        "cadence": "daily",
        "brief_format": "html",
        "surprises": "on",
        "pause": "no",
        "new_show_is": "followed",
    }
    return {name: value for name, value in (unchanged | changed).items() if value is not None}


def by_link(user: User) -> str:
    return links.preferences_url(user).removeprefix("http://127.0.0.1:8000")


def save(reader: Client, page: str = "/preferences/", **changed: Any) -> Any:
    return reader.post(page, wishes(**changed))


# What is stored --------------------------------------------------------------------------------------------------


def test_many_shows_and_topics_are_stored_with_as_many_queries_as_one(reader: Client, alice: User) -> None:
    def queries(count: int) -> int:
        shows, topics = [make_feed().pk for _ in range(count)], [make_topic(f"Topic {n}").pk for n in range(count)]
        offered = ",".join(str(follow.feed_id) for follow in alice.follows.all())
        with CaptureQueriesContext(connection) as captured:
            save(reader, followed_shows=shows, offered_shows=offered, topics=topics)
        assert (alice.follows.count(), alice.interests.count()) == (count, count)
        return len(captured)

    queries(1)  # so that there is something to drop in both of the following
    assert queries(6) == queries(1)


def test_topics_are_followed_and_muted(reader: Client, alice: User) -> None:
    economics, crypto = make_topic("Economics"), make_topic("Crypto")
    assert save(reader, topics=[economics.pk], muted_topics=[crypto.pk])["Location"] == "/preferences/?saved=yes"
    found = {str(one): one.is_muted for one in alice.interests.all()}
    assert found == {"Economics": False, "Crypto": True}
    save(reader, topics=[crypto.pk])
    assert {str(one): one.is_muted for one in alice.interests.all()} == {"Crypto": False}


def test_following_and_muting_one_thing_is_refused_in_words(reader: Client, alice: User) -> None:
    topic = make_topic("Economics")
    answer = save(reader, topics=[topic.pk], muted_topics=[topic.pk])
    assert answer.status_code == 422
    assert "Followed and muted at once: Economics" in answer.content.decode()
    assert not alice.interests.exists()


def test_interests_are_one_a_line_and_kept_if_unchanged(reader: Client, alice: User) -> None:
    save(reader, interests="rail freight\r\n\r\n  how  cities\tpay \r\nrail freight", refused="celebrity news")
    assert {one.text: one.is_muted for one in alice.interests.all()} == {
        "rail freight": False,
        "how cities pay": False,
        "celebrity news": True,
    }
    kept = alice.interests.get(text="rail freight").pk
    save(reader, interests="rail freight")
    assert alice.interests.get().pk == kept


def test_wanting_and_refusing_one_line_is_refused_in_words(reader: Client, alice: User) -> None:
    answer = save(reader, interests="rail freight\r\nnight trains", refused="Rail  freight\r\ncelebrity news")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wanted and refused at once: “Rail freight”. Keep one of the two." in page
    assert page.index('id="refused-error"') < page.index("Wanted and refused at once")
    assert 'aria-describedby="refused-error"' in page
    assert not alice.interests.exists()


@pytest.mark.parametrize("text", ["x" * 201, "\n".join(f"line {number}" for number in range(21))])
def test_too_much_text_is_refused_and_not_lost(reader: Client, alice: User, text: str) -> None:
    answer = save(reader, interests=text)
    assert answer.status_code == 422
    assert text.split("\n", maxsplit=1)[0] in answer.content.decode()


def test_shows_are_followed_muted_and_found_by_name(reader: Client, alice: User) -> None:
    grid, night = make_feed("The Grid Hour"), make_feed("Night Shift")
    save(reader, new_show="the grid hour")
    save(reader, followed_shows=[grid.pk], new_show="Night Shift", new_show_is="muted")
    assert {one.feed: one.is_muted for one in alice.follows.all()} == {grid: False, night: True}
    answer = save(reader, new_show="Nobody's Show", followed_shows=[grid.pk])
    assert "do not read a show of the name" in answer.content.decode()
    save(reader, offered_shows=f"{grid.pk},{night.pk}")
    assert not alice.follows.exists()


def test_a_show_that_was_followed_since_the_page_was_drawn_stays_followed(reader: Client, alice: User) -> None:
    grid, night = make_feed("The Grid Hour"), make_feed("Night Shift")
    Follow.objects.create(user=alice, feed=grid)
    assert f'name="offered_shows" value="{grid.pk}"' in reader.get("/preferences/").content.decode()
    Follow.objects.create(user=alice, feed=night)
    save(reader, offered_shows=f"{grid.pk},nonsense")
    assert alice.follows.get().feed == night


def test_more_shows_than_the_page_can_list_are_left_as_they_are(reader: Client, alice: User) -> None:
    for _ in range(51):
        Follow.objects.create(user=alice, feed=make_feed())
    page = reader.get("/preferences/").content.decode()
    assert "You follow or mute 51 shows, too many to list here." in page
    assert 'name="followed_shows"' not in page
    save(reader)
    assert alice.follows.count() == 51


def test_a_private_show_is_neither_found_nor_dropped(reader: Client, alice: User) -> None:
    private = make_feed("Secret Show", is_private=True)
    Follow.objects.create(user=alice, feed=private)
    assert save(reader, new_show="Secret Show").status_code == 422
    save(reader)
    assert alice.follows.get().feed == private


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        ({"time_zone": "tokyo"}, "time_zone", "Asia/Tokyo"),
        ({"brief_hour": "22"}, "brief_hour", 22),
        ({"brief_days": ["0", "4"]}, "brief_days", [0, 4]),
        ({"cadence": "weekly"}, "cadence", "weekly"),
        ({"pause": "date", "pause_date": "2027-01-04"}, "paused_until", dt.date(2027, 1, 4)),
        ({"pause": "week"}, "paused_until", dt.date(2026, 11, 30)),
        ({"pause": "month"}, "paused_until", dt.date(2026, 12, 23)),
        ({"pause": "open"}, "paused_until", PAUSED_FOR_GOOD),
    ],
)
def test_a_changed_clock_reschedules_the_next_brief_and_says_so(
    reader: Client, alice: User, changed: Mapping[str, Any], column: str, value: Any
) -> None:
    with time_machine.travel(NOW):
        answer = save(reader, **changed)
        word, words = ("pause", "The brief pauses") if "pause" in changed else ("clock", "The clock changed")
        assert answer["Location"] == f"/preferences/?saved={word}"
        assert words in reader.get(answer["Location"]).content.decode()
    alice.refresh_from_db()
    assert getattr(alice, column) == value
    assert alice.next_brief_at is None


def test_what_is_no_clock_leaves_the_schedule_alone(reader: Client, alice: User) -> None:
    make_insight(language="de")
    save(reader, brief_format="text", languages=["de"], surprises=None, quotes="on")
    before = alice.next_brief_at
    alice.refresh_from_db()
    assert (alice.brief_format, alice.languages, alice.surprises, alice.quotes) == ("text", ["de"], False, True)
    assert alice.next_brief_at == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"time_zone": "Atlantis"}, "no city or time zone that we know"),
        ({"brief_days": []}, "pause instead"),
        ({"pause": "date", "pause_date": "2020-01-01"}, "it must lie ahead"),
        ({"pause": "date"}, "it must lie ahead"),
        ({"brief_hour": "24"}, "another look"),
        ({"languages": ["xx"]}, "another look"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_stored(
    reader: Client, alice: User, changed: Mapping[str, Any], words: str
) -> None:
    answer = save(reader, interests="new interest", **changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "new interest" in answer.content.decode()
    assert not alice.interests.exists()


def test_what_was_saved_is_shown_again(reader: Client, alice: User) -> None:
    topic, show = make_topic("Economics"), make_feed("The Grid Hour")
    make_insight(language="de-AT")
    save(
        reader,
        topics=[topic.pk],
        interests="rail freight",
        refused="gossip",
        new_show=show.title,
        languages=["de"],
        brief_days=["4"],
        brief_hour="22",
        cadence="weekly",
        brief_format="text",
        surprises=None,
        quotes="on",
        pause="open",
    )
    page = reader.get("/preferences/").content.decode()
    for part in (
        f'name="topics" value="{topic.pk}" checked',
        'name="quotes" value="on" checked',
        ">rail freight</textarea>",
        ">gossip</textarea>",
        f'name="followed_shows" value="{show.pk}" checked',
        'name="languages" value="de" checked',
        'name="brief_days" value="4" checked',
        '<option value="22" selected>',
        'name="cadence" value="weekly" checked',
        'name="brief_format" value="text" checked',
        'name="pause" value="open" checked',
        "End the pause",
    ):
        assert part in page, part
    assert 'name="brief_days" value="0" checked' not in page
    assert 'name="surprises" value="on" checked' not in page


# Who may ---------------------------------------------------------------------------------------------------------


def test_the_link_of_an_e_mail_opens_the_page_without_signing_in(alice: User) -> None:
    stranger = Client(headers={"Sec-Fetch-Site": "same-origin"})
    page = by_link(alice)
    assert "alice@example.org" in stranger.get(page).content.decode()
    answer = stranger.post(page, wishes(brief_hour="20"))
    assert answer["Location"] == f"{page}?saved=clock"
    alice.refresh_from_db()
    assert alice.brief_hour == 20
    assert "_auth_user_id" not in stranger.session


@pytest.mark.parametrize(
    "path", ["/my-data/", "/my-data/erase/", "/profile/", "/saved/", "/welcome/", "/welcome/sample/"]
)
def test_the_link_of_an_e_mail_opens_nothing_else(alice: User, path: str) -> None:
    stranger = Client(headers={"Sec-Fetch-Site": "same-origin"})
    stranger.get(by_link(alice))
    assert stranger.get(path)["Location"].startswith("/account/login/code/")
    assert stranger.post("/my-data/erase/").status_code == 302
    assert User.objects.exists()


def test_a_revoked_or_foreign_link_is_a_clear_page(reader: Client, alice: User) -> None:
    page = by_link(alice)
    User.objects.update(link_version=2)
    for path in (page, f"/preferences/{sign(links.CONFIRM, alice.pk, version=2)}/", "/preferences/nonsense/"):
        answer = reader.post(path, wishes(brief_hour="3"))
        assert answer.status_code == 404
        assert "does not work any more" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.brief_hour == 7


def test_another_site_cannot_change_a_preference(alice: User) -> None:
    browser = Client(headers={"Sec-Fetch-Site": "cross-site"})
    browser.force_login(alice)
    assert browser.post("/preferences/", wishes(brief_hour="3")).status_code == 403
    assert browser.post(by_link(alice), wishes(brief_hour="3")).status_code == 403


def test_looking_changes_nothing(reader: Client, alice: User) -> None:
    before = User.objects.values().get()
    for path in ("/preferences/", by_link(alice), "/welcome/", "/welcome/sample/", "/profile/", "/saved/"):
        reader.get(path)
        reader.head(path)
    assert User.objects.values().get() == before


# A stop, and its end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [{"unsubscribed_at": NOW}, {"paused_until": PAUSED_FOR_GOOD}, {"stopped_at": NOW, "stopped_reason": "hard bounce"}],
)
def test_the_page_says_that_nothing_comes_and_starts_it_again(reader: Client, alice: User, fields: Any) -> None:
    User.objects.update(**fields)
    Suppression.objects.create(address_hash=address_hash(alice.email), reason="bounce")
    page = reader.get("/preferences/").content.decode()
    assert "Next brief: none" in page
    reader.post("/preferences/start-again/")
    assert User.objects.receiving().filter(paused_until=None, next_brief_at=None).exists()
    assert Suppression.objects.exists() is not bool(fields.get("stopped_at"))


def test_an_old_link_out_of_an_e_mail_does_not_start_what_was_stopped(reader: Client, alice: User) -> None:
    path = by_link(alice) + "start-again/"
    User.objects.update(unsubscribed_at=timezone.now())
    reader.post(path)
    assert User.objects.receiving().exists()
    User.objects.update(unsubscribed_at=timezone.now() - dt.timedelta(days=2))
    assert reader.post(path)["Location"] == "/account/login/code/?next=/preferences/"
    assert not User.objects.receiving().exists()


def test_an_old_link_does_not_start_mail_again_after_a_complaint_and_a_code_does(reader: Client, alice: User) -> None:
    path = by_link(alice) + "start-again/"
    now = timezone.now()
    stop_mail(alice, Suppression.Reason.COMPLAINT, words="spam", now=now - dt.timedelta(days=90))
    assert reader.post(path)["Location"] == "/account/login/code/?next=/preferences/"
    assert Suppression.objects.exists()
    assert not User.objects.receiving().exists()
    reader.force_login(alice)
    reader.post("/preferences/start-again/")
    assert User.objects.receiving().exists()


# Welcome ---------------------------------------------------------------------------------------------------------


def test_welcome_ticks_the_topics_of_the_page_they_came_from(reader: Client, alice: User) -> None:
    economics, science = make_topic("Economics"), make_topic("Science")
    make_insight(topics=[economics])
    page = reader.get(f"/welcome/?topic={economics.slug}&topic=nonsense").content.decode()
    assert f'value="{economics.pk}" checked' in page
    assert f'value="{science.pk}" checked' not in page
    assert '1<span class="visually-hidden"> insight</span>' in page


def test_welcome_stores_the_choices_and_shows_a_sample_at_once(reader: Client, alice: User) -> None:
    economics = make_topic("Economics")
    claim = make_insight("Rail freight pays for itself", topics=[economics])
    answer = reader.post(
        "/welcome/", {"topics": [economics.pk], "interests": "rail freight", "time_zone": "Lisbon", "brief_hour": "8"}
    )
    assert answer["Location"] == "/welcome/sample/"
    alice.refresh_from_db()
    assert (alice.time_zone, alice.brief_hour, alice.next_brief_at) == ("Europe/Lisbon", 8, None)
    page = reader.get("/welcome/sample/").content.decode()
    assert claim.headline in page
    assert "08:00 Europe/Lisbon" in page
    assert "Little is said about Economics" in page


def test_with_nothing_there_the_sample_says_so(reader: Client, alice: User) -> None:
    page = reader.get("/welcome/sample/").content.decode()
    assert "Nothing for today" in page
    assert "First brief: " in page


def test_coming_back_to_welcome_keeps_what_is_muted(reader: Client, alice: User) -> None:
    economics, crypto = make_topic("Economics"), make_topic("Crypto")
    Interest.objects.create(user=alice, topic=economics)
    Interest.objects.create(user=alice, topic=crypto, is_muted=True)
    reader.post("/welcome/", {"topics": [], "time_zone": "Berlin", "brief_hour": "7"})
    assert alice.interests.get().topic == crypto


# A test ----------------------------------------------------------------------------------------------------------


def test_a_test_brief_is_left_to_a_worker_three_times_an_hour(reader: Client, alice: User) -> None:
    make_insight("Rail freight pays for itself")
    answers = [reader.post("/preferences/test/")["Location"] for _ in range(4)]
    assert answers == ["/preferences/?test=sent"] * 3 + ["/preferences/?test=limited"]
    assert mail.outbox == []
    assert deliver_tests(now=timezone.now()).sent == 3
    assert [message.to for message in mail.outbox] == [["alice@example.org"]] * 3
    assert mail.outbox[0].subject == "Test: Rail freight pays for itself"
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3
    assert not alice.briefs.exists()


def test_a_test_brief_counts_as_nothing_shown(reader: Client, alice: User) -> None:
    make_insight("Rail freight pays for itself")
    reader.post("/preferences/test/")
    deliver_tests(now=timezone.now())
    assert "Rail freight" in reader.get("/welcome/sample/").content.decode()


def test_nothing_new_is_no_test(reader: Client, alice: User) -> None:
    assert reader.post("/preferences/test/")["Location"] == "/preferences/?test=empty"
    assert not alice.letters.exists()


def test_a_test_whose_insight_was_taken_down_meanwhile_is_not_sent(reader: Client, alice: User) -> None:
    insight = make_insight("Rail freight pays for itself")
    reader.post("/preferences/test/")
    take_down_insight(insight, now=timezone.now())
    assert deliver_tests(now=timezone.now()).failed == 1
    assert mail.outbox == []


def test_who_was_seen_here_is_not_asked_whether_they_still_read(reader: Client, alice: User) -> None:
    User.objects.update(active_at=NOW - dt.timedelta(days=300), asked_if_reading_at=timezone.now())
    save(reader)
    alice.refresh_from_db()
    assert alice.asked_if_reading_at is None
