import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.choosing.stories import Story, StoryInsight, group_stories
from feeds.reading.related.reading import Reading
from tests.feeds.library.readings import reading

MONDAY = dt.datetime(2026, 3, 2, 6, tzinfo=dt.UTC)
POINT = reading(1)


def told(number: int, podcast: str, like: Reading = POINT, *, days: float = 0, salience: float = 0.5) -> StoryInsight:
    near = reading(100 * number, near=like, cosine=0.9)
    return StoryInsight(number, podcast, MONDAY + dt.timedelta(days=days), salience, near)


def test_shows_that_make_the_same_point_on_the_same_days_make_a_story() -> None:
    insights = [told(3, "A", salience=0.4), told(4, "B", days=1, salience=0.9), told(5, "C", days=2, salience=0.6)]
    assert group_stories(insights) == [Story(id=3, lead=4, voices=(5, 3))]


def test_another_point_is_no_part_of_it() -> None:
    assert group_stories([told(1, "A"), told(2, "B", reading(777))]) == []


def test_one_show_repeating_itself_is_no_story() -> None:
    assert group_stories([told(1, "A"), told(2, "A", days=1)]) == []


def test_the_same_point_weeks_later_is_news_again() -> None:
    assert group_stories([told(1, "A"), told(2, "B", days=20)]) == []


def test_looser_and_looser_likeness_is_not_followed() -> None:
    middle = told(2, "B", salience=0.1)
    far = StoryInsight(3, "C", MONDAY, 0.2, reading(999, near=middle.reading, cosine=0.7))
    stories = group_stories([told(1, "A", salience=0.9), middle, far])
    assert [(story.lead, story.voices) for story in stories] == [(1, (2,))]


def test_no_insights_make_no_stories() -> None:
    assert group_stories([]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 2), st.integers(0, 9)), max_size=8))
def test_each_insight_is_in_one_story_at_most_and_every_story_has_two_shows(rows: list[tuple[str, int, int]]) -> None:
    insights = [told(n, show, reading(10_000 * point), days=day) for n, (show, point, day) in enumerate(rows, start=1)]
    stories = group_stories(insights)
    members = [insight for story in stories for insight in (story.lead, *story.voices)]
    assert len(members) == len(set(members))
    show_of = {insight.id: insight.podcast for insight in insights}
    assert all(len({show_of[member] for member in (story.lead, *story.voices)}) > 1 for story in stories)
    assert all(story.id == min(story.lead, *story.voices) for story in stories)
