import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.embeddings import local_embedder
from feeds.reading.related.packing import pack, unpack
from feeds.reading.related.rank import (
    DUPLICATE,
    FLOOR,
    PER_SHOW,
    CandidateInsight,
    QueryInsight,
    RelatedScore,
    fit_for_page,
    load_pair_model,
    rank_related,
    words_found_again,
    words_shared,
)
from feeds.reading.related.reading import Reading, load_lens, read, telling_words
from tests.feeds.library.readings import reading

QUERY = QueryInsight(reading(1), "The Query Show")


def neighbour(number: int, cosine: float, podcast: str = "") -> CandidateInsight:
    near = reading(100 * number, near=QUERY.reading, cosine=cosine)
    return CandidateInsight(number, podcast or f"Show {number}", number, near)


def strangers(count: int) -> list[CandidateInsight]:
    return [CandidateInsight(1000 + n, f"Other {n}", 1000 + n, reading(5000 + 10 * n)) for n in range(count)]


def ids(candidates: list[CandidateInsight], *, limit: int = 10) -> list[int]:
    return [related.id for related in rank_related(QUERY, candidates, limit=limit)]


def scored(number: int, score: float, *, podcast: str = "", episode: int = 0) -> RelatedScore:
    return RelatedScore(number, podcast or f"Show {number}", episode or number, score, ())


def on_page(*ranked: RelatedScore, judged: tuple[int, ...] = (), limit: int = 10) -> list[int]:
    return [one.id for one in fit_for_page(ranked, limit=limit, judged=judged)]


def test_the_nearest_come_first_and_strangers_not_at_all() -> None:
    assert ids([*strangers(20), neighbour(1, 0.6), neighbour(2, 0.8), neighbour(3, 0.7)]) == [2, 3, 1]


def test_where_nothing_belongs_nothing_is_named() -> None:
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
    candidates = [CandidateInsight(number, f"Show {number}", number, other) for number, other in enumerate(others)]
    ranked = rank_related(QueryInsight(query, None), candidates, limit=10)
    assert fit_for_page(ranked, limit=10) == []


def test_the_same_show_and_the_insight_itself_are_left_out() -> None:
    itself = CandidateInsight(7, "Show that copied it", 7, QUERY.reading)
    assert ids([neighbour(1, 0.8, "The Query Show"), itself, neighbour(2, 0.7), *strangers(12)]) == [2]


def test_near_duplicates_are_folded_into_the_first() -> None:
    first = neighbour(1, 0.75)
    twin = CandidateInsight(2, "Show 2", 2, reading(900, near=first.reading, cosine=DUPLICATE + 0.05))
    [shown] = rank_related(QUERY, [twin, first, *strangers(12)], limit=10)
    assert {shown.id, *shown.also} == {1, 2}


def test_a_page_shows_in_order_what_is_likely_enough_to_belong() -> None:
    assert on_page(scored(1, 0.9), scored(2, FLOOR), scored(3, FLOOR - 0.01), scored(4, 0.03)) == [1, 2]


def test_a_page_without_anything_that_belongs_stays_silent() -> None:
    assert on_page(scored(1, 0.3), scored(2, 0.2)) == []


def test_a_show_has_two_places_on_a_page_and_an_episode_one() -> None:
    talkative = [scored(number, 0.9, podcast="Talkative") for number in range(1, PER_SHOW + 2)]
    assert on_page(*talkative, scored(9, 0.8)) == [1, 2, 9]
    assert on_page(scored(1, 0.9, podcast="A", episode=5), scored(2, 0.9, podcast="A", episode=5)) == [1]


def test_what_was_judged_to_belong_stands_on_the_page_however_unlikely_it_looked() -> None:
    assert on_page(scored(1, 0.9), scored(2, 0.1), scored(3, 0.1), judged=(3,)) == [1, 3]


def test_the_same_sum_does_not_make_two_claims_alike() -> None:
    cloud, harvest, as_told = read(
        [
            "The cloud business will be worth $35 trillion by 2030.",
            "Tomatoes need $35 trillion of rain, the farmer jokes.",
            "The cloud business will be worth a lot by then.",
        ]
    )
    assert words_shared(cloud, harvest) < words_shared(cloud, as_told)
    (sums,) = read(["$35, 2030, 7 trillion dollars."])
    assert not sums.weights.any()
    assert words_found_again(sums, cloud) == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.0, 0.85), max_size=12), st.integers(1, 5))
def test_scores_fall_stay_chances_and_are_at_most_as_many_as_asked_for(cosines: list[float], limit: int) -> None:
    candidates = [neighbour(number, cosine) for number, cosine in enumerate(cosines, start=1)]
    related = rank_related(QUERY, candidates, limit=limit)
    assert len(related) <= limit
    assert all(0 < one.score <= 1 for one in related)
    assert len({one.id for one in related}) == len(related)


def test_a_text_without_a_word_finds_nothing() -> None:
    nothing = np.zeros(0, dtype=np.float32)
    empty = Reading(np.zeros(384, dtype=np.float32), nothing.reshape(0, 64), nothing.astype(np.int64), nothing)
    assert words_found_again(empty, QUERY.reading) == words_found_again(QUERY.reading, empty) == 0
    assert words_shared(empty, QUERY.reading) == 0


def test_every_learned_weight_speaks_for_a_pair() -> None:
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


@pytest.mark.parametrize("text", ["", "A claim in a few words.", "naïve 日本 ☕ " * 200])
def test_a_packed_reading_says_the_same(text: str) -> None:
    (states,), lens = local_embedder().read([text]), load_lens()
    read_anew, unpacked = lens.reading(states), unpack(pack(states, lens), lens)
    assert unpacked.words.shape == read_anew.words.shape
    assert (unpacked.weights == read_anew.weights).all()
    assert unpacked.words @ read_anew.words.T == pytest.approx(read_anew.words @ read_anew.words.T, abs=0.02)
    assert (unpacked.ids == read_anew.ids).all()
    assert unpacked.vector == pytest.approx(read_anew.vector, abs=1e-3)


@pytest.mark.parametrize("text", ["", "and of the to", "!!! ???"])
def test_a_text_of_common_words_has_no_telling_ones(text: str) -> None:
    assert telling_words(text, 5) == []


def test_the_rarest_words_tell_most() -> None:
    assert set(telling_words("The people of Taiwan think that semiconductor foundries matter", 3)) == {
        "taiwan",
        "semiconductor",
        "foundries",
    }
