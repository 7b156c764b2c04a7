import datetime as dt
import json
import re
from typing import Any

import html5lib
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from feeds.library.takedown import take_down_insight
from feeds.models import Insight
from feeds.polling.transcripts import speech
from feeds.reading.embeddings import embedder, embedding_text
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_feed, make_insight, make_topic, make_transcript, make_user
from tests.feeds.site.everything_on_it import Site, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_site()


def text_of(client: Client, path: str, *, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def words_of(page: str) -> str:
    """What a person reads, with white space folded."""
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def json_ld(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(found)
    return data


# The front page --------------------------------------------------------------------------------------------------


def test_the_front_page_says_what_it_is_and_shows_five_insights_in_full(client: Client) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)):
        made = [make_insight(salience=number / 10) for number in range(1, 7)]
        page = words_of(text_of(client, "/"))
    assert "Monday, 23 November 2026" in page
    assert "We scan new podcasts and send you the top five insights daily." in page
    assert "Today’s five" in page
    assert [one.headline for one in made if one.headline in page] == [one.headline for one in made[1:]]
    assert all(one.text in page for one in made[1:])


def test_the_front_page_has_the_sign_up_box(client: Client) -> None:
    page = html5lib.parse(text_of(client, "/"), namespaceHTMLElements=False)
    (form,) = [one for one in page.iter("form") if one.get("action") == "/sign-up/"]
    assert {"email", "website"} <= {field.get("name") for field in form.iter("input")}


def test_topics_are_counted_on_the_front_page(client: Client, site: Site) -> None:
    assert re.search(r"Economics\s*4\s*insights", words_of(text_of(client, "/")))


def test_a_site_without_an_insight_says_so_and_where_to_read_on(client: Client) -> None:
    page = text_of(client, "/")
    assert "Nothing has been read yet" in page
    assert reverse("feeds:about") in page


@pytest.mark.parametrize(("hours", "title"), [(20, "Today’s five"), (72, "The latest five")])
def test_five_of_earlier_days_are_not_called_todays(client: Client, hours: int, title: str) -> None:
    for _ in range(5):
        make_insight(episode=make_episode(published_at=timezone.now() - dt.timedelta(hours=hours)))
    assert title in text_of(client, "/")


# An insight ------------------------------------------------------------------------------------------------------


def test_an_insight_shows_claim_text_quote_speaker_and_source(client: Client, site: Site) -> None:
    page = words_of(text_of(client, site.insight.get_absolute_url()))
    one = site.insight
    for part in (one.headline, one.text, f"“{one.quote}”", "Ada Berg", "Chokepoint", "“What the Denied Do Next”"):
        assert part in page


def test_the_tick_stands_at_its_place_on_the_episodes_line(client: Client, site: Site) -> None:
    page = text_of(client, site.insight.get_absolute_url())
    assert 'aria-label="Said at 23:41 of 58:02"' in page
    assert '<line class="tick" x1="40.81%"' in page


def test_listening_starts_at_the_quote_on_the_publishers_own_server(client: Client, site: Site) -> None:
    page = text_of(client, site.insight.get_absolute_url())
    assert f'href="{site.episode.audio_url}#t=1421"' in page
    assert "Listen from 23:41" in page
    assert "can shift the time" in page


def test_without_a_duration_no_line_is_drawn_but_the_time_is_told(client: Client) -> None:
    page = text_of(client, make_insight(episode=make_episode(duration_seconds=None)).get_absolute_url())
    assert "where-line" not in page
    assert "Listen from 23:41" in page


def test_without_audio_the_episodes_own_page_is_offered(client: Client) -> None:
    page = text_of(client, make_insight(episode=make_episode(audio_url="")).get_absolute_url())
    assert "Open the episode" in page
    assert "Listen" not in page


def test_without_a_speaker_nobody_is_named(client: Client) -> None:
    page = text_of(client, make_insight(speaker="").get_absolute_url())
    assert "<figcaption" not in page


