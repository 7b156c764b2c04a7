"""Ranks 100,000 made-up subscribers against 3,000 candidates, beside the bare float32 matrix product.

    python -m benchmarks.rank [--subscribers 100000] [--candidates 3000] [--threads 2]

The two take turns at one batch, as often as it takes, so that what else the machine does slows both. The product goes
by the blocks at which it is fastest, and throws each away.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: two threads over blocks beat one product on two threads

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from benchmarks.tables import print_table
from briefs.choosing.ranking import FOLLOWED_SHOW, Audience, Floats, Ints, Pairs, Pool, rank, repulsion

TOPICS, SHOWS, EPISODES = 24, 300, 1200
# Subscribers whose arrays are made and ranked at a time, as composing does it.
BATCH = 2000
PRODUCT_BLOCK = 500

COLUMNS = ("product s", "ranking s", "ratio", "product CPU s", "ranking CPU s", "CPU ratio", "peak MB")


@dataclass(slots=True)
class Spent:
    wall: float = 0
    cpu: float = 0

    def measure(self, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu


def main() -> None:
    arguments = _arguments()
    rng = np.random.default_rng(7)
    pool = _pool(rng, arguments.candidates)
    batch = _audience(rng, min(BATCH, arguments.subscribers), arguments.candidates)
    sizes = [arguments.subscribers // 4, arguments.subscribers // 2, arguments.subscribers]
    title = f"Subscribers against {arguments.candidates:,} candidates, {arguments.threads} threads"
    print_table(title, COLUMNS, [(f"{size:,}", _measure(pool, batch, size, arguments.threads)) for size in sizes])


def _measure(pool: Pool, batch: Audience, subscribers: int, threads: int) -> Sequence[str]:
    product, ranking = Spent(), Spent()
    for _ in range(max(subscribers // len(batch), 1)):
        product.measure(lambda: _product(pool, batch, threads))
        ranking.measure(lambda: rank(pool, batch, threads=threads))
    spent = (product.wall, ranking.wall, ranking.wall / product.wall)
    spent_cpu = (product.cpu, ranking.cpu, ranking.cpu / product.cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [*(f"{value:.2f}" for value in (*spent, *spent_cpu)), str(peak)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=100_000)
    parser.add_argument("--candidates", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _product(pool: Pool, audience: Audience, threads: int) -> None:
    """The least that any exact ranking must do."""
    across = np.ascontiguousarray(pool.vectors.T)
    starts = range(0, len(audience), PRODUCT_BLOCK)
    with ThreadPoolExecutor(threads) as workers:
        list(workers.map(lambda start: (audience.taste[start : start + PRODUCT_BLOCK] @ across)[0, 0], starts))


def _units(rng: np.random.Generator, count: int) -> Floats:
    vectors = rng.standard_normal((count, 384)).astype(np.float32)
    units: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


def _pool(rng: np.random.Generator, count: int) -> Pool:
    topics = np.zeros((count, TOPICS), dtype=np.float32)
    for row in topics:
        row[rng.choice(TOPICS, rng.integers(1, 4), replace=False)] = rng.uniform(0.3, 1)
    vectors, shows = _units(rng, count), rng.integers(0, SHOWS, count)
    episodes, own = rng.integers(0, EPISODES, count), np.arange(count)
    return Pool(
        ids=own,
        vectors=vectors,
        topics=topics,
        merit=rng.uniform(0, 0.8, count).astype(np.float32),
        arrived=own.astype(np.float64),
        groups=shows,
        shows=shows,
        repulsion=repulsion(vectors, shows=shows, episodes=episodes, stories=own, topics=topics),
    )


def _audience(rng: np.random.Generator, people: int, candidates: int) -> Audience:
    """One to four topics each, two shows, a free text, three likes, twenty sent before."""
    topics = np.zeros((people, TOPICS), dtype=np.float32)
    groups = np.zeros((people, SHOWS), dtype=np.float32)
    for row in range(people):
        topics[row, rng.choice(TOPICS, rng.integers(1, 5), replace=False)] = 1
        groups[row, rng.choice(SHOWS, 2, replace=False)] = FOLLOWED_SHOW
    texts = people // 4
    match = np.where(rng.random((texts, candidates)) < 0.01, rng.uniform(0.7, 1, (texts, candidates)), 0)
    return Audience(
        topics=topics,
        taste=0.4 * _units(rng, people),
        groups=groups,
        since=np.full(people, -1.0),
        surprises=np.ones(people, dtype=np.bool_),
        wishes=_pairs(people, 1, rng.integers(0, texts, people)),
        refusals=_pairs(0, 1, np.zeros(0, dtype=np.int64)),
        wish_match=match.astype(np.float32),
        told=_pairs(people, 20, rng.integers(0, candidates, 20 * people)),
        likes=_pairs(people, 3, rng.integers(0, 1000, 3 * people)),
        like_vectors=_units(rng, 1000),
    )


def _pairs(people: int, each: int, others: Ints) -> Pairs:
    return Pairs(np.repeat(np.arange(people), each), others)


if __name__ == "__main__":
    main()
