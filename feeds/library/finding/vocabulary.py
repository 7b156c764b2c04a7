"""The words that public insights hold, so that a mistyped or half-typed one finds what was meant."""

import difflib
from collections.abc import Sequence

from django.db import connection, transaction

from feeds.models import SearchWord

# Shorter ones have too many neighbours to guess among.
_SHORTEST = 4
_CLOSE = 0.75
_LOOKED_AT = 40

_PUBLIC_WORDS = """
    SELECT to_tsvector('simple', concat_ws(' ', i.headline, i.text, i.quote, i.speaker, i.where_said))
    FROM feeds_insight i
    JOIN feeds_episode e ON e.id = i.episode_id JOIN feeds_feed f ON f.id = e.feed_id
    WHERE i.hidden_at IS NULL AND f.taken_down_at IS NULL AND NOT f.is_private AND NOT f.is_blocked AND f.is_listed
"""


def renew_vocabulary() -> int:
    """Count all words anew, and return how many there are. Words of what is not public are not among them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT word, ndoc, coalesce((tsvector_to_array(to_tsvector('english', word)))[1], '')
            FROM ts_stat(%s) WHERE length(word) <= 100
            """,
            [_PUBLIC_WORDS],
        )
        words = [
            SearchWord(word=word, stem=stem, uses=uses, trigrams=trigrams(word))
            for word, uses, stem in cursor.fetchall()
        ]
        SearchWord.objects.all().delete()
        SearchWord.objects.bulk_create(words, batch_size=5000)
    return len(words)


def meant(words: Sequence[str]) -> list[str]:
    """The words as the vocabulary spells them: what it holds is left alone, and so is what nothing in it is like.

    The last one may not be typed to its end yet.
    """
    if not words:
        return []
    unknown = _unknown(words)
    spelt = [_nearest(word.casefold()) or word if word in unknown else word for word in words]
    last = words[-1]
    return [*spelt[:-1], _begun(last.casefold()) or spelt[-1]] if last in unknown else spelt


def trigrams(word: str) -> list[str]:
    padded = f"  {word} "
    return sorted({padded[place : place + 3] for place in range(len(padded) - 2)})


def _unknown(words: Sequence[str]) -> set[str]:
    """Those of which neither the whole nor the stem is in the vocabulary; none while it is empty."""
    if not SearchWord.objects.exists():
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT asked FROM unnest(%s::text[]) asked
            WHERE NOT EXISTS (
                SELECT FROM feeds_searchword known
                WHERE known.word = ANY (tsvector_to_array(to_tsvector('simple', asked)))
                OR known.stem = ANY (tsvector_to_array(to_tsvector('english', asked)))
            ) AND to_tsvector('english', asked) <> ''
            """,
            [list(words)],
        )
        return {word for (word,) in cursor.fetchall()}


def _begun(word: str) -> str:
    """The commonest that begins so."""
    if len(word) < _SHORTEST - 1:
        return ""
    begun = SearchWord.objects.filter(word__startswith=word).order_by("-uses", "word")
    return begun.values_list("word", flat=True).first() or ""


def _nearest(word: str) -> str:
    """The one most like it; "" where none is like enough."""
    if len(word) < _SHORTEST:
        return ""
    own = set(trigrams(word))
    rows = SearchWord.objects.filter(trigrams__overlap=sorted(own)).values_list("word", "uses", "trigrams")
    like = ((known, uses, set(theirs)) for known, uses, theirs in rows if abs(len(known) - len(word)) <= 2)
    shared = sorted(like, key=lambda one: (-len(own & one[2]) / len(own | one[2]), -one[1]))
    close = difflib.get_close_matches(word, [known for known, _, _ in shared[:_LOOKED_AT]], n=1, cutoff=_CLOSE)
    return close[0] if close else ""