def test_a_checked_quote_says_against_what_it_was_checked(client: Client) -> None:
    insight = make_insight()
    make_transcript(insight.episode, segments=[Segment(insight.quote)])
    page = words_of(text_of(client, insight.get_absolute_url()))
    assert "word for word in the transcript that the publisher provides" in page


@pytest.mark.parametrize("source", [speech.CALLED, "subtitles that <b>listeners</b> wrote"])
def test_a_transcript_is_called_what_its_source_calls_it(client: Client, source: str) -> None:
    insight = make_insight()
    make_transcript(insight.episode, segments=[Segment(insight.quote)], source=source)
    page = text_of(client, insight.get_absolute_url())
    assert f"word for word in {source}. The sentences" in words_of(page)
    assert "<b>listeners" not in page
    assert "publisher provides" not in page


def test_an_imported_insight_is_never_shown_as_checked(client: Client) -> None:
    insight = make_insight(extractor="imported", quote_verified=False, source_url="https://elsewhere.example/1")
    make_transcript(insight.episode, segments=[Segment("Something else entirely.")])
    page = words_of(text_of(client, insight.get_absolute_url()))
    assert "Not checked" in page
    assert "not checked against a transcript here" in page
    assert "word for word" not in page


def test_the_copied_quote_carries_its_citation(client: Client, site: Site, settings: Settings) -> None:
    page = html5lib.parse(text_of(client, site.insight.get_absolute_url()), namespaceHTMLElements=False)
    copies = [button.get("data-copy") or "" for button in page.iter("button")]
    address = f"{settings.SITE_URL}{site.insight.get_absolute_url()}"
    day = site.episode.published_at.date().isoformat()
    expected = f"“{site.insight.quote}” (Ada Berg). “What the Denied Do Next”, Chokepoint, {day}. {address}"
    assert expected in copies


def test_more_from_the_same_episode_leaves_out_the_insight_itself(client: Client, site: Site) -> None:
    page = words_of(text_of(client, site.insight.get_absolute_url()))
    assert page.count(site.insight.headline) == 2  # the claim, and the text that repeats it
    assert all(one.headline in page for one in site.insights[1:])


def said_on_three_shows() -> list[Insight]:
    """A claim, one that belongs beside it, and one that does not, each on a show of its own."""
    told = {
        "Central banks raise rates to slow inflation": "Borrowing gets dearer, people buy less, prices stop rising.",
        "Rate rises hit mortgage holders first": "Dearer borrowing is how inflation is fought, and households pay.",
        "A sourdough starter needs feeding twice a day": "Hungry yeast turns sour, and the loaf stays flat.",
    }
    vectors = embedder().embed([embedding_text(headline, text) for headline, text in told.items()])
    return [
        make_insight(headline, text=text, feed=make_feed(f"Show {number}"), embedding=vector)
        for number, ((headline, text), vector) in enumerate(zip(told.items(), vectors, strict=True))
    ]


def test_what_is_said_elsewhere_stands_under_it_with_its_show(client: Client) -> None:
    here, there, unrelated = said_on_three_shows()
    _, _, elsewhere = words_of(text_of(client, here.get_absolute_url())).partition("Also said elsewhere")
    assert there.headline in elsewhere
    assert "Show 1" in elsewhere
    assert unrelated.headline not in elsewhere


def test_what_left_the_site_since_the_ranking_is_no_longer_shown(client: Client) -> None:
    here, there, _ = said_on_three_shows()
    assert there.get_absolute_url() in text_of(client, here.get_absolute_url())
    take_down_insight(there, now=timezone.now())
    assert there.get_absolute_url() not in text_of(client, here.get_absolute_url())


# What machines read ----------------------------------------------------------------------------------------------


