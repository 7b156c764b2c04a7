"""What the extractor finds in shows that it has not learned from."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.extractor.corpus import LabelledEpisode
from benchmarks.extractor.fit import fit, folds
from benchmarks.extractor.measure import Figures, figures, mean_of
from benchmarks.extractor.rows import Rows
from benchmarks.tables import print_table
from feeds.reading.insights.local import choose
from feeds.reading.insights.scorer import Judge

FOLDS = 5
LIMIT = 10


@dataclass(frozen=True, slots=True)
class Measured:
    episode: LabelledEpisode
    figures: Figures


def cross_validated(rows: Rows) -> list[Measured]:
    """Every episode, extracted by a judge that was trained without its show."""
    shows, marks = rows.shows, rows.marks
    measured: list[Measured] = []
    for held_out in folds([episode.show for episode in rows.episodes], count=FOLDS):
        unseen = {episode.show for episode, out in zip(rows.episodes, held_out, strict=True) if out}
        seen = [show not in unseen for show in shows]
        judge = fit(rows.values[seen], marks[seen], [show for show in shows if show not in unseen])
        measured += _measured(rows, judge, unseen)
    return measured


def _measured(rows: Rows, judge: Judge, unseen: set[str]) -> Iterator[Measured]:
    for number, episode in enumerate(rows.episodes):
        if episode.show in unseen:
            probabilities = judge.probabilities(rows.of_episode(number))
            chosen = choose(episode.layout, episode.stretches, probabilities, limit=LIMIT)
            quotes = [one.passage.text for one in chosen]
            yield Measured(episode, figures(quotes, episode.units, episode.marks))


def report(title: str, measured: list[Measured]) -> None:
    """Print one row a show and the mean over the episodes."""
    by_show = [
        (show[:47], [each.figures for each in measured if each.episode.show == show])
        for show in sorted({each.episode.show for each in measured})
    ]
    rows = [*by_show, ("mean", [each.figures for each in measured])]
    columns = ["episodes", "nDCG@10", "P@5(3)", "P@5(2+)", "verbatim"]
    print_table(title, columns, [(name, _cells(found)) for name, found in rows])


def _cells(rows: list[Figures]) -> list[str]:
    mean = mean_of(rows)
    parts = (mean.ndcg, mean.top_of_five, mean.good_of_five, mean.verbatim)
    return [str(len(rows)), *(f"{part:.3f}" for part in parts)]
