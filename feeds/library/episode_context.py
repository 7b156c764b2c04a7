"""What extractors and writers are told of an episode beside its transcript."""

from feeds.models import Episode
from feeds.reading.insights.extraction import EpisodeContext


def context_of(episode: Episode) -> EpisodeContext:
    """`episode` with its feed."""
    named = [(str(person.get("name", "")), str(person.get("role", ""))) for person in episode.people]
    return EpisodeContext(
        show=episode.feed.title,
        title=episode.title,
        guests=tuple(name for name, role in named if name and role.lower() == "guest"),
        people=tuple(name for name, _ in named if name),
    )
