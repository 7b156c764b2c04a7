import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.embeddings import embedding_text, local_embedder
from feeds.reading.related.packing import pack, unpack
from feeds.reading.related.rank import (
    DUPLICATE,
    NEAR_ENOUGH,
    NEAR_ENOUGH_WITHIN_TALK,
    PER_SHOW,
    CandidateInsight,
    PairModel,
    QueryInsight,
    load_pair_model,
    pair_features,
    rank_related,
    words_found_again,
)
from feeds.reading.related.reading import Reading, headline_stressed, load_lens, read, telling_words
from tests.feeds.library.readings import reading

QUERY = QueryInsight(reading(1), "The Query Show")


def neighbour(number: int, cosine: float, podcast: str = "") -> CandidateInsight:
    near = reading(100 * number, near=QUERY.reading, cosine=cosine)
    return CandidateInsight(number, podcast or f"Show {number}", near)


def strangers(count: int) -> list[CandidateInsight]:
    return [CandidateInsight(1000 + n, f"Other {n}", reading(5000 + 10 * n)) for n in range(count)]


def ids(candidates: list[CandidateInsight], *, limit: int = 10) -> list[int]:
    return [related.id for related in rank_related(QUERY, candidates, limit=limit)]


def test_the_nearest_come_first_and_strangers_not_at_all() -> None:
    assert ids([*strangers(20), neighbour(1, 0.6), neighbour(2, 0.8), neighbour(3, 0.7)]) == [2, 3, 1]


def test_where_nothing_belongs_nothing_is_shown() -> None:
    assert ids(strangers(20)) == []
    assert ids([]) == []


def test_a_claim_from_a_field_that_nobody_talks_about_gets_nothing() -> None:
    query, *others = read(
        [
            "Honeybees survive winter by clustering, so beekeepers leave enough honey in the hive.",
            "Vents that were sealed early let one block survive the fire.",
            "Americans refrigerate eggs to slow salmonella; Europeans vaccinate the hens.",
            "Gold rises when people distrust central banks.",
        ]
    )
    candidates = [CandidateInsight(number, f"Show {number}", other) for number, other in enumerate(others)]
    assert rank_related(QueryInsight(query, None), candidates, limit=10) == []


def test_the_same_show_and_the_insight_itself_are_left_out() -> None:
    itself = CandidateInsight(7, "Show that copied it", QUERY.reading)
    assert ids([neighbour(1, 0.8, "The Query Show"), itself, neighbour(2, 0.7), *strangers(12)]) == [2]


def test_near_duplicates_are_folded_into_the_first() -> None:
    first = neighbour(1, 0.75)
    twin = CandidateInsight(2, "Show 2", reading(900, near=first.reading, cosine=DUPLICATE + 0.05))
    [shown] = rank_related(QUERY, [twin, first, *strangers(12)], limit=10)
    assert {shown.id, *shown.also} == {1, 2}


def test_a_show_beyond_its_share_comes_last() -> None:
    talkative = [neighbour(number, 0.80 - number / 1000, "Talkative") for number in range(1, PER_SHOW + 2)]
    order = ids([*talkative, neighbour(50, 0.70), *strangers(12)])
    assert order[-2:] == [50, PER_SHOW + 1]


def test_within_talk_it_takes_more_to_be_near_enough() -> None:
    candidates = [neighbour(1, 0.8), neighbour(2, (NEAR_ENOUGH + NEAR_ENOUGH_WITHIN_TALK) / 2), *strangers(12)]
    nothing = np.zeros(2, dtype=np.float32)
    model = PairModel(mean=nothing, scale=nothing + 1, weights=nothing, bias=0)
    bare, within = (
        rank_related(QueryInsight(QUERY.reading, None, is_within_talk), candidates, limit=10, model=model)
        for is_within_talk in (False, True)
    )
    assert [one.id for one in bare] == [1, 2]
    assert [one.id for one in within] == [1]


def test_whoever_is_near_to_everything_counts_for_less() -> None:
    hub = reading(70, near=QUERY.reading, cosine=0.6)
    crowd = [reading(8000 + 10 * n, near=hub, cosine=0.9) for n in range(12)]
    loner = reading(71, near=QUERY.reading, cosine=0.6)
    of_hub, of_loner = pair_features(QUERY.reading, [hub, loner, *crowd])[:2, 1]
    assert of_loner > of_hub


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.0, 0.85), max_size=12), st.integers(1, 5))
def test_scores_fall_stay_chances_and_are_at_most_as_many_as_asked_for(cosines: list[float], limit: int) -> None:
    candidates = [neighbour(number, cosine) for number, cosine in enumerate(cosines, start=1)]
    related = rank_related(QUERY, candidates, limit=limit)
    assert len(related) <= limit
    assert all(0 < one.score < 1 for one in related)
    assert len({one.id for one in related}) == len(related)


def test_a_text_without_a_word_finds_nothing() -> None:
    empty = Reading(*(np.zeros(shape, dtype=np.float32) for shape in (384, 32, (0, 64), 0)))
    assert words_found_again(empty, QUERY.reading) == words_found_again(QUERY.reading, empty) == 0


def test_both_learned_weights_speak_for_a_pair() -> None:
    assert (load_pair_model().weights > 0).all()


def test_the_same_point_in_other_words_beats_the_same_subject() -> None:
    query, same_point, same_subject, elsewhere = read(
        [
            "Usage-based pricing makes vendors share their customers' risk, since they earn only when customers grow.",
            "A vendor paid by consumption bets on its clients: it gets revenue only if they succeed.",
            "Enterprise pricing pages hide the number so that a salesperson can ask about the budget first.",
            "Early-night sleep stores skills, late-night sleep handles emotion.",
        ]
    )
    found = [words_found_again(query, other) for other in (same_point, same_subject, elsewhere)]
    assert found == sorted(found, reverse=True)
    assert query.weights.shape == (len(query.words),)


def test_the_words_of_the_headline_count_double() -> None:
    (plain,) = read([embedding_text("Vendors share the risk.", "They earn only when customers grow.")])
    stressed = headline_stressed(plain, "Vendors share the risk.")
    assert (stressed.weights[:4] == 2 * plain.weights[:4]).all()
    assert (stressed.weights[4:] == plain.weights[4:]).all()


@pytest.mark.parametrize("text", ["", "A claim in a few words.", "naïve 日本 ☕ " * 200])
def test_a_packed_reading_says_the_same(text: str) -> None:
    (states,), lens = local_embedder().read([text]), load_lens()
    read_anew, unpacked = lens.reading(states), unpack(pack(states, lens), lens)
    assert unpacked.words.shape == read_anew.words.shape
    assert (unpacked.weights == read_anew.weights).all()
    assert unpacked.words @ read_anew.words.T == pytest.approx(read_anew.words @ read_anew.words.T, abs=0.02)
    assert unpacked.subject == pytest.approx(read_anew.subject, abs=5e-3)


@pytest.mark.parametrize("text", ["", "and of the to", "!!! ???"])
def test_a_text_of_common_words_has_no_telling_ones(text: str) -> None:
    assert telling_words(text, 5) == []


def test_the_rarest_words_tell_most() -> None:
    assert set(telling_words("The people of Taiwan think that semiconductor foundries matter", 3)) == {
        "taiwan",
        "semiconductor",
        "foundries",
    }
