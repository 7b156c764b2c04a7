import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from feeds.reading.embeddings import embedder
from feeds.reading.topics import TOPICS, classify
from feeds.reading.topics.catalogue import TopicSpec
from feeds.reading.topics.classifier import FIRST_FLOOR, TopicScore, classified
from feeds.reading.topics.context import Material
from feeds.reading.topics.evidence import anchor_texts
from feeds.reading.topics.learned import MODEL, BadTable, Classifier, load_classifier
from feeds.reading.topics.vocabulary import Vocabulary

VOCABULARY = Vocabulary(TOPICS)
GARDENING = TopicSpec(
    "gardening", "Gardening", "Growing vegetables, flowers and trees: soil, seeds, compost, pruning and the seasons."
)
SAID = [
    "The borrow checker makes memory errors in a Rust codebase a matter of compiling.",
    "Tomato seeds sown in warm soil with compost sprout in half the time of those in cold soil.",
    "Bitcoin wallets hold private keys, and whoever loses the keys loses the coins.",
]


def slugs(text: str) -> list[str]:
    return [topic.slug for topic in classify([text])[0]]


def said(text: str) -> set[str]:
    return {VOCABULARY.terms[term].plain for term in VOCABULARY.terms_in(text)}


def filed_by(classifier: Classifier, *texts: str) -> list[list[TopicScore]]:
    return classified(Material(texts, [""] * len(texts), None), by=classifier)


def table_without(file: Path, *left_out: str, **changed: object) -> Path:
    """The learned table as a file of its own, less some arrays, with others in place of its own."""
    with np.load(MODEL) as stored:
        arrays = {name: stored[name] for name in stored.files if name not in left_out}
    np.savez(file, allow_pickle=False, **(arrays | {name: np.array(value) for name, value in changed.items()}))
    return file


def test_the_catalogue_holds_24_topics_with_a_sentence_and_a_vocabulary_each() -> None:
    assert len(TOPICS) == len({topic.slug for topic in TOPICS}) == len({topic.name for topic in TOPICS}) == 24
    assert all(topic.description.endswith(".") for topic in TOPICS)
    assert all(topic.words and all(topic.words) for topic in TOPICS)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A language model that checks its own answers hallucinates less.", {"artificial-intelligence"}),
        ("Lightning channels make small Bitcoin payments cheap: few reach the blockchain.", {"crypto"}),
        ("Sleeping six hours a night raises insulin resistance within a week, doctors found.", {"health-medicine"}),
        ("Taiwan deters an invasion because Beijing's army needs its chips.", {"geopolitics", "hardware-robotics"}),
        ("A maintainer who merges small pull requests fast gets more contributors to the project.", {"open-source"}),
        ("Solar panels got cheap before storage did, so the grid now throws away power at noon.", {"climate-energy"}),
        ("Index funds beat most managers after fees, as every trade needs a loser.", {"investing-markets"}),
    ],
)  # fmt: skip
def test_the_first_topic_is_the_one_a_reader_would_name(text: str, first: set[str]) -> None:
    assert slugs(text)[0] in first


@pytest.mark.parametrize("text", ["", "  \n", "Hello and welcome back.", "Yeah, right, exactly.", "See you next week!"])
def test_small_talk_has_no_topic(text: str) -> None:
    assert slugs(text) == []


def test_scores_fall_and_do_not_depend_on_the_company_a_text_keeps() -> None:
    texts = ["Central banks raised interest rates to curb inflation.", "Yes.", "A jury fined the firm for fraud."]
    together = classify(texts)
    for text, topics in zip(texts, together, strict=True):
        assert [topic.slug for topic in topics] == slugs(text)
        assert [topic.score for topic in topics] == sorted((topic.score for topic in topics), reverse=True)


def test_vectors_at_hand_are_used_instead_of_embedding_again() -> None:
    text = "Robots in the factory weld faster than people."
    assert classify([text], embedder().embed([text])) == classify([text])


def test_no_texts_have_no_topics() -> None:
    assert classify([]) == []


def test_words_are_found_whole_in_the_plural_and_by_their_beginning() -> None:
    assert {"startup", "founder", "regulat"} <= said("Two startups' founders were regulated.")
    assert "ai" not in said("He said again that the rain in Spain...")
    assert "open source" in said("OPEN   SOURCE")
    assert "wall street" in said("on Wall\nStreet")


