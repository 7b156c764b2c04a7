"""Turns a passage of spoken words into something worth reading, by leaving words out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from feeds.reading.insights.writeup import grammar
from feeds.reading.insights.writeup.attribution import (
    attribute,
    frame_words,
    introduce,
    names_a_person,
    without_opinion,
)
from feeds.reading.insights.writeup.claims import claim_score
from feeds.reading.insights.writeup.headline import headline
from feeds.reading.insights.writeup.judge import is_broken, soundness
from feeds.reading.insights.writeup.selection import FEWEST_WORDS, MOST_WORDS, choose, count_words
from feeds.reading.insights.writeup.sentences import has_marks, sentences
from feeds.reading.insights.writeup.shortenings import Scene

# How many words on either side a short passage may draw on.
_NEIGHBOURHOOD = 60
_ANSWER_WORDS = 6
# A text that begins with "They" or with half a sentence costs a reader a second reading.
_DANGLING = 0.7
# What a text loses that is nothing but broken sentences.
_ALL_BROKEN = 0.6


@dataclass(frozen=True, slots=True)
class WriteUp:
    """`headline` is at most 90 characters without a final stop; `text` is 40 to 60 words where enough was said.

    `clarity` is 0 to 1: the chance that a reader who knows nothing else understands the two.
    """

    headline: str
    text: str
    clarity: float


def write_up(passage: str, *, speaker: str | None, before: str = "", after: str = "") -> WriteUp:
    """Write up a quote of one speaker; `before` and `after` are neighbouring words of the same turn.

    Every word comes from these three, but for an attribution such as "Ada Byron argues that". Both fields are empty
    where the passage is only noise.
    """
    said = _without_answers(sentences(passage))
    if not said:
        return WriteUp("", "", 0.0)
    scene = Scene.of(said, before=before, after=after, restored=not has_marks(passage))
    claim = headline(scene)
    named = speaker.strip() if speaker and names_a_person(speaker) else None
    most = MOST_WORDS - (frame_words(named) if named else 0)
    chosen = choose(scene, own=range(len(said)), claim=claim.sentence, most=most)
    if count_words(chosen) < FEWEST_WORDS or soundness(chosen[0]) < 1:
        earlier, later = _neighbours(before, after)
        own = range(len(earlier), len(earlier) + len(said))
        wider = replace(scene, sentences=(*earlier, *said, *later))
        chosen = choose(wider, own=own, claim=own.start + claim.sentence, most=most)
    clarity = claim.clarity * _legibility(chosen)
    spoken = f"{before} {passage} {after}"
    return WriteUp(claim.text, " ".join(_attributed(chosen, speaker=named, spoken=spoken)), round(clarity, 3))


def _attributed(chosen: list[str], *, speaker: str | None, spoken: str) -> list[str]:
    plain = [*map(without_opinion, chosen)]
    if not speaker or not chosen:
        return plain
    framed = attribute(chosen, speaker=speaker, spoken=spoken)
    return framed if framed != chosen else introduce(plain, speaker=speaker)


def _without_answers(said: list[str]) -> list[str]:
    """Without the short answers that a passage begins with: their question stands elsewhere."""
    while len(said) > 1 and len(said[0].split()) <= _ANSWER_WORDS and soundness(said[0].rstrip(".!")) < 1:
        said = said[1:]
    return said


def _legibility(chosen: Sequence[str]) -> float:
    """What share of its clarity a write-up keeps for the way its text begins and reads, and for how much it says."""
    if not chosen:
        return 0.0
    words = count_words(chosen)
    begins = _DANGLING if grammar.points_back(chosen[0]) or not grammar.has_main_verb(chosen[0]) else 1.0
    broken = count_words([*filter(is_broken, chosen)]) / words
    return begins * (1 - _ALL_BROKEN * broken) * min(1.0, 0.5 + words / (2 * FEWEST_WORDS))


def _neighbours(before: str, after: str) -> tuple[list[str], list[str]]:
    """The sentences next to a passage, as far as each says something."""
    following = sentences(" ".join(after.split()[:_NEIGHBOURHOOD]))
    preceding = sentences(" ".join(before.split()[-_NEIGHBOURHOOD:]))
    earlier = [*takewhile(_says_something, reversed(preceding))]
    return earlier[::-1], [*takewhile(_says_something, following)]


def _says_something(sentence: str) -> bool:
    return claim_score(sentence) > 0
