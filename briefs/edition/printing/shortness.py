"""What is said of a brief that has fewer items than it could: it is short because nothing else was good enough."""

from briefs.choosing.places import FIVE

_COUNT = ("Nothing", "Only one", "Only two", "Only three", "Only four")
_READY = ("No", *_COUNT[1:])


def fewer_in_words(items: int, *, quotes: int = 0) -> str:
    """One sentence; "" for a brief of five insights. `quotes` of the items are passages in the speakers' words."""
    if quotes:
        return _few_ready(items - quotes, quotes)
    return f"{_COUNT[items]} this time: nothing else was fit to send." if items < FIVE else ""


def _few_ready(insights: int, quotes: int) -> str:
    others = "the other" if insights else "this one"
    if quotes > 1:
        others = "the others" if insights else "these"
    what = "is a passage in the speaker’s own words" if quotes == 1 else "are passages in the speakers’ own words"
    noun = "insight was" if insights < 2 else "insights were"
    return f"{_READY[insights]} {noun} ready this time; {others} {what}."