@given(st.text(max_size=200))
def test_any_text_has_terms_that_exist(text: str) -> None:
    assert VOCABULARY.terms_in(text) <= set(range(len(VOCABULARY.terms)))


def test_the_learned_numbers_fit_the_vocabulary_and_the_embedder() -> None:
    model = load_classifier().reads
    descriptions, terms = anchor_texts(VOCABULARY)
    assert model.embedder == embedder().model
    sample = list(range(0, len(terms), 29))
    assert model.anchors.terms[sample] == pytest.approx(embedder().embed([terms[row] for row in sample]), abs=2e-3)
    fresh = np.stack([embedder().embed(texts) for texts in descriptions])
    assert model.anchors.descriptions == pytest.approx(fresh, abs=2e-3)


def test_the_order_of_the_catalogue_says_nothing() -> None:
    swapped = list(TOPICS)
    swapped[1], swapped[3] = swapped[3], swapped[1]
    assert [topic.slug for topic in swapped] != [topic.slug for topic in TOPICS]
    again = filed_by(load_classifier(topics=tuple(swapped)), *SAID)
    assert again[0][0].slug == "software-engineering"
    for before, after in zip(filed_by(load_classifier(), *SAID), again, strict=True):
        assert [one.slug for one in after] == [one.slug for one in before]
        assert [one.score for one in after] == pytest.approx([one.score for one in before], abs=1e-3)


def test_a_topic_that_nobody_trained_works_by_its_name_and_description() -> None:
    code, tomatoes, wallets = filed_by(load_classifier(topics=(*TOPICS[:5], GARDENING, *TOPICS[5:])), *SAID)
    assert (tomatoes[0].slug, tomatoes[0].name) == ("gardening", "Gardening")
    assert "gardening" not in {topic.slug for topic in [*code, *wallets]}
    assert (code[0].slug, wallets[0].slug) == ("software-engineering", "crypto")


def test_a_table_that_knows_a_topic_that_is_gone_is_refused_by_its_slug() -> None:
    with pytest.raises(
        BadTable, match=r"topics\.npz knows a topic that the catalogue does not: crypto\. Train it anew"
    ):
        load_classifier(topics=tuple(topic for topic in TOPICS if topic.slug != "crypto"))


def test_a_table_that_knows_a_term_that_is_gone_is_refused_by_it(tmp_path: Path) -> None:
    with np.load(MODEL) as stored:
        terms = stored["term_texts"].copy()
    terms[3] = "abacus"
    with pytest.raises(BadTable, match=r"knows a term that the catalogue does not: .*abacus"):
        load_classifier(table_without(tmp_path / "topics.npz", term_texts=terms))


def test_a_table_without_all_its_arrays_is_refused_by_their_names(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"topics\.npz lacks rarity, topics\. Train it anew"):
        load_classifier(table_without(tmp_path / "topics.npz", "topics", "rarity"))


def test_a_table_of_another_shape_or_embedder_is_refused(tmp_path: Path) -> None:
    short = table_without(tmp_path / "short.npz", topic_bias=np.zeros(23))
    with pytest.raises(BadTable, match=r"short\.npz holds topic_bias of shape \(23,\) where \(24,\) belongs"):
        load_classifier(short)
    foreign = table_without(tmp_path / "foreign.npz", embedder="another")
    with pytest.raises(BadTable, match="with the vectors of another, not of all-MiniLM-L6-v2"):
        load_classifier(foreign)


def test_the_command_answers_every_line_and_names_the_bad_ones(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "Bitcoin wallets and private keys"}\nnot json\n{"text": 3}\n{"text": "Hello."}\n')
    out = io.StringIO()
    with pytest.raises(CommandError, match="line 2, 3"):
        call_command("classify", str(file), stdout=out)
    answers = [json.loads(line)["topics"] for line in out.getvalue().splitlines()]
    assert len(answers) == 4
    assert answers[0][0].keys() == {"slug", "name", "score"}
    assert answers[0][0]["slug"] == "crypto"
    assert answers[0][0]["score"] >= FIRST_FLOOR
    assert answers[1:] == [[], [], []]
