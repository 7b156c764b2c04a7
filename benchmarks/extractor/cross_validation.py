"""What the extractor finds in shows that it has not learned from."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.extractor.corpus import LabelledEpisode
from benchmarks.extractor.fit import fit, folds
from benchmarks.extractor.measure import Figures, figures, mean_of
from benchmarks.extractor.rows import Rows
from feeds.insights.local import choose
from feeds.insights.scorer import Judge

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


def report(measured: list[Measured]) -> None:
    """Print one row a show and the mean over the episodes."""
    print(f"{'':48}{'episodes':>9}{'nDCG@10':>9}{'P@5(3)':>8}{'P@5(2+)':>9}{'verbatim':>10}")
    for show in sorted({each.episode.show for each in measured}):
        _print_row(show, [each.figures for each in measured if each.episode.show == show])
    _print_row("mean", [each.figures for each in measured])


def _print_row(name: str, rows: list[Figures]) -> None:
    mean = mean_of(rows)
    print(
        f"{name[:47]:48}{len(rows):9}{mean.ndcg:9.3f}{mean.top_of_five:8.3f}{mean.good_of_five:9.3f}"
        f"{mean.verbatim:10.3f}"
    )
