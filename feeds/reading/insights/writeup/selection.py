"""Chooses the sentences that make the best 40 to 60 words, in the order in which they were said."""

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.reading.insights.writeup import grammar, lexicon
from feeds.reading.insights.writeup.claims import claim_score
from feeds.reading.insights.writeup.clauses import Piece, pieces
from feeds.reading.insights.writeup.judge import judged, log_odds
from feeds.reading.insights.writeup.lexicon import core
from feeds.reading.insights.writeup.openings import as_sentence, strip_connectives
from feeds.reading.insights.writeup.shortenings import Scene, Shortening

FEWEST_WORDS = 40
MOST_WORDS = 60
_MOST_PIECES = 11
# The longest sentence left whole, and whether what hangs on a clause may go. Whole sentences read best, so they are
# cut only as far as needed.
_CUTS = ((45, False), (24, False), (12, False), (12, True))
_CLAIM = 0.8
_CLAIM_UNSAID = -3.0
_NEIGHBOUR = -0.6
_ADJACENT = 0.25
_GAP = -1.0
_GAP_TO_ANTECEDENT = -2.5
# A question that is passed over leaves hardly a gap.
_GAP_OF_A_QUESTION = -0.3
_OPENING = 1.0
_OPENS_POINTING_BACK = -1.5
_OPENS_IN_MID_SENTENCE = -0.8
_BREAKS_OFF = -0.6
_FRAGMENT = -1.0
_FRAGMENT_WORDS = 7
_SHORTFALL_A_WORD = -0.35


@dataclass(frozen=True, slots=True)
class _Scored:
    """A piece, what it says, what it is worth as the opening; `goes_on` where its sentence does after it."""

    piece: Piece
    value: float
    opening: float
    claims: bool
    points_back: bool
    after_question: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """Some of the pieces, in order; `worth` counts neither how they end nor how far they fall short of FEWEST_WORDS."""

    chosen: tuple[_Scored, ...] = ()
    words: int = 0
    worth: float = 0.0

    @property
    def total(self) -> float:
        unsaid = _CLAIM_UNSAID * (not any(one.claims for one in self.chosen))
        breaks_off = _BREAKS_OFF * (bool(self.chosen) and self.chosen[-1].goes_on)
        return self.worth + unsaid + breaks_off + _SHORTFALL_A_WORD * max(0, FEWEST_WORDS - self.words)

    def follows(self, piece: Piece) -> bool:
        return bool(self.chosen) and self.chosen[-1].piece.order == piece.order - 1

    def with_piece(self, one: _Scored) -> "_Choice":
        worth = self.worth + one.value + self._transition(one)
        return _Choice((*self.chosen, one), self.words + one.piece.words, worth)

    def _transition(self, one: _Scored) -> float:
        """Sentences that follow each other read best; "it" needs the one before."""
        if self.follows(one.piece):
            return _ADJACENT
        if not self.chosen:
            return one.opening
        if one.points_back:
            return _GAP_TO_ANTECEDENT
        return _GAP_OF_A_QUESTION if one.after_question else _GAP


def choose(scene: Scene, *, own: range, claim: int, most: int = MOST_WORDS) -> list[str]:
    """Whole sentences of the scene that fit in `most` words, the one numbered `claim` among them where that goes.

    They stand side by side as far as possible and begin with one that can be read alone; those outside `own` are
    worth less.
    """
    best = _Choice()
    for longest, hanging in _CUTS:
        scored = _score(pieces(scene.sentences, longest=longest, hanging=hanging), scene, own, claim)
        best = max(best, _best_choice(scored, most), key=lambda choice: choice.total)
        if best.words >= FEWEST_WORDS:
            break
    return _written([one.piece for one in best.chosen]) or [_shortened(max(scene.sentences, key=claim_score), most)]


def count_words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _score(cut: list[Piece], scene: Scene, own: range, claim: int) -> list[_Scored]:
    """The most promising pieces, in order."""
    bare = [strip_connectives(piece.text) for piece in cut]
    clear = judged([Shortening(text, piece.sentence, 0.0) for text, piece in zip(bare, cut, strict=True)], scene)
    scored = [
        _Scored(
            piece,
            _value(piece, text, bonus=_bonus(piece.sentence, own, claim)),
            _OPENING * log_odds(offer.clarity) + _rough_opening(piece, text),
            piece.sentence == claim,
            grammar.points_back(text),
            piece.order > 0 and cut[piece.order - 1].text.endswith("?"),
            piece.order + 1 < len(cut) and cut[piece.order + 1].rejoins,
        )
        for piece, text, offer in zip(cut, bare, clear, strict=True)
    ]
    promising = sorted(scored, key=lambda one: (not one.claims, -one.value))[:_MOST_PIECES]
    return sorted(promising, key=lambda one: one.piece.order)


def _bonus(sentence: int, own: range, claim: int) -> float:
    if sentence == claim:
        return _CLAIM
    return 0.0 if sentence in own else _NEIGHBOUR


def _value(piece: Piece, bare: str, *, bonus: float) -> float:
    # By length, so that two weak short sentences are not worth more than one strong long one.
    worth = (claim_score(bare) + bonus) * min(piece.words, 40) / 14
    return worth + _FRAGMENT * _is_fragment(piece, bare)


def _rough_opening(piece: Piece, bare: str) -> float:
    return _OPENS_IN_MID_SENTENCE * piece.rejoins + _OPENS_POINTING_BACK * grammar.points_back(bare)


def _is_fragment(piece: Piece, bare: str) -> bool:
    """A short answer without a verb, which says nothing without its question."""
    return piece.words <= _FRAGMENT_WORDS and not piece.hangs and not grammar.has_main_verb(bare)


def _best_choice(scored: list[_Scored], most: int) -> _Choice:
    best = _Choice()
    open_choices = [(0, best)]
    while open_choices:
        place, choice = open_choices.pop()
        best = max(best, choice, key=lambda one: (bool(one.chosen), one.total))
        for following in range(place, len(scored)):
            piece = scored[following].piece
            if choice.words + piece.words <= most and (choice.follows(piece) or not piece.hangs):
                open_choices.append((following + 1, choice.with_piece(scored[following])))
    return best


def _written(chosen: Sequence[Piece]) -> list[str]:
    """Parts of one sentence that stand side by side become that sentence again; the others stand alone."""
    written: list[str] = []
    last_order = None
    for run in _runs(chosen):
        follows = last_order is not None and run[0].order == last_order + 1
        written.append(as_sentence(" ".join(piece.text for piece in run), keep_contrast=follows))
        last_order = run[-1].order
    return [text for text in written if text]


def _runs(chosen: Sequence[Piece]) -> list[list[Piece]]:
    runs: list[list[Piece]] = []
    for piece in chosen:
        if runs and piece.rejoins and runs[-1][-1].order == piece.order - 1:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _shortened(sentence: str, most: int) -> str:
    """The beginning of a sentence that no joint divides, as far as a whole clause reaches."""
    words = strip_connectives(sentence).split()
    reach = min(most, len(words) - 1)
    ends = [end for end in range(reach, FEWEST_WORDS // 2, -1) if grammar.is_whole(" ".join(words[:end]))]
    before_joint = [end for end in ends if core(words[end]) in lexicon.FUNCTION_WORDS]
    return as_sentence(" ".join(words[: next(iter(before_joint or ends), most)]))
