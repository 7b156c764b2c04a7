from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from feeds.polling.bare_address import bare_address
from feeds.polling.identity import Marks, first_of_twins, identity_key, is_other_recording, marks, matched
from tests.feeds.polling.made_up_publisher import DEEDS, STYLES, Deed, Follower, Publisher, Style, by_guid, history

DATE = dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def known_as(
    guid: str = "g", audio: str = "https://a.example/1.mp3", title: str = "One", date: dt.datetime | None = DATE,
    seconds: int | None = 1800,
) -> Marks:  # fmt: skip
    return marks(guid=guid, audio_url=audio, title=title, date=date, seconds=seconds)


CHANGES: dict[str, dict[str, object]] = {
    "guid": {"guid": "other"},
    "address": {"audio": "https://a.example/other.mp3"},
    "title": {"title": "Other"},
    "date": {"date": DATE + HOUR},
}


@pytest.mark.parametrize("mark", CHANGES)
def test_an_episode_with_one_mark_changed_is_the_same(mark: str) -> None:
    assert matched([known_as()], [known_as(**CHANGES[mark])]) == {0: 0}  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", CHANGES)
@pytest.mark.parametrize("other", CHANGES)
def test_an_episode_with_two_marks_changed_is_another(mark: str, other: str) -> None:
    if mark != other:
        assert matched([known_as()], [known_as(**CHANGES[mark] | CHANGES[other])]) == {}  # type: ignore[arg-type]


def test_one_recording_of_another_length_at_the_same_address_is_a_change_of_the_recording() -> None:
    assert matched([known_as()], [known_as(seconds=900)]) == {0: 0}
    assert matched([known_as()], [known_as(seconds=900, title="Other")]) == {}
    assert matched([known_as()], [known_as(seconds=1815, title="Other")]) == {0: 0}


def test_without_a_guid_another_date_is_another_episode() -> None:
    assert matched([known_as(guid="")], [known_as(guid="", date=DATE + HOUR)]) == {}
    assert matched([known_as(guid="")], [known_as(guid="", title="Other")]) == {0: 0}


def test_a_guid_that_repeats_the_address_is_no_mark_of_its_own() -> None:
    before, after = "http://a.example/1.mp3", "https://b.example/new.mp3"
    assert matched([known_as(guid=before, audio=before)], [known_as(guid=after, audio=after)]) == {0: 0}


def test_what_a_feed_begins_or_ceases_to_say_is_no_conflict() -> None:
    bare = known_as(guid="", audio="", seconds=None)
    assert matched([bare], [known_as()]) == matched([known_as()], [bare]) == {0: 0}
    assert matched([known_as(guid="", audio="", date=None)], [known_as()]) == {}, "a title alone is nobody's own"


def test_what_several_share_tells_nothing() -> None:
    earlier = [known_as(guid=str(n), audio="https://a.example/now.mp3", title="News", date=DATE + n * 24 * HOUR)
               for n in range(2)]  # fmt: skip
    noon = DATE.replace(hour=0, minute=0)
    daily = [known_as(guid=str(n), audio=f"https://a.example/{n}.mp3", title="News", date=noon) for n in range(2)]
    later = known_as(guid="2", audio="https://a.example/now.mp3", title="News", date=DATE + 48 * HOUR)
    assert matched(earlier, [later]) == {}
    assert matched(daily, [known_as(guid="2", audio="https://a.example/1.mp3", title="News", date=noon)]) == {0: 1}
    assert matched(daily, [known_as(guid="", audio="https://a.example/2.mp3", title="News", date=noon)]) == {}


def test_numbers_that_move_on_with_every_episode_are_followed() -> None:
    before = [known_as(str(n), f"https://a.example/{20 - n}.mp3", f"T {20 - n}", DATE - n * HOUR) for n in range(3)]
    after = [known_as(str(n), f"https://a.example/{21 - n}.mp3", f"T {21 - n}", DATE - (n - 1) * HOUR)
             for n in range(3)]  # fmt: skip
    assert matched(before, after) == {1: 0, 2: 1}


def test_a_feed_that_moves_changes_guids_and_addresses_together() -> None:
    before = [known_as(f"a{n}", f"https://a.example/{n}.mp3", f"Talk {n}", DATE + n * HOUR) for n in range(3)]
    after = [known_as(f"b{n}", f"https://b.example/x{n}.mp3", f"Talk {n}", DATE + n * HOUR) for n in range(3)]
    assert matched(before, after) == {0: 0, 1: 1, 2: 2}
    assert matched(before[:2], after[:2]) == {}


def test_bulletins_of_one_title_on_one_day_do_not_move() -> None:
    day = DATE.replace(hour=0, minute=0)
    before = [known_as(f"a{n}", f"https://a.example/{n}.mp3", f"News {n}", day) for n in range(3)]
    after = [known_as(f"b{n}", f"https://a.example/x{n}.mp3", f"News {n}", day) for n in range(3)]
    assert matched(before, after) == {}


def test_twins_are_one_and_near_twins_are_two() -> None:
    near = [known_as(**change) for change in CHANGES.values()]  # type: ignore[arg-type]
    assert first_of_twins([known_as(), *near, known_as(), known_as(seconds=3600)]) == [0, 1, 2, 3, 4, 6]


def test_two_items_are_never_taken_for_one_episode() -> None:
    items = [known_as(**change) for change in CHANGES.values()]  # type: ignore[arg-type]
    assert len(matched([known_as()], items)) <= 1
    assert matched([known_as()], [*items, known_as()]) == {4: 0}


