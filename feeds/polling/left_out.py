"""Pure: which items of a feed became no episodes, in a sentence for its row."""

from collections.abc import Sequence

from feeds.polling.parse import ParsedFeed

MOST_NAMED = 3
LONGEST_NAME = 60
LONGEST = 500


def left_out(parsed: ParsedFeed, *, repeated: Sequence[str]) -> str:
    """Nothing where every item is an episode; `repeated` are the titles of those that repeat another in every mark."""
    blocked = [item.title for item in parsed.episodes if item.is_blocked]
    reasons = [
        (repeated, "repeating another one in guid, address, title and date"),
        (blocked, "that must not be listed elsewhere, as they say themselves (block)"),
    ]
    said = [f"{len(titles)} {reason}: {_named(titles)}" for titles, reason in reasons if titles]
    if parsed.skipped:
        said.append(f"{parsed.skipped} with neither guid nor recording, title, link or text")
    if parsed.older:
        said.append(f"{parsed.older} older than the newest {parsed.length + parsed.skipped} that are read")
    total = parsed.length + parsed.skipped + parsed.older
    counted = f"Of {total} items were left out: {'; '.join(said)}." if said else ""
    broken = (
        "" if parsed.is_whole else "The feed breaks off in the middle, and is asked for anew until all of it comes."
    )
    return f"{broken} {counted}".strip()[:LONGEST]


def _named(titles: Sequence[str]) -> str:
    names = ", ".join(f"“{title[:LONGEST_NAME]}”" for title in titles[:MOST_NAMED])
    return names + (" and others" if len(titles) > MOST_NAMED else "")
