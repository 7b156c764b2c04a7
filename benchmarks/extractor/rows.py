"""The features of every stretch of the labelled episodes, under one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.extractor.corpus import LabelledEpisode
from feeds.reading.insights.encoder import Encoder
from feeds.reading.insights.features import Matrix
from feeds.reading.insights.scorer import rows_of


@dataclass(frozen=True)
class Rows:
    """`values` has a row a stretch, `shows` and `marks` one entry for each; `begins` says where an episode starts."""

    episodes: Sequence[LabelledEpisode]
    values: Matrix
    begins: NDArray[np.int64]

    @classmethod
    def of(cls, episodes: Sequence[LabelledEpisode], *, models: Path) -> "Rows":
        encoder = Encoder(directory=models, threads=1)
        values = [rows_of(episode.layout, episode.stretches, encoder=encoder) for episode in tqdm(episodes)]
        return cls(episodes, np.vstack(values), np.cumsum([0, *map(len, values)]))

    @property
    def marks(self) -> NDArray[np.int64]:
        return np.concatenate([episode.marks for episode in self.episodes])

    @property
    def shows(self) -> list[str]:
        return [episode.show for episode in self.episodes for _ in episode.stretches]

    def of_episode(self, number: int) -> Matrix:
        return self.values[self.begins[number] : self.begins[number + 1]]
