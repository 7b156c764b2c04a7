"""What is said of a brief that has fewer items than it could: it is short because nothing else was good enough."""

from briefs.choosing.places import FIVE

_COUNT = ("Nothing", "Only one", "Only two", "Only three", "Only four")


def fewer_in_words(items: int) -> str:
    """One sentence; "" for a full brief."""
    return f"{_COUNT[items]} this time: nothing else was fit to send." if items < FIVE else ""
