"""What is measured of an offer, for the chance that an editor would publish it."""

import itertools
import re
from collections.abc import Sequence

import numpy as np

from feeds.reading.insights.editor.draft import Answers, Floats, Piece
from feeds.reading.insights.editor.offers import Offer
from feeds.reading.insights.editor.sequence import Material

FEATURES = (
    "publish", "nothing", "taken", "certain", "replaced", "words", "long sentence", "pronouns",
    "pronoun at the head of a sentence", "opener", "names", "numbers", "fit", "headline words", "headline names",
    "headline pronouns", "headline inner cuts", "headline begins a sentence", "headline ends a sentence",
    "headline begins the text", "deleted", "unsure words", "speaker", "questions", "quotes", "marks in the passage",
    "talk about talk", "odd capitals", "cut inside a sentence", "worst kept",
)  # fmt: skip
_PRONOUN = re.compile(
    r"^(?:it|its|it's|they|they're|them|their|this|that's|these|those|he|she|his|her|him|there|such|here)$"
)
_OPENERS = re.compile(r"^(?:and|but|so|because|or|which|then|also|well|now|yeah|like|that)$", re.IGNORECASE)
_TALK = re.compile(
    r"\b(?:episode|podcast|show|question|conversation|talk(?:ing|ed)?|said|say|tell|thank|guest|listeners?|sponsor)\b",
    re.IGNORECASE,
)


def features(offer: Offer, read: Material, answers: Answers) -> Floats:
    """One value a name of FEATURES, float32."""
    pieces, draft = offer.draft.pieces, offer.draft
    words = offer.text.split()
    sentences = [one for one in re.split(r"(?<=[.?!])\s+", offer.text) if one]
    sources = sorted({piece.source for piece in pieces})
    heading = [piece.source for piece in offer.heading.pieces]
    keep = np.array([float(max(answers.gone[place], 1 - answers.gone[place])) for place in sources])
    passage = [read.words[place] for place in read.passage]
    values = (
        float(np.log(answers.worth[2] + 0.02)),
        float(np.log(answers.worth[0] + 0.02)),
        draft.taken,
        draft.certain,
        min(6, sum(piece.is_new for piece in pieces)),
        abs(len(words) - 40) / 10,
        max(len(one.split()) for one in sentences) / 20,
        _share(words, _PRONOUN),
        sum(bool(_PRONOUN.match(one.split()[0].strip(",").lower())) for one in sentences),
        bool(_OPENERS.match(words[0])),
        _capitals(sentences),
        sum(any(char.isdigit() for char in word) for word in words),
        offer.heading.fit,
        len(heading) / 10,
        _capitals([offer.headline]),
        sum(bool(_PRONOUN.match(word.lower())) for word in offer.headline.split()),
        sum(two - one > 1 for one, two in itertools.pairwise(heading)),
        _begins(pieces, heading[0]),
        _ends(pieces, heading[-1]),
        heading[0] == pieces[0].source,
        1 - len(sources) / max(1, sources[-1] - sources[0] + 1),
        float((keep < 0.6).mean()),
        bool(read.speaker),
        offer.text.count("?"),
        offer.text.count('"') / 2,
        sum(bool(word.closing) for word in passage) / max(1, len(passage)) * 10,
        len(_TALK.findall(offer.text)),
        sum(word.core[:1].isupper() for word in passage) / max(1, len(passage)) * 10,
        _cuts(pieces),
        float(keep.min()),
    )
    return np.array(values, dtype=np.float32)


def _share(words: Sequence[str], pattern: re.Pattern[str]) -> float:
    return 10 * sum(bool(pattern.match(word.strip('.,;:?"').lower())) for word in words) / max(1, len(words))


def _capitals(sentences: Sequence[str]) -> float:
    """Words with a capital that do not begin a sentence."""
    return float(min(6, sum(word[:1].isupper() for one in sentences for word in one.split()[1:])))


def _begins(pieces: Sequence[Piece], source: int) -> bool:
    places = [n for n, piece in enumerate(pieces) if piece.source == source]
    return places[0] == 0 or pieces[places[0] - 1].mark in (".", "?", ";")


def _ends(pieces: Sequence[Piece], source: int) -> bool:
    places = [n for n, piece in enumerate(pieces) if piece.source == source]
    return pieces[places[-1]].mark in (".", "?", ";") or places[-1] == len(pieces) - 1


def _cuts(pieces: Sequence[Piece]) -> float:
    """Places where words left out stand between words kept, without a mark."""
    return float(sum(two.source - one.source > 1 and not one.mark for one, two in itertools.pairwise(pieces)))
