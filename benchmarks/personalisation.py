"""Two hundred made-up subscribers over a fortnight of real insights: do they get what they truly want?

    DJANGO_SETTINGS_MODULE=config.settings python -m benchmarks.personalisation PATH-TO-LABELLED-DATA

True interests are one to four topics and free texts. Whether an insight is on a topic is the editor's word, whether it
answers a free text was judged by hand (data/interest_grades.json). The topics that ranking sees come from classifiers
that never saw the insight's show. Every second item is voted on, truly but for one vote in ten.
"""

import argparse
import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import django
import numpy as np
from numpy.typing import NDArray

django.setup()

from benchmarks.evaluate_topics import FILED, cross_validated, seen_by_others  # noqa: E402
from benchmarks.labelled_insights import LabelledInsight, labelled_insights  # noqa: E402
from briefs.choosing.audience import History, Remembered, gather  # noqa: E402
from briefs.choosing.candidates import Candidates, merit  # noqa: E402
from briefs.choosing.interests import Opinion, Profile, Wish, decay, learned_weights  # noqa: E402
from briefs.choosing.places import FIVE, PER_SHOW  # noqa: E402
from briefs.choosing.ranking import Floats, Ints, Pool, Why, rank, repulsion  # noqa: E402
from briefs.choosing.wishes import vocabulary  # noqa: E402
from feeds.reading.embeddings import LocalEmbedder, embedding_text  # noqa: E402
from feeds.reading.topics.catalogue import TOPICS  # noqa: E402
from feeds.reading.topics.classifier import FLOOR  # noqa: E402

GRADES = Path(__file__).parent / "data" / "interest_grades.json"
DAYS, SUBSCRIBERS = 14, 200
VOTED, WRONG = 0.5, 0.1


@dataclass(frozen=True)
class World:
    """All insights, n of them; `day` says on which each arrives."""

    insights: Sequence[LabelledInsight]
    vectors: Floats
    topics: Floats  # (n, t), as the classifier sees them
    salience: Floats
    shows: Ints
    day: Ints


@dataclass
class Reader:
    """A subscriber; `wants` (n,) is the truth, which ranking never sees."""

    topics: tuple[int, ...]
    wishes: tuple[Wish, ...]
    wants: NDArray[np.bool_]
    sent: list[int] = field(default_factory=list)
    votes: list[tuple[int, int, int]] = field(default_factory=list)  # (insight, value, day)


@dataclass(frozen=True)
class Sent:
    insights: list[int]
    reasons: tuple[tuple[Why, int], ...]
    wishes: Sequence[Wish]


