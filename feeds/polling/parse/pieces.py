"""Pure: a document cut at its items, so that only what is new in it is read.

An item that is cut out leaves an empty element behind. Where a cut could fall into a comment or a literal there is
none, and all of the document is read.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from feeds.polling.broken_xml import mended

# To be raised when an item's fields are read otherwise: every item is read anew then.
READING = "1"

_ITEM = re.compile(r"<((?:[\w.-]{1,20}:)?(?:item|entry))(?=[\s>])")
# What an item takes from the document around it: namespaces, base and language, the hosts.
_AROUND = re.compile(
    r"<[^<>!?]{0,200}\sxml[^<>]*>|<(?:[\w.-]{1,20}:)?(?:person|language)\b[^<>]{0,1000}>(?:<!\[CDATA\[)?[^<]{0,500}"
)
_MARKS = (("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>"))


@dataclass(frozen=True, slots=True)
class Pieces:
    """The items, and what stands around them: one more than there are items."""

    name: str
    around: tuple[str, ...]
    items: tuple[str, ...]

    def text(self, *, without: Collection[int] = ()) -> str:
        """Mended piece by piece, so that an item reads the same in whatever company."""
        empty = f"<{self.name}/>"
        items = (empty if place in without else mended(item) for place, item in enumerate(self.items))
        pairs = zip((mended(one) if one.strip() else one for one in self.around), (*items, ""), strict=True)
        return "".join(piece for pair in pairs for piece in pair)

    def fingerprints(self, *, url: str) -> list[str]:
        """Of each item; one that says the same in another context, such as under another host, has another."""
        context = [READING, url, *(found[0] for around in self.around for found in _AROUND.finditer(around))]
        start = hashlib.blake2b("\n".join(context).encode("utf-8", "replace"), digest_size=16)
        return [_fingerprint(start.copy(), item) for item in self.items]


def cut(text: str) -> Pieces | None:
    first = _ITEM.search(text)
    spans = _spans(text, first[1]) if first else None
    if first is None or spans is None:
        return None
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    are_safe = all(_is_balanced(piece) for piece in pieces) and not ("<!DOCTYPE" in pieces[0] and "[" in pieces[0])
    return Pieces(first[1], tuple(pieces[::2]), tuple(pieces[1::2])) if are_safe else None


def _spans(text: str, name: str) -> list[tuple[int, int]] | None:
    """Where the items are; None where one has no end, or another one in it."""
    spans, ends = list[tuple[int, int]](), 0
    for start in _starts(text, name):
        closing = text.find(f"</{name}", start)
        after = text.find(">", closing) + 1
        if start < ends or closing < 0 or after == 0 or text[closing + len(name) + 2 : after - 1].strip():
            return None
        ends = after
        spans.append((start, ends))
    return spans


def _starts(text: str, name: str) -> Iterator[int]:
    start = text.find(f"<{name}")
    while start >= 0:
        # Not “items”, which RDF has, too.
        if text[start + len(name) + 1 : start + len(name) + 2] in (" ", "\t", "\n", "\r", ">", "/"):
            yield start
        start = text.find(f"<{name}", start + 1)


def _is_balanced(piece: str) -> bool:
    return all(piece.count(opening) == piece.count(closing) for opening, closing in _MARKS)


def _fingerprint(context: hashlib.blake2b, item: str) -> str:
    context.update(item.encode("utf-8", "replace"))
    return context.hexdigest()
