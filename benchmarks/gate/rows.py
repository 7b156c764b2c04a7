"""An editor's texts and their corruptions as the rows that the verifier reads."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from benchmarks.gate.corpus import EditedText
from benchmarks.gate.corruptions import CHANGES, NEIGHBOUR, corrupted
from feeds.reading.insights.gate.alignment import Aligned, Row, Talk, aligned

OWN = "the editor's own"


@dataclass(frozen=True, slots=True)
class Example:
    """`kind` is OWN or what was done to the text; `wrong` marks its words that were put in; `text` is as changed."""

    kind: str
    text: EditedText
    found: Aligned
    wrong: Row


def examples(texts: Sequence[EditedText], *, others: Sequence[EditedText], changes: int) -> Iterator[Example]:
    """Each text, so many of its changes, and the text of another passage of the same episode out of `others`."""
    of_episode = defaultdict[str, list[EditedText]](list)
    for other in others:
        of_episode[other.episode].append(other)
    for text in texts:
        chance = random.Random(f"{text.key} {text.headline}")
        talk = Talk(before=text.before, passage=text.passage, after=text.after, context=text.context)
        own = _aligned(text, talk)
        yield Example(OWN, text, own, np.zeros(len(own.words), dtype=np.float32))
        for kind in chance.sample(sorted(CHANGES), changes):
            if changed := corrupted(text, kind):
                found = _aligned(changed, talk)
                yield Example(kind, changed, found, _put_in(own.words, found.words))
        if elsewhere := [other for other in of_episode[text.episode] if other.passage != text.passage]:
            other = chance.choice(elsewhere)
            foreign = replace(text, headline=other.headline, text=other.text)
            found = _aligned(foreign, talk)
            yield Example(NEIGHBOUR, foreign, found, np.zeros(len(found.words), dtype=np.float32))


def _aligned(text: EditedText, talk: Talk) -> Aligned:
    return aligned(f"{text.headline}. {text.text}", talk)


def _put_in(own: Sequence[str], words: Sequence[str]) -> Row:
    wrong = np.zeros(len(words), dtype=np.float32)
    for kind, _, _, begin, end in SequenceMatcher(None, own, words, autojunk=False).get_opcodes():
        if kind != "equal":
            wrong[begin:end] = 1
    return wrong
