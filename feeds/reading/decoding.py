"""Pure: bytes of unknown encoding to text."""

import codecs
import re
from collections.abc import Sequence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # The mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Escape sequences of ISO-2022 and HZ are ASCII, and so would pass for UTF-8.
_SHIFTING = re.compile(rb"\x1b[$(]|~\{")


def decode(data: bytes, *, declared: Sequence[str] = ()) -> str:
    """Return the text: by its mark, else as UTF-8 if it is, else as the first of `declared` that fits.

    What fits nothing is read as Windows-1252, its undefined bytes replaced: wrong letters are better than no feed.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in (*_without_mark(data), *_order(data, declared)):
        text = _strictly(data, encoding)
        if text is not None:
            return text
    return data.decode("cp1252", "replace")


def charset_of(content_type: str) -> list[str]:
    """The charset of a Content-Type header, as a list of none or one."""
    return _CHARSET.findall(content_type)[:1]


def _without_mark(data: bytes) -> list[str]:
    """UTF-16 shows in the NULs of its markup, which is ASCII."""
    head = data[:200]
    if len(head) < 4 or head.count(0) * 3 < len(head):
        return []
    return ["utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"]


def _order(data: bytes, declared: Sequence[str]) -> list[str]:
    return [*declared, "utf-8"] if _SHIFTING.search(data) else ["utf-8", *declared]


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        # LookupError: no such encoding, or one that is not of texts (“hex”, “zip”).
        return None
