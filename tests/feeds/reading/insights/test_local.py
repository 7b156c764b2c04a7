import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.insights.candidates import Layout, stretches
from feeds.reading.insights.extraction import EpisodeContext, ExtractedInsight
from feeds.reading.insights.local import FLOOR, LocalExtractor, choose
from feeds.reading.transcripts.segments import Segment, plain_text

CLAIM = (
    "Most people think the warehouse was the expensive part, but it turns out that returns were. Every third parcel "
    "came back, and each one cost us eleven dollars to open, check and fold again. So we stopped chasing cheaper rent "
    "and started printing honest sizes, because a customer who orders one size instead of three saves us more than any "
    "landlord ever could. Within a year returns fell by forty percent and the margin doubled."
)
BANTER = (
    "Yeah, totally. Oh man. Thanks so much for having me on, it's so good to see you again. How have you been? Good, "
    "good. I love the new studio, by the way, it looks amazing. Okay, cool, so should we just get started? Sure, let's."
)
SPONSOR = (
    "This episode is brought to you by Parcelbird. Head to parcelbird.com slash show and use the promo code SHOW for "
    "twenty percent off your first month. That's parcelbird.com slash show. Sign up today for a free trial."
)
STORY = (
    "I grew up in a small town and then I went to college there, and after that I met my wife. We moved to the city "
    "and I got a job, and then one day my brother called me and he said that he was going to move as well."
)
QUESTION = "So what do you think about that? How did you come to it, and can you tell us a bit more about how it was?"


@pytest.fixture(scope="module")
def extractor() -> LocalExtractor:
    return LocalExtractor()


def conversation() -> list[Segment]:
    lines = [("Host", BANTER), ("Host", SPONSOR), ("Guest", STORY), ("Host", QUESTION), ("Guest", CLAIM)] * 3
    lines = [*lines[:5], *(line for line in lines[5:] if line[1] != CLAIM)]
    return [Segment(body, who, 30.0 * n, 30.0 * n + 30) for n, (who, body) in enumerate(lines)]


def with_chances(segments: list[Segment], chance: float) -> list[str]:
    layout = Layout.of(segments)
    cut = stretches(layout)
    chosen = choose(layout, cut, np.full((len(cut), 3), chance, dtype=np.float32), limit=10)
    return [one.passage.text for one in chosen]


def test_the_claim_with_its_mechanism_and_numbers_comes_first(extractor: LocalExtractor) -> None:
    best = extractor.extract(conversation(), context=EpisodeContext(), limit=3)[0]
    assert best.quote in CLAIM
    assert best.speaker == "Guest"
    assert best.start is not None and best.end is not None and 120 <= best.start < best.end <= 150


def test_every_quote_is_a_contiguous_part_of_the_transcript_best_first(extractor: LocalExtractor) -> None:
    segments = conversation()
    found = extractor.extract(segments, context=EpisodeContext(), limit=10)
    assert all(insight.quote in plain_text(segments) for insight in found)
    saliences = [insight.salience for insight in found]
    assert saliences == sorted(saliences, reverse=True)
    assert all(FLOOR <= salience <= 1 for salience in saliences)


@pytest.mark.parametrize(
    "segments",
    [
        [],
        [Segment("")],
        [Segment("Hello.")],
        [Segment(BANTER, "Host")],
        [Segment("[music] la la la la la la la la la la la la la la la la la la la [applause]")] * 20,
        [Segment("um yeah yeah okay right so yeah um you know like yeah okay cool uh huh right yeah")] * 20,
        [Segment("\ufffd\ufffd xqz vrt plk mnb wrt zzx qpl kjh gfd sdf rty uio pas dfg hjk lzx cvb")] * 20,
    ],
    ids=["nothing", "no words", "one word", "banter", "music", "fillers", "noise"],
)
def test_a_transcript_without_an_insight_gives_none(extractor: LocalExtractor, segments: list[Segment]) -> None:
    assert extractor.extract(segments, context=EpisodeContext(), limit=10) == []


def test_the_limit_is_kept(extractor: LocalExtractor) -> None:
    def count(limit: int) -> int:
        found: list[ExtractedInsight] = extractor.extract(conversation(), context=EpisodeContext(), limit=limit)
        return len(found)

    assert count(0) == 0
    assert count(1) == 1


def test_what_is_said_twice_is_shown_once() -> None:
    teaser = [Segment(CLAIM, "Guest"), Segment(QUESTION, "Host"), Segment(STORY, "Guest"), Segment(CLAIM, "Guest")]
    shown = with_chances(teaser, 0.9)
    assert sum("the warehouse was the expensive part" in text for text in shown) == 1


def test_an_unpunctuated_transcript_yields_passages_too() -> None:
    captions = "we stopped chasing cheaper rent because a customer who orders one size saves us more " * 20
    lines = captions.split()
    segments = [Segment(" ".join(lines[n : n + 8]), None, n, n + 8.0) for n in range(0, len(lines), 8)]
    assert with_chances(segments, 0.9)


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 6))
def test_no_two_passages_overlap_and_none_is_below_the_floor(chance: float, repeats: int) -> None:
    segments = [Segment(f"{CLAIM} {n} {STORY}", f"Voice {n % 2}") for n in range(repeats)]
    layout = Layout.of(segments)
    cut = stretches(layout)
    chances = np.linspace(0, chance, len(cut), dtype=np.float32)[:, None].repeat(3, axis=1)
    chosen = choose(layout, cut, chances, limit=10)
    spans = sorted(one.passage.span for one in chosen)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert all(one.salience >= FLOOR for one in chosen)