def test_json_ld_is_a_quotation_in_a_podcast_episode(client: Client, site: Site, settings: Settings) -> None:
    data = json_ld(text_of(client, site.insight.get_absolute_url()))
    assert data["@type"] == "Quotation"
    assert data["text"] == site.insight.quote
    assert data["creator"] == {"@type": "Person", "name": "Ada Berg"}
    assert data["isPartOf"]["@type"] == "PodcastEpisode"
    assert data["isPartOf"]["partOfSeries"]["name"] == "Chokepoint"
    assert data["url"] == f"{settings.SITE_URL}{site.insight.get_absolute_url()}"


def test_without_a_quote_json_ld_claims_nobodys_words(client: Client) -> None:
    insight = make_insight(quote="", speaker="")
    data = json_ld(text_of(client, insight.get_absolute_url()))
    assert data["@type"] == "CreativeWork"
    assert "text" not in data


def test_shared_links_show_the_claim_and_a_picture(client: Client, site: Site, settings: Settings) -> None:
    page = text_of(client, site.insight.get_absolute_url())
    assert f'<meta property="og:title" content="{site.insight.headline}">' in page
    address = reverse("feeds:share_image", args=[site.insight.pk])
    assert f'<meta property="og:image" content="{settings.SITE_URL}{address}">' in page


def test_a_list_is_shared_with_the_picture_of_its_first_insight(client: Client, site: Site, settings: Settings) -> None:
    lists = [
        reverse("feeds:home"),
        site.topic.get_absolute_url(),
        site.feed.get_absolute_url(),
        reverse("feeds:episode", args=[site.episode.pk]),
        reverse("feeds:day", args=[site.episode.published_at.date()]),
        reverse("feeds:person", args=[site.insight.speaker_slug]),
    ]
    for path in lists:
        page = text_of(client, path)
        first = re.findall(r'class="claim"[^>]*><a href="([^"]+)"', page)[0]
        assert f'<meta property="og:image" content="{settings.SITE_URL}{first}share.png">' in page, path


def test_a_page_without_insights_is_shared_without_a_picture(client: Client) -> None:
    assert "og:image" not in text_of(client, "/")


def test_every_page_names_its_canonical_address(client: Client, site: Site, settings: Settings) -> None:
    for path in site.pages():
        bare = path.partition("?")[0]
        assert f'<link rel="canonical" href="{settings.SITE_URL}{bare}">' in text_of(client, path)


def test_the_second_page_of_a_list_is_its_own_canonical_address(client: Client, settings: Settings) -> None:
    topic = make_site(insights=21).topic
    page = text_of(client, f"{topic.get_absolute_url()}?page=2&utm_source=x")
    assert f'<link rel="canonical" href="{settings.SITE_URL}{topic.get_absolute_url()}?page=2">' in page


def test_thin_pages_ask_not_to_be_indexed(client: Client) -> None:
    insight = make_insight(quote="", text="Too little to stand alone.", topics=["History"])
    insight.refresh_from_db()
    thin = [
        insight.get_absolute_url(),
        insight.topics.get().get_absolute_url(),
        insight.episode.feed.get_absolute_url(),
        reverse("feeds:episode", args=[insight.episode_id]),
        reverse("feeds:person", args=[insight.speaker_slug]),
        reverse("feeds:search"),
    ]
    for path in thin:
        assert '<meta name="robots" content="noindex">' in text_of(client, path), path


def test_pages_worth_finding_may_be_indexed(client: Client, site: Site) -> None:
    for path in (site.insight.get_absolute_url(), site.topic.get_absolute_url(), site.feed.get_absolute_url(), "/"):
        assert "noindex" not in text_of(client, path)


def test_the_site_map_lists_insights_shows_and_topics(client: Client, site: Site, settings: Settings) -> None:
    assert f"{settings.SITE_URL}{site.insight.get_absolute_url()}" in text_of(client, "/sitemap-insights.xml")
    assert f"{settings.SITE_URL}{site.feed.get_absolute_url()}" in text_of(client, "/sitemap-shows.xml")
    assert f"{settings.SITE_URL}{site.topic.get_absolute_url()}" in text_of(client, "/sitemap-topics.xml")


