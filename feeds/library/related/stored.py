"""Readings beside their insights: packed when an insight is filed, so that a page need not read its candidates."""

from collections.abc import Sequence

from feeds.models import Insight, InsightReading
from feeds.reading.embeddings import TokenStates, local_embedder
from feeds.reading.related.packing import pack, unpack
from feeds.reading.related.reading import Reading, load_lens

_BATCH = 64


def to_keep(insight: Insight, states: TokenStates) -> InsightReading:
    """Not saved yet, as the insight may not be either."""
    lens = load_lens()
    return InsightReading(insight=insight, model=lens.model, content=pack(states, lens))


def readings(ids: Sequence[int]) -> dict[int, Reading]:
    """By the id of their insight, as kept; what has none by today's model is read here and now, and nothing written."""
    kept = kept_readings(ids)
    if not (unread := set(ids) - kept.keys()):
        return kept
    missing, lens = list(Insight.objects.filter(pk__in=unread).defer("embedding")), load_lens()
    fresh = [lens.reading(states) for states in _read(missing)]
    return kept | {insight.pk: reading for insight, reading in zip(missing, fresh, strict=True)}


def kept_readings(ids: Sequence[int]) -> dict[int, Reading]:
    """By the id of their insight, those that today's model made."""
    lens = load_lens()
    rows = InsightReading.objects.filter(pk__in=ids, model=lens.model).values_list("pk", "content")
    return {pk: unpack(bytes(content), lens) for pk, content in rows}


def keep_missing() -> int:
    """Read each insight that has no reading by today's model, as after a new model came; return how many."""
    unread = Insight.objects.ready().exclude(reading__model=load_lens().model).order_by("pk")
    done = 0
    while batch := list(unread.defer("embedding")[:_BATCH]):
        InsightReading.objects.bulk_create(
            [to_keep(insight, states) for insight, states in zip(batch, _read(batch), strict=True)],
            update_conflicts=True,
            unique_fields=["insight"],
            update_fields=["model", "content"],
        )
        done += len(batch)
    return done


def _read(insights: Sequence[Insight]) -> list[TokenStates]:
    return local_embedder().read([insight.telling_text for insight in insights])
