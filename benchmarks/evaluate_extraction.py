"""Measures the extractor against an editor's marks: python -m benchmarks.evaluate_extraction PATH-TO-LABELLED-DATA

By default every show is extracted by a model that was trained without it. With --shipped the model in the project is
measured as it stands, which says something about new shows only.
"""

import argparse
import os
from pathlib import Path

from benchmarks.extractor.corpus import LabelledEpisode, labelled_episodes
from benchmarks.extractor.cross_validation import LIMIT, Measured, cross_validated, report
from benchmarks.extractor.measure import figures
from benchmarks.extractor.rows import Rows
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.local import LocalExtractor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the encoder's graph is kept")
    args = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    episodes = labelled_episodes(args.data)
    shows = len({episode.show for episode in episodes})
    if args.shipped:
        title = f"Extraction by the shipped model: {len(episodes)} episodes of {shows} shows"
        report(title, [_shipped(episode) for episode in episodes])
    else:
        title = f"Extraction: {len(episodes)} episodes of {shows} shows, each show by a model that never saw it"
        report(title, cross_validated(Rows.of(episodes, models=args.models)))


def _shipped(episode: LabelledEpisode) -> Measured:
    insights = LocalExtractor().extract(episode.segments, context=EpisodeContext(), limit=LIMIT)
    return Measured(episode, figures([insight.quote for insight in insights], episode.units, episode.marks))


if __name__ == "__main__":
    main()