@pytest.mark.parametrize(
    ("before", "after", "is_other"),
    [
        ("http://a.example/1.mp3", "https://a.example/1.mp3?utm_source=x", False),
        ("https://a.example/ep-1.mp3", "https://b.example/shows/ep-1.mp3", False),
        ("https://a.example/ep-1.mp3", "https://a.example/ep-1-fixed.mp3", True),
        ("https://a.example/1/audio.mp3", "https://a.example/2/audio.mp3", True),
        ("https://a.example/play?id=1", "https://a.example/play?id=2", True),
        ("", "https://a.example/1.mp3", False),
    ],
)
def test_another_recording_is_told_from_one_that_moved(before: str, after: str, is_other: bool) -> None:
    assert is_other_recording(known_as(audio=before), known_as(audio=after)) is is_other


def test_a_file_of_the_same_name_and_another_length_is_another_recording() -> None:
    moved = known_as(audio="https://b.example/1.mp3", seconds=2400)
    assert is_other_recording(known_as(), moved)


@pytest.mark.parametrize(
    "address",
    [
        "http://www.a.example/x/1.mp3",
        "https://a.example:443/x/1.mp3",
        "https://dts.podtrac.com/redirect.mp3/a.example/x/1.mp3",
        "https://pdst.fm/e/chrt.fm/track/AB12/a.example/x/1.mp3?updated=17",
        "https://op3.dev/e,pg=abc/https://a.example/x/1.mp3",
        "https://pfx.example/redirect/http:/a.example/x/1.mp3",
        "https://a.example/x/1.mp3?utm_campaign=a&token=b&Expires=3&Signature=z",
        "https://a.example/x/1.mp3;jsessionid=9F",
        "https://a.example/x/%31.mp3",
    ],
)
def test_an_address_has_one_bare_form(address: str) -> None:
    assert bare_address(address) == bare_address("https://a.example/x/1.mp3") == "a.example/x/1.mp3"


def test_parameters_that_name_a_file_count_in_any_order() -> None:
    one, other = "https://a.example/get.php?file=11.mp3&f=2", "https://a.example/get.php?f=2&file=12.mp3"
    assert bare_address(one) != bare_address(other)
    assert bare_address(one) == bare_address("http://a.example/get.php?f=2&file=11.mp3")


@given(st.text(max_size=80) | st.from_regex(r"http://[a-z][a-z./:%\[\]@?=&0-9]{0,60}", fullmatch=True))
def test_any_address_has_a_bare_form_that_no_scheme_changes(address: str) -> None:
    assert bare_address(address) == bare_address(address.replace("http://", "https://", 1))


_MARK = st.builds(
    known_as,
    guid=st.sampled_from(["", "a", "b", "c"]),
    audio=st.sampled_from(["", "https://a.example/1.mp3", "https://a.example/2.mp3"]),
    title=st.sampled_from(["One", "Two"]),
    date=st.sampled_from([None, DATE, DATE + HOUR]),
    seconds=st.sampled_from([None, 60, 1800]),
)


@settings(max_examples=500)
@given(st.lists(_MARK, max_size=8), st.lists(_MARK, max_size=8))
def test_any_feed_is_weighed_without_giving_an_episode_twice(known: list[Marks], items: list[Marks]) -> None:
    kept = [items[place] for place in first_of_twins(items)]
    found = matched(known, kept)
    assert max(Counter(found.values()).values(), default=1) == 1
    taken = set[str]()
    for item in kept:
        taken.add(identity_key(item, taken=taken))
    assert len(taken) == len(kept)


@given(st.lists(_MARK, max_size=10))
def test_a_feed_that_stays_as_it_is_brings_nothing_new(items: list[Marks]) -> None:
    kept = [items[place] for place in first_of_twins(items)]
    assert matched(kept, kept) == {place: place for place in range(len(kept))}


# A publisher ------------------------------------------------------------------------------------------------------


class Polled(RuleBasedStateMachine):
    """Nothing is lost, nothing comes twice, and no insight stands under another title or recording than its own."""

    @initialize(style=st.sampled_from(STYLES), seed=st.integers(0, 2**32))
    def begin(self, style: Style, seed: int) -> None:
        self.publisher = Publisher(style, random=Random(seed))  # noqa: S311  plays, guards nothing
        self.follower = Follower(self.publisher)
        for _ in range(1 + seed % 4):
            self.publisher.publish()
        self.follower.poll()

    @rule(new=st.integers(1, 3))
    def publish(self, new: int) -> None:
        for _ in range(new):
            self.publisher.publish()
        self.follower.poll()

    @rule(deeds=st.lists(st.sampled_from(DEEDS), max_size=3))
    def change(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            deed(self.publisher)
        self.follower.poll()

    @rule()
    def read(self) -> None:
        self.follower.read()

    @invariant()
    def every_episode_is_there_once(self) -> None:
        assert self.follower.mistakes() == Counter()


def test_a_publisher_loses_no_episode_and_doubles_none() -> None:
    run_state_machine_as_test(Polled, settings=settings(max_examples=150, stateful_step_count=12, deadline=None))


def test_a_follower_that_goes_by_guids_alone_is_caught() -> None:
    mistakes = Counter[str]()
    for seed in range(100):
        mistakes += history(seed, match=by_guid)
    assert set(mistakes) == {"lost", "doubled", "under a foreign title", "under another recording"}
