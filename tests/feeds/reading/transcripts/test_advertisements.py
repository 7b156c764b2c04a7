import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.transcripts.advertisements import advertisements, without_advertisements
from feeds.reading.transcripts.segments import Segment

TALK = [
    "The queue for the grid is longer than the queue for the turbines, and it grows every single year.",
    "Nobody pays for the upgrade that everybody uses, so nobody builds it, and the wind farms wait for years.",
    "In Norway they let the last one in line pay a share, and the queue was half as long two years later.",
]
READ = [
    "This episode is brought to you by Acme, the company that folds shirts while you sleep.",
    "With Acme your shirts are folded by the morning, and returns are free for a whole year.",
    "Go to acme.example/grid and use code GRID for 20% off your first order.",
]


def marks(*bodies: str) -> list[bool]:
    return advertisements([Segment(body) for body in bodies])


def test_a_read_advertisement_is_marked_from_its_announcement_to_its_offer() -> None:
    assert marks(*TALK, *READ, *TALK) == [False] * 3 + [True] * 3 + [False] * 3


def test_captions_without_stops_lose_no_more_than_the_advertisement() -> None:
    words = " ".join([*TALK, *READ, *TALK]).replace(".", "").replace(",", "").split()
    cues = [" ".join(words[begin : begin + 6]) for begin in range(0, len(words), 6)]
    left = " ".join(segment.body for segment in without_advertisements([Segment(cue) for cue in cues]))
    assert "20% off" not in left
    assert left.startswith("The queue for the grid is longer")
    assert left.endswith("half as long two years later")


@pytest.mark.parametrize(
    "said",
    [
        "Our sponsors left us in the spring, and that was the end of the magazine as we had known it.",
        "Every shop that gives 20% off teaches its customers to wait for the next 20% off.",
        "The festival is sponsored by a brewery, and half of the town works for the brewery.",
        "I bought the domain grid.com for eleven dollars, and that was the whole business plan.",
    ],
)
def test_talk_about_sponsors_and_offers_is_talk(said: str) -> None:
    assert marks(*TALK, said, *TALK) == [False] * 7


def test_a_sponsor_who_is_talked_about_later_is_not_advertisement_there() -> None:
    later = "Years before, Acme had asked him whether the grid could fold shirts, and he said that it could not."
    assert marks(*READ, *TALK, *TALK, *TALK, later)[-1] is False


@given(st.lists(st.sampled_from([*TALK, *READ, "", "use code", "acme.com", "Acme"]), max_size=12))
def test_what_is_left_is_what_was_there_in_its_order(bodies: list[str]) -> None:
    segments = [Segment(body, None, float(number)) for number, body in enumerate(bodies)]
    left = without_advertisements(segments)
    assert [one.start for one in left] == [
        one.start for one, is_one in zip(segments, advertisements(segments), strict=True) if not is_one
    ]


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_said_each_segment_has_a_mark(bodies: list[str]) -> None:
    assert len(marks(*bodies)) == len(bodies)
