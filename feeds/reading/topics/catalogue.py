"""The topics a subscriber can follow; the database's rows and the classifier both come from topics.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as the site names and describes it; `slug` is its address and never changes.

    `words` speak for it, chosen by hand: what the classifier knows before it has seen an example; () where nobody
    chose any yet.
    """

    slug: str
    name: str
    description: str
    words: tuple[str, ...] = ()


def _read(path: Path) -> tuple[TopicSpec, ...]:
    topics = tomllib.loads(path.read_text(encoding="utf-8")).items()
    return tuple(
        TopicSpec(slug, told["name"], told["description"], _words(told.get("words", ""))) for slug, told in topics
    )


def _words(listed: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in listed.split(",") if word.strip())


TOPICS = _read(Path(__file__).with_name("topics.toml"))
