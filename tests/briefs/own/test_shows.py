"""A subscriber's own shows: listed, added by address, imported, exported."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import zipfile
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.privacy import erase, export
from briefs.edition.printing.render import Press
from briefs.models import AddedShows, Follow
from briefs.own.adding_shows import NotFollowed, add_show
from briefs.own.listing import let_unfollowed_go, list_shows
from briefs.own.shows import fares
from feeds.models import Episode, Feed, Insight
from feeds.polling.opml import Outline, read_opml
from feeds.polling.refresh import refresh
from tests.factories import make_brief, make_episode, make_feed, make_insight, make_user
from tests.feeds.conftest import door_to
from tests.feeds.polling.hostile_server import hostile_server

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
MINE = "/shows/mine/"


@pytest.fixture
def reader() -> Client:
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def alice(reader: Client) -> User:
    user = make_user("alice@example.org")
    reader.force_login(user)
    return user


def add(reader: Client, address: str) -> Any:
    return reader.post(MINE, {"address": address}, follow=True)


def opml(*urls: str) -> bytes:
    rows = "".join(f'<outline type="rss" text="Show at {url}" xmlUrl="{url}"/>' for url in urls)
    return f"<opml><body>{rows}</body></opml>".encode()


def import_file(reader: Client, body: bytes, name: str = "mine.opml") -> Any:
    return reader.post(f"{MINE}import/", {"opml": SimpleUploadedFile(name, body)})


def many(number: int) -> bytes:
    return opml(*(f"https://h{one}.example/feed" for one in range(number)))


# The list --------------------------------------------------------------------------------------------------------


def test_the_page_lists_what_is_followed_and_what_is_muted(reader: Client, alice: User) -> None:
    Follow.objects.create(user=alice, feed=make_feed("Chokepoint"))
    Follow.objects.create(user=alice, feed=make_feed("Null Result"), is_muted=True)
    Follow.objects.create(user=make_user(), feed=make_feed("Somebody else’s"))
    page = reader.get(MINE).content.decode()
    followed, _, muted = page.partition("Muted, 1")
    assert "Chokepoint" in followed
    assert "Null Result" in muted
    assert "Somebody else’s" not in page


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        ({}, "waits for its first reading"),
        ({"last_checked_at": NOW}, "read just now"),
        ({"last_checked_at": NOW - dt.timedelta(hours=1, minutes=9)}, "read 1\N{NO-BREAK SPACE}hour ago"),
        ({"last_checked_at": NOW, "error": "a web page came"}, "cannot be read: a web page came"),
        ({"state": Feed.State.GONE, "error": "it answered 410"}, "gone for good: it answered 410"),
        ({"state": Feed.State.OFF}, "switched off: it is no longer read"),
        ({"url": None}, "not read: nobody has given the address of its feed"),
        ({"taken_down_at": NOW, "state": Feed.State.OFF}, "taken down at its owner’s wish"),
    ],
)
def test_how_a_show_fares_stands_in_words(feed: dict[str, Any], words: str) -> None:
    assert fares(make_feed(**feed), now=NOW) == words


def test_a_show_is_unfollowed_and_nobody_elses_follow_goes(reader: Client, alice: User) -> None:
    feed = make_feed()
    for user in (alice, make_user()):
        Follow.objects.create(user=user, feed=feed)
    reader.post(f"{MINE}{feed.pk}/drop/")
    assert not alice.follows.exists()
    assert feed.follows.count() == 1


def test_the_list_takes_as_many_queries_for_many_shows_as_for_one(
    reader: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        Follow.objects.create(user=alice, feed=make_feed())
    with django_assert_num_queries(3):  # the session, the subscriber, the shows
        reader.get(MINE)


def test_who_is_not_signed_in_is_asked_to(reader: Client) -> None:
    for path in (MINE, f"{MINE}import/", "/shows/mine.opml"):
        assert reader.get(path)["Location"].startswith("/account/login/code/")
    assert not reader.post(MINE, {"address": "https://x.example/"})["Location"].startswith(MINE)
    assert not Feed.objects.exists()


def test_another_site_cannot_make_a_subscriber_add_a_show(reader: Client, alice: User) -> None:
    for path in (MINE, f"{MINE}import/", f"{MINE}1/drop/"):
        answer = reader.post(path, {"address": "https://x.example/"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert not Feed.objects.exists()


def test_reading_the_page_writes_nothing(reader: Client, alice: User) -> None:
    reader.get(f"{MINE}?address=https://x.example/&show=added")
    assert reader.get(f"{MINE}import/")["Location"] == MINE
    assert reader.get(f"{MINE}1/drop/").status_code == 405
    assert not Feed.objects.exists()
    assert not AddedShows.objects.exists()


def test_the_preferences_and_the_box_lead_here(reader: Client, alice: User) -> None:
    for path in ("/preferences/", "/shows/"):
        assert f'href="{MINE}"' in reader.get(path).content.decode(), path


# By address ------------------------------------------------------------------------------------------------------


def test_a_new_address_is_added_and_followed(reader: Client, alice: User) -> None:
    page = add(reader, "feed://Pod.example/feed.xml").content.decode()
    assert "Added. It is read within the hour; you follow it." in page
    assert "waits for its first reading" in page
    assert alice.follows.get().feed.url == "https://pod.example/feed.xml"
    assert Feed.objects.due(timezone.now()).exists()


def test_a_known_address_is_followed(reader: Client, alice: User) -> None:
    feed = make_feed("Chokepoint")
    assert "It was here already; you follow it now." in add(reader, feed.url or "").content.decode()
    add(reader, feed.url or "")
    assert alice.follows.get().feed == feed


def test_what_is_no_address_is_refused_beside_the_field(reader: Client, alice: User) -> None:
    for address, words in [("", "Type or paste the address"), ("ftp://x.example/", "is not an http or https address.")]:
        answer = add(reader, address)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert words in page.partition('id="address-error"')[2].partition("<input")[0]
    assert not Feed.objects.exists()


def test_an_address_that_is_no_feed_says_so_here_after_its_first_reading(reader: Client, alice: User) -> None:
    with hostile_server() as server:
        add(reader, server.answer("/page", b"<html></html>"))
        assert server.log.paths == []
        list(refresh(Feed.objects.all(), now=timezone.now(), door=door_to(server)))
    page = reader.get(MINE).content.decode()
    assert "cannot be read: " in page
    assert "a web page came instead of a feed" in page


@pytest.mark.parametrize(
    ("state", "words"),
    [({"taken_down_at": NOW}, "taken down at its owner’s wish"), ({"is_blocked": True}, "left out of directories")],
)
def test_a_show_that_left_the_site_is_not_followed(
    reader: Client, alice: User, state: dict[str, Any], words: str
) -> None:
    answer = add(reader, make_feed(**state).url or "")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not alice.follows.exists()


def test_a_mute_stays_a_mute(reader: Client, alice: User) -> None:
    muted = make_feed()
    Follow.objects.create(user=alice, feed=muted, is_muted=True)
    assert "You mute this show, and that stays so" in add(reader, muted.url or "").content.decode()
    assert "You mute this show, and that stays so" in import_file(reader, opml(muted.url or "")).content.decode()
    assert alice.follows.get().is_muted


# Mine alone ------------------------------------------------------------------------------------------------------

SECRET = "https://pod.example/feed?auth=Zanzibarquartz"
LIKELY = "https://pod.example/3f2b8c1e-9d47-4a60-8e15-b7c2d9f04a36/feed.xml"


def add_own(reader: Client, address: str) -> Any:
    return reader.post(MINE, {"address": address, "is_own": "1"}, follow=True)


@pytest.fixture
def bob(db: None) -> Client:
    browser = Client(headers={"Sec-Fetch-Site": "same-origin"})
    browser.force_login(make_user("bob@example.org"))
    return browser


@pytest.mark.parametrize("address", [SECRET, LIKELY])
def test_an_address_that_looks_like_ones_own_is_asked_about_with_the_box_ticked(
    reader: Client, alice: User, address: str
) -> None:
    answer = add(reader, address)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "looks like one made for you alone" in page
    assert 'name="is_own" value="1" checked' in page
    assert 'name="was_asked"' in page
    assert not Feed.objects.exists()
    assert 'name="is_own" value="1">' in reader.get(MINE).content.decode()


def test_without_the_tick_a_likely_address_is_everybodys_and_a_sure_one_is_not(reader: Client, alice: User) -> None:
    for address in (SECRET, LIKELY):
        reader.post(MINE, {"address": address, "was_asked": "1"})
    assert Feed.objects.get(url=SECRET).owner == alice
    assert Feed.objects.get(url=LIKELY).owner is None


def test_a_show_of_ones_own_is_on_no_page_of_anybody_else(reader: Client, alice: User, bob: Client) -> None:
    add_own(reader, SECRET)
    feed = Feed.objects.get()
    Feed.objects.update(title="Zanzibarquartz")
    assert (feed.is_private, feed.owner) == (True, alice)
    assert "private; waits" in reader.get(MINE).content.decode()
    for path in ("/shows/", "/shows/?q=Zanzibar", "/search/", "/preferences/", MINE, "/shows/mine.opml", "/about/"):
        assert "Zanzibarquartz" not in bob.get(path).content.decode().replace("q=Zanzibar", ""), path
    assert bob.get(feed.get_absolute_url()).status_code == 404


def test_two_subscribers_with_the_same_address_have_a_show_each(reader: Client, alice: User, bob: Client) -> None:
    add_own(reader, SECRET)
    assert "Added." in add_own(bob, SECRET).content.decode()
    assert "It was here already" in add_own(reader, SECRET).content.decode()
    assert Feed.objects.filter(url=SECRET).count() == 2
    assert all(feed.follows.get().user == feed.owner for feed in Feed.objects.all())


def test_an_operators_private_show_is_not_shared_either(reader: Client, alice: User) -> None:
    theirs = make_feed(url=SECRET, is_private=True)
    add_own(reader, SECRET)
    assert alice.follows.get().feed != theirs


def test_unfollowing_takes_the_address_the_token_and_the_polling_and_leaves_what_was_sent(
    reader: Client, alice: User
) -> None:
    add_own(reader, SECRET)
    feed = Feed.objects.get()
    episode = make_episode(feed=feed, guid=f"{SECRET}#1", link=SECRET, audio_url=f"{SECRET}&mp3", state="waiting")
    make_brief(alice, insights=[make_insight("A claim of one’s own", episode=episode)])
    reader.post(f"{MINE}{feed.pk}/drop/")
    kept = str([*Feed.objects.values(), *Episode.objects.values()])
    assert "Zanzibarquartz" not in kept
    assert not Feed.objects.due(timezone.now() + dt.timedelta(days=9)).exists()
    assert not Episode.objects.waiting(timezone.now()).exists()
    assert "A claim of one’s own" in reader.get(f"/brief/{timezone.now():%Y-%m-%d}/").content.decode()


def test_erasing_the_account_erases_the_shows_of_its_own(reader: Client, alice: User, bob: Client) -> None:
    for browser in (reader, bob):
        add_own(browser, SECRET)
    make_brief(alice, insights=[make_insight(feed=alice.private_shows.get())])
    erase(alice, now=timezone.now())
    assert Feed.objects.get().owner == User.objects.get(email="bob@example.org")
    assert not Episode.objects.exists()


def test_the_export_names_the_shows_of_ones_own_with_their_address(reader: Client, alice: User) -> None:
    add_own(reader, SECRET)
    Follow.objects.create(user=alice, feed=make_feed())
    with zipfile.ZipFile(io.BytesIO(export(alice, now=timezone.now()))) as archive:
        tables = json.loads(archive.read("data.json"))
    assert [feed["url"] for feed in tables["feeds"]] == [SECRET]
    assert len(tables["follows"]) == 2


def test_the_audio_of_a_private_show_is_printed_nowhere(reader: Client, alice: User) -> None:
    add_own(reader, SECRET)
    episode = make_episode(feed=Feed.objects.get(), link=f"{SECRET}&page", audio_url=f"{SECRET}&mp3")
    insight = make_insight(episode=episode)
    make_brief(alice, insights=[insight])
    day = f"{timezone.now():%Y-%m-%d}"
    for path in (f"/brief/{day}/", f"/brief/{day}.json"):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert "Zanzibarquartz" not in answer.content.decode(), path
    press = Press()
    press.set([Insight.objects.with_source().get()])
    assert "Zanzibarquartz" not in str(press.__dict__)


def test_a_list_makes_ones_own_what_looks_so(reader: Client, alice: User) -> None:
    import_file(reader, opml(SECRET, LIKELY, "https://open.example/feed"))
    assert set(alice.private_shows.values_list("url", flat=True)) == {SECRET, LIKELY}


# Brought by a stranger -------------------------------------------------------------------------------------------


def brought(title: str = "Buy Quartzite Now") -> Feed:
    """As it stands after a first reading."""
    return make_feed(title, is_listed=False, last_checked_at=NOW, last_changed_at=NOW)


def public_words(browser: Client) -> str:
    paths = ("/", "/shows/", "/shows/?q=quartzite", "/search/?q=quartzite", "/preferences/", "/about/", "/sitemap.xml")
    return (
        "".join(browser.get(path).content.decode() for path in paths)
        .replace("q=quartzite", "")
        .replace('"quartzite"', "")
    )


def test_what_a_stranger_brings_stands_on_nobody_elses_pages(reader: Client, alice: User, bob: Client) -> None:
    import_file(reader, opml(*(f"https://h{number}.example/Quartzite" for number in range(50))))
    assert set(Feed.objects.values_list("is_listed", "title")) == {
        (False, f"h{number}.example") for number in range(50)
    }
    feed = brought()
    insight = make_insight("Quartzite is the best stone", feed=feed)
    Follow.objects.create(user=alice, feed=feed)
    assert "Quartzite" not in public_words(bob)
    for path in (feed.get_absolute_url(), insight.get_absolute_url()):
        assert bob.get(path).status_code == 404
    assert "Buy Quartzite Now" in reader.get(MINE).content.decode()


def test_the_file_names_no_show_its_feed_does(reader: Client, alice: User) -> None:
    page = import_file(reader, opml("https://pod.example/feed")).content.decode()
    assert "Show at https://pod.example/feed" in page
    assert (Feed.objects.get().title, Feed.objects.get().slug) == ("pod.example", "podexample")


def test_three_confirmed_mailboxes_list_a_show_that_was_read(client: Client) -> None:
    feed, unread = brought(), make_feed("Unread", is_listed=False)
    followers = ["ada@example.org", "ada+1@example.org", "ada+2@example.org", "ben@example.org"]
    for one in (feed, unread):
        Follow.objects.create(user=make_user(f"late{one.pk}@example.org", confirmed=False), feed=one)
        Follow.objects.create(user=make_user(f"mutes{one.pk}@example.org"), feed=one, is_muted=True)
    for address in followers:
        user = make_user(address)
        Follow.objects.create(user=user, feed=feed)
        Follow.objects.create(user=user, feed=unread)
    assert list_shows() == 0
    cem = make_user("cem@example.org")
    Follow.objects.create(user=cem, feed=feed)
    Follow.objects.create(user=cem, feed=unread)
    assert list_shows() == 1
    make_insight(feed=feed)
    assert "Buy Quartzite Now" in client.get("/shows/").content.decode()


def test_a_private_show_is_never_listed_however_many_follow_it() -> None:
    feed = make_feed(is_private=True, is_listed=False, last_changed_at=NOW)
    for _ in range(5):
        Follow.objects.create(user=make_user(), feed=feed)
    assert list_shows() == 0


def test_what_nobody_follows_any_more_is_not_read_until_somebody_does(reader: Client, alice: User) -> None:
    add(reader, "https://pod.example/feed")
    feed = Feed.objects.get()
    reader.post(f"{MINE}{feed.pk}/drop/")
    let_unfollowed_go()
    assert not Feed.objects.due(timezone.now()).exists()
    add(reader, "https://pod.example/feed")
    assert Feed.objects.due(timezone.now()).get() == feed


def test_an_own_show_whose_follow_went_another_way_forgets_its_address(reader: Client, alice: User) -> None:
    add_own(reader, SECRET)
    alice.follows.all().delete()
    let_unfollowed_go()
    assert Feed.objects.get().url is None


def test_all_subscribers_together_bring_so_many_a_day(
    reader: Client, alice: User, bob: Client, settings: Settings
) -> None:
    settings.NEW_SHOWS_A_DAY = 4
    import_file(reader, many(3))
    page = import_file(
        bob, opml("https://a.example/", "https://b.example/", "https://h0.example/feed")
    ).content.decode()
    assert "1 added, 1 here already, 1 failed." in page
    assert "no more than 4 by everybody together" in page


# Limits ----------------------------------------------------------------------------------------------------------


def test_thirty_new_shows_a_day_are_added_by_address(reader: Client, alice: User) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(30):
            add(reader, f"https://h{number}.example/")
        known = make_feed()
        assert "No more than 30 new shows a day" in add(reader, "https://late.example/").content.decode()
        assert "you follow it now" in add(reader, known.url or "").content.decode()
    with time_machine.travel(NOW + dt.timedelta(days=1)):
        assert "Added." in add(reader, "https://late.example/").content.decode()


def test_unfollowing_makes_no_room(reader: Client, alice: User) -> None:
    AddedShows.objects.create(user=alice, way="address", day=timezone.now().astimezone(dt.UTC).date(), number=29)
    add(reader, "https://a.example/")
    reader.post(f"{MINE}{Feed.objects.get().pk}/drop/")
    assert "No more than 30" in add(reader, "https://b.example/").content.decode()


def test_what_goes_past_five_hundred_new_shows_is_named(reader: Client, alice: User) -> None:
    page = import_file(reader, many(502)).content.decode()
    assert "500 added, 0 here already, 2 failed." in page
    assert "Show at https://h501.example/feed" in page
    assert "No more than 500 new shows a day can be added by OPML" in page


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_for_requests_at_once() -> None:
    alice = make_user()
    AddedShows.objects.create(user=alice, way="address", day=NOW.date(), number=28)
    outcomes = list[bool]()
    start = threading.Barrier(6)

    def press(number: int) -> None:
        start.wait()
        try:
            outcomes.append(add_show(alice, f"https://one-title.example/{number}", now=NOW))
        except NotFollowed:
            outcomes.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 4 + [True] * 2
    assert Feed.objects.count() == 2


# OPML ------------------------------------------------------------------------------------------------------------


def test_an_import_says_what_was_added_known_and_failed(reader: Client, alice: User) -> None:
    known, followed = make_feed("Chokepoint"), make_feed("Null Result")
    Follow.objects.create(user=alice, feed=followed)
    gone = make_feed("Taken away", taken_down_at=timezone.now())
    urls = ["https://new.example/", known.url or "", followed.url or "", gone.url or "", "ftp://bad.example/", ""]
    page = import_file(reader, opml(*urls)).content.decode()
    assert "1 added, 2 here already, 3 failed." in page
    assert "Taken away" in page
    assert "“ftp://bad.example/” is not an http or https address" in page
    assert alice.follows.count() == 3


def test_a_second_import_adds_nothing(reader: Client, alice: User) -> None:
    import_file(reader, many(3))
    assert "0 added, 3 here already, 0 failed." in import_file(reader, many(3)).content.decode()
    assert (Feed.objects.count(), alice.follows.count()) == (3, 3)


@pytest.mark.parametrize("number", [3, 300])
def test_an_import_takes_the_same_queries_however_long_it_is(
    reader: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_feed(url="https://h0.example/feed")
    import_file(reader, many(1))
    with django_assert_num_queries(19):
        import_file(reader, many(number))
    assert alice.follows.count() == number


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html></html>", "mine.opml: this is not an OPML file"),
        (b"<opml><body/></opml>", "mine.opml names no show."),
        (b"", "This file is empty."),
        (b"<opml>" + b" " * 2**21, "at most 2 MiB"),
        (b"<opml>" + b" " * 2**22, "at most 2 MiB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_the_field(
    reader: Client, alice: User, body: bytes, words: str
) -> None:
    answer = import_file(reader, body)
    assert answer.status_code == 422
    assert words in answer.content.decode().partition('id="opml-error"')[2].partition("<input")[0]


def test_a_file_that_is_too_large_never_reaches_the_disk(reader: Client, alice: User, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
    assert import_file(reader, b"<opml>" + b" " * 2**22).status_code == 422


def test_titles_of_a_file_are_text_and_not_markup(reader: Client, alice: User) -> None:
    row = '<outline text="&lt;script&gt;x" xmlUrl="https://x.example/"/><outline text="&lt;b&gt;" xmlUrl="ftp://x/"/>'
    page = import_file(reader, f"<opml><body>{row}</body></opml>".encode()).content.decode()
    assert "<script>x" not in page
    assert "&lt;b&gt;" in page


def test_the_followed_shows_are_taken_along_as_opml(reader: Client, alice: User) -> None:
    kept = make_feed("Chokepoint", is_private=True)
    for feed in (kept, make_feed(url=None), make_feed(taken_down_at=NOW)):
        Follow.objects.create(user=alice, feed=feed)
    Follow.objects.create(user=alice, feed=make_feed(), is_muted=True)
    Follow.objects.create(user=make_user(), feed=make_feed())
    answer = reader.get("/shows/mine.opml")
    assert read_opml(answer.content) == [Outline("Chokepoint", kept.url or "")]
    assert answer["Content-Disposition"] == 'attachment; filename="overheard-shows.opml"'
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
