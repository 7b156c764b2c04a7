"""Made-up talk in which every sentence is a claim, and a model that writes each of them up without a fault."""

from __future__ import annotations

import itertools
import random
import re
from dataclasses import dataclass

from feeds.reading.transcripts.segments import Segment
from tests.feeds.asking.provider import Answer, Body, insights, transcript_in

ADA, BEN = "Ada Berg", "Ben Cole"
_THINGS = ("warehouse", "kitchen", "server", "printer", "tractor", "turbine", "bakery", "library")
_PLACES = ("Norway", "Portugal", "Chile", "Vietnam", "Kenya", "Ontario", "Bavaria", "Texas")
_REASONS = ("the rent there had fallen", "the power there is cheaper", "the drivers there stay longer")
_SENTENCE = re.compile(r"We moved [^.]*\.")
_PARTS = re.compile(
    r"We moved (\d+) \w+s? of every hundred (\w+)s to (\w+) because (.+?), and each one then cost (\d+) dollars less"
)


@dataclass(frozen=True)
class Sentence:
    words: str
    speaker: str | None


def sentence(chance: random.Random) -> str:
    return (
        f"We moved {chance.randrange(2, 100)} units of every hundred {chance.choice(_THINGS)}s to "
        f"{chance.choice(_PLACES)} because {chance.choice(_REASONS)}, and each one then cost "
        f"{chance.randrange(100, 100_000)} dollars less, so we hired {chance.randrange(3, 99)} more people."
    )


def talk(*, sentences: int, seed: int = 1, speakers: tuple[str | None, ...] = (ADA, BEN, None)) -> list[Segment]:
    """Turns of four claims each, said in segments that end in mid-sentence."""
    chance = random.Random(seed)  # noqa: S311  # the same talk every time
    segments: list[Segment] = []
    for number, speaker in zip(range(-(-sentences // 4)), itertools.cycle(speakers)):
        words = " ".join(sentence(chance) for _ in range(4)).split()
        begin = 40.0 * number
        for place in range(0, len(words), 17):
            at = begin + 40 * place / len(words)
            segments.append(Segment(" ".join(words[place : place + 17]), speaker, at, at + 5))
    return segments


def claims_in(body: Body) -> list[Sentence]:
    """The sentences that stand whole in a request."""
    return [Sentence(found, speaker) for speaker, words in transcript_in(body) for found in _SENTENCE.findall(words)]


def written_up(said: Sentence) -> Body:
    """A fault-free insight about a sentence."""
    found = _PARTS.match(said.words)
    assert found, said.words
    share, thing, place, reason, saved = found.groups()
    return {
        "quote": said.words,
        "headline": f"A {thing} in {place} costs {saved} dollars less",
        "text": (
            f"Of every hundred {thing}s the company moved {share} to {place} because {reason}. Each one then cost "
            f"{saved} dollars less, so the company could hire more people with what it saved on them."
        ),
        "speaker": said.speaker,
        "is_opinion": False,
        "rating": 7,
    }


def honest(body: Body) -> Answer:
    """The model that writes up the first six claims of a request."""
    return Answer(insights([written_up(said) for said in claims_in(body)[:6]]))