@dataclass
class Tally:
    """By day: how many were sent, and how many of them were wanted."""

    hits: Counter[int] = field(default_factory=Counter)
    sent: Counter[int] = field(default_factory=Counter)

    def add(self, day: int, reader: Reader, insights: Sequence[int]) -> None:
        self.hits[day] += int(reader.wants[list(insights)].sum())
        self.sent[day] += len(insights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    arguments = parser.parse_args()
    embedder = LocalEmbedder(directory=arguments.models, threads=1)
    world = _world(arguments.data, embedder)
    readers, rng = _readers(world), random.Random(2)
    oracle, ours, false, shows = Tally(), Tally(), 0, []
    for day in range(DAYS):
        candidates = _candidates(world, day)
        people = [_profile(number, reader, world, day) for number, reader in enumerate(readers)]
        for reader, profile, sent in zip(readers, people, _ranked(world, candidates, people, readers), strict=True):
            oracle.add(day, reader, _oracle(world, reader, day))
            ours.add(day, reader, sent.insights)
            facts = zip(sent.insights, sent.reasons, strict=True)
            false += sum(not _is_true(world, profile, one, reason, sent.wishes) for one, reason in facts)
            shows += [len(set(world.shows[sent.insights].tolist())) / len(sent.insights)] if sent.insights else []
            reader.sent += sent.insights
            _vote(reader, sent.insights, day, rng)
    _print({"oracle": oracle, "ranking": ours, **_baselines(world, readers, embedder)}, oracle)
    total = sum(ours.sent.values())
    repeats = sum(len(reader.sent) - len(set(reader.sent)) for reader in readers)
    outside = 1 - sum(ours.hits.values()) / total
    print(f"\nof {total} items: false reasons {false}, repeats {repeats}, outside the true interests {outside:.3f}")
    print(f"shows an item {np.mean(shows):.2f}, followed topics that were met {_coverage(readers, world):.2f}")


def _print(tallies: Mapping[str, Tally], oracle: Tally) -> None:
    print(f"{'':14}{'precision, day 1':>17}{'14':>7}{'all':>7}   {'share of the oracle, day 1':>27}{'14':>7}{'all':>7}")
    for name, tally in tallies.items():
        spans = ([0], [DAYS - 1], list(range(DAYS)))
        precision = [_ratio(tally.hits, tally.sent, days) for days in spans]
        share = [_ratio(tally.hits, oracle.hits, days) for days in spans]
        print(
            f"{name:14}{precision[0]:>17.3f}{precision[1]:>7.3f}{precision[2]:>7.3f}"
            f"   {share[0]:>27.3f}{share[1]:>7.3f}{share[2]:>7.3f}"
        )


def _ratio(part: Counter[int], whole: Counter[int], days: Sequence[int]) -> float:
    return sum(part[day] for day in days) / max(sum(whole[day] for day in days), 1)


# The world ---------------------------------------------------------------------------------------------------------


def _world(data: Path, embedder: LocalEmbedder) -> World:
    insights = labelled_insights(data)
    shows = np.array([insight.show for insight in insights])
    scores = cross_validated(seen_by_others(data, insights, embedder), "written", FILED)
    texts = [embedding_text(insight.headline, insight.text) for insight in insights]
    return World(
        insights=insights,
        vectors=embedder.embed(texts),
        topics=np.where(scores >= FLOOR, scores, 0).astype(np.float32),
        salience=np.array([_salience(data, insight) for insight in insights], dtype=np.float32),
        shows=np.unique(shows, return_inverse=True)[1],
        day=np.random.default_rng(1).permutation(np.arange(len(insights)) % DAYS),
    )


def _salience(data: Path, insight: LabelledInsight) -> float:
    """What the editor gave the best of its passages, 0 to 1."""
    episode, number = insight.id.split("#")
    labels = json.loads((data / "labels" / f"{episode}.json").read_text())
    first, last = labels["insights"][int(number)]["units"][0], labels["insights"][int(number)]["units"][-1]
    return float(np.mean([labels["scores"].get(str(unit), 0) for unit in range(first, last + 1)])) / 3


def _readers(world: World) -> list[Reader]:
    rng = random.Random(1)
    answered = {
        text: [insight for insight, grade in grades.items() if grade]
        for text, grades in json.loads(GRADES.read_text()).items()
    }
    texts = sorted(text for text, insights in answered.items() if insights)
    common = sorted({name for insight in world.insights for name in insight.topics})
    readers = []
    for _ in range(SUBSCRIBERS):
        count = rng.randint(1, 4)
        free = sum(rng.random() < 0.25 for _ in range(count))
        names, chosen = rng.sample(common, count - free), rng.sample(texts, free)
        wanted = {insight for text in chosen for insight in answered[text]}
        wants = np.array([bool(one.topics & set(names)) or one.id in wanted for one in world.insights])
        numbers = tuple(number for number, topic in enumerate(TOPICS) if topic.name in names)
        readers.append(Reader(numbers, tuple(Wish(text, False) for text in chosen), wants))
    return readers


# Ranking, as composing does it, without the database -------------------------------------------------------------


def _candidates(world: World, day: int) -> Candidates:
    today = np.flatnonzero(world.day == day)
    vectors, topics, shows = world.vectors[today], world.topics[today], world.shows[today]
    own, new = np.arange(len(today)), dt.timedelta()
    pool = Pool(
        ids=today,
        vectors=vectors,
        topics=topics,
        merit=np.array([merit(float(salience), new) for salience in world.salience[today]], dtype=np.float32),
        arrived=np.zeros(len(today)),
        groups=shows,
        shows=shows,
        repulsion=repulsion(vectors, shows=shows, episodes=own, stories=own, topics=topics),
    )
    insights = [world.insights[number] for number in today.tolist()]
    return Candidates(
        pool=pool,
        headlines=tuple(insight.headline for insight in insights),
        speakers=("",) * len(insights),
        texts=tuple(f"{insight.headline} {insight.text}" for insight in insights),
        topic_numbers={number: number for number in range(len(TOPICS))},
        topic_names=tuple(topic.name for topic in TOPICS),
        groups=tuple((show, "en") for show in range(int(world.shows.max()) + 1)),
        show_names={},
        members_only=frozenset(),
        stories=own,
        episodes=own,
    )


def _profile(number: int, reader: Reader, world: World, day: int) -> Profile:
    opinions = [Opinion(one, value * decay(dt.timedelta(days=day - on))) for one, value, on in reader.votes]
    topics_of = {one: dict(enumerate(world.topics[one].tolist())) for one, _, _ in reader.votes}
    learned = learned_weights(opinions, topics_of)
    topics = {topic: learned.get(topic, 1.0) for topic in reader.topics}
    return Profile(number, topics=topics, wishes=reader.wishes, opinions=tuple(opinions))


def _ranked(world: World, candidates: Candidates, people: Sequence[Profile], readers: Sequence[Reader]) -> list[Sent]:
    words = vocabulary(people, candidates)
    history = History(
        since={one.user_id: dt.datetime(1969, 1, 1, tzinfo=dt.UTC) for one in people},
        sent={number: frozenset(reader.sent) for number, reader in enumerate(readers)},
    )
    everything = Remembered({number: number for number in range(len(world.insights))}, world.vectors)
    audience = gather(people, candidates, history=history, vocabulary=words, remembered=everything)
    picks = rank(candidates.pool, audience)
    sent = []
    for columns, whys, details in zip(picks.columns, picks.why, picks.details, strict=True):
        kept = columns >= 0
        reasons = tuple(zip(map(Why, whys[kept]), details[kept].tolist(), strict=True))
        sent.append(Sent(candidates.pool.ids[columns[kept]].tolist(), reasons, words.wishes))
    return sent


def _is_true(world: World, profile: Profile, insight: int, reason: tuple[Why, int], wishes: Sequence[Wish]) -> bool:
    """Whether the stored data bears the reason out."""
    why, number = reason
    match why:
        case Why.TOPIC:
            return number in profile.topics and world.topics[insight, number] >= FLOOR
        case Why.INTEREST:
            return wishes[number] in profile.wishes and not wishes[number].refused
        case _:
            return False


def _vote(reader: Reader, insights: Sequence[int], day: int, rng: random.Random) -> None:
    for insight in insights:
        if rng.random() < VOTED:
            honest = rng.random() >= WRONG
            reader.votes.append((insight, 1 if reader.wants[insight] == honest else -1, day))


# What it is measured against -------------------------------------------------------------------------------------


def _oracle(world: World, reader: Reader, day: int) -> list[int]:
    """The truth, under the same rules: five, and two of a show."""
    return _best(world, day, reader.wants.astype(float), above=0.5)


def _best(world: World, day: int, scores: NDArray[np.floating], *, above: float = -1e9) -> list[int]:
    chosen: list[int] = []
    today = np.flatnonzero(world.day == day)
    for insight in today[np.argsort(-scores[today], kind="stable")].tolist():
        full = sum(world.shows[one] == world.shows[insight] for one in chosen) >= PER_SHOW
        if len(chosen) < FIVE and not full and scores[insight] > above:
            chosen.append(insight)
    return chosen


def _baselines(world: World, readers: Sequence[Reader], embedder: LocalEmbedder) -> dict[str, Tally]:
    topics = embedder.embed([f"{topic.name}. {topic.description}" for topic in TOPICS])
    arrival = np.random.default_rng(3).random(len(world.insights))
    tallies = {"newest": Tally(), "most salient": Tally(), "pure cosine": Tally()}
    for reader in readers:
        asked = [*(topics[number] for number in reader.topics), *embedder.embed([one.text for one in reader.wishes])]
        nearest = (world.vectors @ np.array(asked).T).max(axis=1)
        for day in range(DAYS):
            for tally, scores in zip(tallies.values(), (arrival, world.salience, nearest), strict=True):
                tally.add(day, reader, _best(world, day, scores))
    return tallies


def _coverage(readers: Sequence[Reader], world: World) -> float:
    """The share of followed topics of which, by the editor, at least one insight came within the fortnight."""
    met = [
        any(TOPICS[number].name in world.insights[one].topics for one in reader.sent)
        for reader in readers
        for number in reader.topics
    ]
    return float(np.mean(met))


if __name__ == "__main__":
    main()
