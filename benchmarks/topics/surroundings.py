"""Learns how much each reading of an insight and its surroundings counts, from models that never saw its show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled_insights import LabelledInsight, contexts
from benchmarks.logistic import Doubles, fit_logistic
from benchmarks.topics.training import DATA, VOCABULARY, AnchorVectors, Examples, Strays, stray_examples, train
from feeds.reading.embeddings import LocalEmbedder
from feeds.reading.topics.context import Logits, Material, Surroundings
from feeds.reading.topics.evidence import Floats
from feeds.reading.topics.weighing import COMBINATIONS, NEEDS, Known, features, known

RIDGE = 3.0


@dataclass(frozen=True)
class Chapter:
    """The labelled insights of one episode, or strays, with what surrounds them."""

    show: str
    material: Material
    labels: Doubles  # (n, topics)
    weights: Doubles  # (n,)


@dataclass(frozen=True)
class Seen:
    """A chapter as read by a model that never saw its show."""

    show: str
    logits: Logits
    labels: Doubles
    weights: Doubles


def chapters(data: Path, insights: Sequence[LabelledInsight], texts: Sequence[str], labels: Doubles) -> list[Chapter]:
    """One for each episode, in order; `texts` is what is taken for the insights' own."""
    around = _described(contexts(data), insights)
    found = []
    for episode, rows in groupby(range(len(insights)), key=lambda row: insights[row].episode):
        of = list(rows)
        material = Material([texts[row] for row in of], [insights[row].quote for row in of], around[episode])
        found.append(Chapter(insights[of[0]].show, material, labels[of], np.ones(len(of))))
    return found


def stray_chapters(data: Path, insights: Sequence[LabelledInsight], of: Strays) -> list[Chapter]:
    """Each stray alone, then those dealt to a show together, as if one of its episodes had brought them forth."""
    around = _described(contexts(data), insights)
    show_of = {insight.episode: insight.show for insight in insights}
    episode_of = {show: episode for episode, show in show_of.items()}
    dealt = _dealt(of, sorted(episode_of))
    alone = [
        Chapter(show, Material([text], [""], None), of.labels[row : row + 1], of.weights[row : row + 1])
        for row, (show, text) in enumerate(zip(dealt, of.texts, strict=True))
    ]
    return [*alone, *(_as_if_of(show, around[episode], of, dealt) for show, episode in sorted(episode_of.items()))]


def _as_if_of(show: str, context: Surroundings, of: Strays, dealt: NDArray[np.str_]) -> Chapter:
    rows = np.flatnonzero(dealt == show).tolist()
    texts = [of.texts[row] for row in rows]
    return Chapter(show, Material(texts, texts, context), of.labels[rows], of.weights[rows])


def _dealt(of: Strays, shows: Sequence[str]) -> NDArray[np.str_]:
    """The show whose model must not have seen the stray."""
    return np.array(shows)[np.arange(len(of.texts)) % len(shows)]


def held_out(
    found: Sequence[Chapter],
    *,
    sets: Sequence[Examples],
    shows: NDArray[np.str_],
    always: Examples,
    never: Strays,
    fixed: AnchorVectors,
    embedder: LocalEmbedder,
) -> list[Seen]:
    """Every chapter, read by the model that learned from `always`, and from what is not of its show: the insights of
    the other `shows`, and the strays that were dealt to them."""
    about_nothing, dealt = stray_examples(never, embedder), _dealt(never, np.unique(shows).tolist())
    texts = sorted({text for chapter in found for text in chapter.material.to_read()})
    row_of = {text: row for row, text in enumerate(texts)}
    vectors, said = embedder.embed(texts), VOCABULARY.said(texts)
    seen: dict[int, Seen] = {}
    for show in np.unique(shows):
        known = [examples.where(shows != show) for examples in sets]
        model = train([*known, always, about_nothing.where(dealt != show)], fixed)
        for number, chapter in enumerate(found):
            if chapter.show == show:
                rows = [row_of[text] for text in chapter.material.to_read()]
                logits = chapter.material.by_kind(model.logits(vectors[rows], said[rows]))
                seen[number] = Seen(chapter.show, logits, chapter.labels, chapter.weights)
    return [seen[number] for number in range(len(found))]


def fit_weights(seen: Sequence[Seen], combinations: Iterable[int] = range(COMBINATIONS)) -> Floats:
    """(COMBINATIONS, features and a constant): one regression for each, over all pairs of insight and topic."""
    weights = np.zeros((COMBINATIONS, len(NEEDS) + 1), dtype=np.float32)
    evidence = np.concatenate([features(one.logits) for one in seen]).astype(float)
    has = np.array([flags for one in seen for flags in known(one.logits)])
    labels = np.concatenate([one.labels for one in seen])
    counts = np.concatenate([one.weights for one in seen])
    for combination in map(Known, combinations):
        columns = np.flatnonzero([need in combination for need in NEEDS])
        rows = (has & combination) == combination
        inputs = evidence[rows][:, :, columns].reshape(-1, len(columns))
        scale = inputs.std(axis=0)
        pairs = np.repeat(counts[rows], labels.shape[1])
        fitted = fit_logistic(inputs / scale, labels[rows].ravel(), ridge=RIDGE, sample_weights=pairs)
        weights[combination, columns], weights[combination, -1] = fitted[:-1] / scale, fitted[-1]
    return weights


def knowing_only(logits: Logits, what: Known) -> Logits:
    """As if nothing else were known."""
    nothing = logits.stretches[:0]
    return replace(
        logits,
        quotes=logits.quotes if Known.QUOTE in what else [nothing] * len(logits.texts),
        stretches=logits.stretches if Known.TRANSCRIPT in what else nothing,
        title=logits.title if Known.TITLE in what else nothing,
        show=logits.show if Known.SHOW in what else nothing,
        are_of_one_episode=Known.OTHERS in what,
    )


def _described(around: Mapping[str, Surroundings], insights: Sequence[LabelledInsight]) -> dict[str, Surroundings]:
    """With what the show says of itself, in words of our own: the labelled data has no descriptions."""
    lines = (DATA / "show_descriptions.txt").read_text().splitlines()
    descriptions = dict(line.split(" | ", 1) for line in lines)
    show_of = {insight.episode: insight.show for insight in insights}
    return {
        episode: replace(context, about_show=descriptions[show_of[episode]])
        for episode, context in around.items()
        if episode in show_of
    }