def test_robots_are_told_what_is_nobodys_business_and_where_the_map_is(client: Client, settings: Settings) -> None:
    robots = text_of(client, "/robots.txt")
    assert "Disallow: /search/" in robots
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots


# The archive -----------------------------------------------------------------------------------------------------


def test_lists_show_every_claim_with_its_time(client: Client, site: Site) -> None:
    site_lists = [site.topic.get_absolute_url(), site.feed.get_absolute_url()]
    site_lists += [reverse("feeds:episode", args=[site.episode.pk]), reverse("feeds:person", args=["ada-berg"])]
    site_lists += [reverse("feeds:day", args=[site.episode.published_at.date()])]
    for path in site_lists:
        page = words_of(text_of(client, path))
        assert all(one.headline in page for one in site.insights), path
        assert page.count("23:41 of 58:02") == 4, path


def test_a_long_list_goes_on_on_the_next_page(client: Client) -> None:
    site = make_site(insights=21)
    path = site.topic.get_absolute_url()
    assert "page=2" in text_of(client, path)
    assert words_of(text_of(client, f"{path}?page=2")).count("23:41") == 1


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "٣", "9999999999999999999999"])
def test_a_page_that_is_not_there_is_not_found(client: Client, site: Site, number: str) -> None:
    text_of(client, f"{site.topic.get_absolute_url()}?page={number}", status=404)


def test_a_topic_without_insights_points_to_the_others(client: Client) -> None:
    page = text_of(client, make_topic("History").get_absolute_url())
    assert "Nothing on History yet" in page
    assert reverse("feeds:topics") in page


def test_a_day_leads_to_the_days_around_it(client: Client) -> None:
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 4), dt.date(2026, 3, 9)]
    for day in days:
        made = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
        make_insight(episode=make_episode(published_at=made))
    page = text_of(client, "/days/2026-03-04/")
    assert "/days/2026-03-01/" in page
    assert "/days/2026-03-09/" in page


def test_a_day_that_never_was_is_not_found(client: Client) -> None:
    text_of(client, "/days/2026-02-30/", status=404)


def test_names_of_any_script_have_their_page(client: Client) -> None:
    insight = make_insight(speaker="Łukasz 王 O’Neill-Øster")
    insight.refresh_from_db()
    assert insight.headline in text_of(client, reverse("feeds:person", args=[insight.speaker_slug]))


def test_a_person_whom_nobody_quoted_is_not_found(client: Client) -> None:
    text_of(client, "/people/nobody-at-all/", status=404)


# What was taken down, and what never was -------------------------------------------------------------------------


def test_a_hidden_insight_answers_410_in_words(client: Client, site: Site) -> None:
    Insight.objects.filter(pk=site.insight.pk).update(hidden_at=timezone.now())
    page = text_of(client, site.insight.get_absolute_url(), status=410)
    assert "This was taken down." in page
    assert site.insight.headline not in page


def test_a_show_is_found_by_a_part_of_its_title(client: Client, site: Site) -> None:
    make_insight(feed=make_feed("Null Result"))
    page = words_of(text_of(client, "/shows/?q=CHOKE"))
    assert "Chokepoint" in page
    assert "Null Result" not in page
    assert "1 show with “CHOKE” in the title." in page


def test_a_show_that_nobody_has_read_leads_to_adding_it(client: Client, site: Site) -> None:
    page = text_of(client, "/shows/?q=elsewhere")
    assert "No show here has “elsewhere” in its title." in words_of(page)
    assert 'href="/shows/mine/"' in page
    assert 'name="robots" content="noindex"' in page


def test_a_title_that_nobody_can_type_is_refused_in_words(client: Client, site: Site) -> None:
    assert "Null characters are not allowed." in words_of(text_of(client, "/shows/?q=%00"))


@pytest.mark.parametrize("path", ["/nothing/", "/insights/999999/", "/topics/nothing/", "/shows/nothing/"])
def test_what_never_was_answers_404_in_words(client: Client, path: str) -> None:
    assert "There is nothing at this address." in text_of(client, path, status=404)


