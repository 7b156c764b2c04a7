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
from feeds.reading.topics.classifier import FIRST_FLOOR, load_classifier
from feeds.reading.topics.evidence import anchor_texts
from feeds.reading.topics.vocabulary import TERMS, VOCABULARY, terms_in


def slugs(text: str) -> list[str]:
    return [topic.slug for topic in classify([text])[0]]


def said(text: str) -> set[str]:
    return {TERMS[term].plain for term in terms_in(text)}


def test_the_catalogue_holds_24_topics_with_a_sentence_and_a_vocabulary_each() -> None:
    assert len(TOPICS) == len({topic.slug for topic in TOPICS}) == len({topic.name for topic in TOPICS}) == 24
    assert all(topic.description.endswith(".") for topic in TOPICS)
    assert {topic.slug for topic in TOPICS} == set(VOCABULARY)


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
    assert terms_in(text) <= set(range(len(TERMS)))


def test_the_learned_numbers_fit_the_vocabulary_and_the_embedder() -> None:
    model = load_classifier().reads
    descriptions, terms = anchor_texts()
    assert model.embedder == embedder().model
    sample = list(range(0, len(terms), 29))
    assert model.anchors.terms[sample] == pytest.approx(embedder().embed([terms[row] for row in sample]), abs=2e-3)
    fresh = np.stack([embedder().embed(texts) for texts in descriptions])
    assert model.anchors.descriptions == pytest.approx(fresh, abs=2e-3)


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
