"""Readings beside their insights: packed when an insight is filed, so that a page need not read its candidates."""

from collections.abc import Sequence

from feeds.embeddings import TokenStates, embedding_text
from feeds.models import Insight, InsightReading
from feeds.related.packing import pack, unpack
from feeds.related.reading import Reading, load_lens, read, reader

_BATCH = 64


def to_keep(insight: Insight, states: TokenStates) -> InsightReading:
    """Not saved yet, as the insight may not be either."""
    lens = load_lens()
    return InsightReading(insight=insight, model=lens.model, content=pack(states, lens))


def readings(insights: Sequence[Insight]) -> list[Reading]:
    """As kept; what has none that today's model made is read here and now, and nothing is written."""
    kept = kept_readings([insight.pk for insight in insights])
    missing = [insight for insight in insights if insight.pk not in kept]
    kept |= zip((insight.pk for insight in missing), read([_text(one) for one in missing]), strict=True)
    return [kept[insight.pk] for insight in insights]


def kept_readings(ids: Sequence[int]) -> dict[int, Reading]:
    """By the id of their insight, those that today's model made."""
    lens = load_lens()
    rows = InsightReading.objects.filter(pk__in=ids, model=lens.model).values_list("pk", "content")
    return {pk: unpack(bytes(content), lens) for pk, content in rows}


def keep_missing() -> int:
    """Read each insight that has no reading by today's model, as after a new model came; return how many."""
    unread = Insight.objects.exclude(reading__model=load_lens().model).order_by("pk")
    done = 0
    while batch := list(unread.defer("embedding")[:_BATCH]):
        states = reader().read([_text(insight) for insight in batch])
        InsightReading.objects.bulk_create(
            [to_keep(insight, read) for insight, read in zip(batch, states, strict=True)],
            update_conflicts=True,
            unique_fields=["insight"],
            update_fields=["model", "content"],
        )
        done += len(batch)
    return done


def _text(insight: Insight) -> str:
    return embedding_text(insight.headline, insight.text)