def test_a_fault_of_ours_answers_500_in_words(settings: Settings) -> None:
    settings.EMBEDDER = "feeds.no_such_module.Embedder"
    embedder.cache_clear()
    client = Client(raise_request_exception=False)
    response = client.get("/search/?q=anything")
    embedder.cache_clear()
    assert response.status_code == 500
    assert "Something broke on our side." in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


# The same for everyone -------------------------------------------------------------------------------------------


def test_public_pages_set_no_cookie_and_may_be_cached(client: Client, site: Site) -> None:
    for path in site.pages() + site.machine_pages():
        if path.endswith("/report/"):
            continue  # never cached: its answer to a POST has the same address
        response = client.get(path)
        assert not response.cookies, path
        assert ("Cookie" in response.get("Vary", "")) == (path in site.pages()), path
        assert response["Cache-Control"] == "public, max-age=300", path


def test_a_signed_in_reader_gets_the_same_page_with_another_box_and_keeps_it_private(
    client: Client, site: Site
) -> None:
    def without_box(path: str) -> str:
        page = re.sub(r'<form class="signup".*?</form>', "", text_of(client, path), flags=re.DOTALL)
        return " ".join(re.sub(r'<section class="signup".*?</section>', "", page, flags=re.DOTALL).split())

    before = {path: without_box(path) for path in site.pages()}
    client.force_login(make_user("reader@example.com"))
    assert {path: without_box(path) for path in site.pages()} == before
    for path in site.pages():
        response = client.get(path)
        assert not response.cookies, path
        assert "Cookie" in response["Vary"], path
        assert {"private", "no-cache"} == set(response["Cache-Control"].split(", ")), path


def test_an_ended_session_is_dropped_on_a_page_that_nobody_may_share(client: Client, site: Site) -> None:
    client.cookies["session"] = "ended"
    response = client.get(site.insight.get_absolute_url())
    assert "Get your free personalized podcast brief" in response.content.decode()
    assert response.cookies["session"].value == ""
    assert "Cookie" in response["Vary"]
    assert {"private", "no-cache"} == set(response["Cache-Control"].split(", "))


def test_an_unchanged_picture_is_not_sent_again(client: Client, site: Site) -> None:
    path = reverse("feeds:share_image", args=[site.insight.pk])
    etag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_pages_are_not_for_posting(client: Client, site: Site) -> None:
    for path in site.pages() + site.machine_pages():
        if not path.endswith("/report/"):
            assert client.post(path).status_code == 405, path


@pytest.mark.parametrize("insights", [2, 12])
def test_the_number_of_queries_does_not_grow_with_the_page(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, insights: int
) -> None:
    site = make_site(insights=insights)
    for _ in range(insights):
        make_insight(feed=make_feed(), topics=[site.topic])
    budget = {
        "/": 10,
        reverse("feeds:topics"): 3,
        reverse("feeds:shows"): 3,
        site.insight.get_absolute_url(): 8,
        site.topic.get_absolute_url(): 9,
        site.feed.get_absolute_url(): 7,
        reverse("feeds:episode", args=[site.episode.pk]): 4,
        reverse("feeds:day", args=[site.episode.published_at.date()]): 5,
        reverse("feeds:person", args=["ada-berg"]): 4,
        reverse("feeds:search") + "?since=2020-01-01": 8,
    }
    client.get(site.insight.get_absolute_url())  # ranks what is related, and keeps that for an hour
    for path, queries in budget.items():
        with django_assert_max_num_queries(queries, info=path):
            client.get(path)


def test_a_page_that_differs_in_the_stamp_of_its_box_alone_is_not_sent_again(client: Client) -> None:
    make_site()
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)):
        first = client.get("/about/")
    with time_machine.travel(dt.datetime(2026, 11, 23, 13, tzinfo=dt.UTC)):
        assert client.get("/about/", headers={"If-None-Match": first["ETag"]}).status_code == 304
