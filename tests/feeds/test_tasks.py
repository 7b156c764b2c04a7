import pytest
from pytest_django import Settings

from feeds import tasks
from feeds.models import Episode, Insight
from tests.factories import make_feed
from tests.feeds.library.test_process import VTT
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.rss import item, rss

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reachable(settings: Settings, server: Hostile, _fresh_choices: None) -> None:
    settings.FETCH_ALLOWED = server.allowed
    settings.EXTRACTOR = "tests.feeds.library.test_process.QuotingExtractor"


def test_two_ticks_make_insights_of_a_due_feed_and_two_more_change_nothing(server: Hostile) -> None:
    transcript = server.answer("/1.vtt", VTT)
    make_feed(url=server.answer("/feed.xml", rss(item("1", transcript=transcript))))
    for _ in range(2):
        tasks.scan()
        tasks.process_waiting()
    assert Insight.objects.count() == 1
    assert Episode.objects.get().state == Episode.State.DONE
    assert server.log.paths == ["/feed.xml", "/1.vtt"]
