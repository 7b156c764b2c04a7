"""Stretches of a transcript as rows of numbers: their wording, their neighbours' and their place in the talk."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.reading.insights.candidates import Layout, Stretch
from feeds.reading.insights.cues import NAMES, cue_vector

Matrix = NDArray[np.float32]

_QUESTIONS = NAMES.index("questions")
_FAR = 10
_STATE_LENGTH = 6.0
_LONGEST_TURN = 8
_RARE_ENOUGH = re.compile(r"[a-z']{4,}")
_ANY_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class _Stretches:
    """What the feature groups look at; all lists have one entry a stretch."""

    texts: list[str]
    words: NDArray[np.float64]
    speakers: list[str | None]
    cues: Matrix


def stretch_features(layout: Layout, stretches: Sequence[Stretch]) -> Matrix:
    """One row a stretch: cues, cues against the episode's own habits, place, and the neighbours' cues."""
    texts = [layout.text[slice(*stretch.span)] for stretch in stretches]
    seen = _Stretches(
        texts=texts,
        words=np.array([len(text.split()) for text in texts], dtype=np.float64),
        speakers=[stretch.speaker for stretch in stretches],
        cues=np.stack([cue_vector(text) for text in texts]),
    )
    unusual = (seen.cues - seen.cues.mean(axis=0)) / (seen.cues.std(axis=0) + 1e-6)
    groups = [seen.cues, unusual, _place(seen), _voice(seen), _novelty(seen)]
    return np.hstack([*groups, _shifted(unusual, 1), _shifted(unusual, -1)]).astype(np.float32)


def states_in_context(states: Matrix) -> Matrix:
    """The encoder's summed states with the means also seen against the episode's, and the neighbours' against it.

    `states` are as `Encoder.read` gives them, (n, 4 * 384).
    """
    width = states.shape[1] // 4
    means, spreads = states[:, :width], states[:, width:]
    directions = _STATE_LENGTH * means / np.linalg.norm(means, axis=1, keepdims=True)
    off_topic = directions - directions.mean(axis=0)
    return np.hstack([directions, off_topic, _shifted(off_topic, 1), _shifted(off_topic, -1), spreads])


def _shifted(rows: Matrix, by: int) -> Matrix:
    """Each row replaced by the one `by` places before it (after it, if negative); zeros past the ends."""
    moved = np.zeros_like(rows)
    if by > 0:
        moved[by:] = rows[:-by]
    else:
        moved[:by] = rows[-by:]
    return moved


def _place(seen: _Stretches) -> Matrix:
    """Where in the episode, and how long the stretch and its neighbours are."""
    words, count = seen.words, len(seen.words)
    order = np.arange(count)
    position = words.cumsum() / words.sum()
    column = words[:, None].astype(np.float32)
    return _columns(
        position,
        np.minimum(position, 1 - position),
        np.minimum(order, _FAR),
        np.minimum(order[::-1], _FAR),
        np.full(count, count),
        np.full(count, words.sum()),
        words,
        _shifted(column, 1)[:, 0],
        _shifted(column, -1)[:, 0],
    )


def _voice(seen: _Stretches) -> Matrix:
    """Who speaks, how much of the talk is theirs, whether they ask, and what was asked just before."""
    speakers, questions = seen.speakers, seen.cues[:, [_QUESTIONS]]
    several = len({speaker for speaker in speakers if speaker}) > 1
    shares, asking = _habits(speakers, seen.words, questions[:, 0])
    before, after = _turn_lengths(speakers), _turn_lengths(speakers[::-1])[::-1]
    changed = [place > 0 and speaker != speakers[place - 1] for place, speaker in enumerate(speakers)]
    count = len(speakers)
    return _columns(
        np.full(count, several),
        [shares[speaker] if several else 0.5 for speaker in speakers],
        [asking[speaker] if several else 0.0 for speaker in speakers],
        before,
        after,
        (np.add(before, after) + 1) * several,
        changed,
        _shifted(questions, 1)[:, 0],
        _shifted(questions, 2)[:, 0],
        _shifted(questions, -1)[:, 0],
    )


def _habits(
    speakers: Sequence[str | None], words: Iterable[float], questions: Iterable[float]
) -> tuple[dict[str | None, float], dict[str | None, float]]:
    """Each voice's share of the words, and its questions a stretch."""
    spoken: dict[str | None, float] = defaultdict(float)
    asked: dict[str | None, list[float]] = defaultdict(list)
    for speaker, count, question in zip(speakers, words, questions, strict=True):
        spoken[speaker] += count
        asked[speaker].append(question)
    total = sum(spoken.values())
    return (
        {speaker: count / total for speaker, count in spoken.items()},
        {speaker: sum(marks) / len(marks) for speaker, marks in asked.items()},
    )


def _turn_lengths(speakers: Sequence[str | None]) -> list[int]:
    """How many stretches of the same voice stand directly before each, at most eight."""
    lengths: list[int] = []
    for place, speaker in enumerate(speakers):
        same = place > 0 and speakers[place - 1] == speaker
        lengths.append(min(lengths[-1] + 1, _LONGEST_TURN) if same else 0)
    return lengths


def _novelty(seen: _Stretches) -> Matrix:
    """How rare the words are within the episode, and how much is said again word for word (teasers, slogans)."""
    lowered = [text.lower() for text in seen.texts]
    vocabularies = [set(_RARE_ENOUGH.findall(text)) for text in lowered]
    phrases = [_fours(_ANY_WORD.findall(text)) for text in lowered]
    in_stretches = Counter(word for vocabulary in vocabularies for word in vocabulary)
    said = Counter(phrase for group in phrases for phrase in group)
    rarity = [_mean(np.log(len(lowered) / in_stretches[word]) for word in vocabulary) for vocabulary in vocabularies]
    again = [_mean(said[phrase] > 1 for phrase in group) for group in phrases]
    return _columns(rarity, again, np.full(len(rarity), _mean(rarity)))


def _fours(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(sum(listed)) / len(listed) if listed else 0.0


def _columns(*columns: Iterable[float]) -> Matrix:
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
