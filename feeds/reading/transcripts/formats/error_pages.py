"""Pages that a server sends in a transcript's place, with status 200 all the same: lost, forbidden, signed out."""

import re
from html import unescape

ERROR_PAGE = "a page of error stands where the transcript should be"
# Pages of this many words and more are no error page, whatever their title says.
MOST_WORDS = 400
_LOOKED_AT = 800
_TITLE = re.compile(r"<(?:title|h1)\b[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
_STATUS = r"(?:40[0134]|410|429|50[0234])"
_CALLED = re.compile(
    rf"(?:(?:http |status |error ?)*(?:code )?{_STATUS}(?:\W*$|\W+(?:error|not found|page|file|forbidden|unauthorized)"
    r"|\W+(?:gone|bad|service|internal|too many))|(?:page |file |object )?not found\b|(?:oops|sorry)\b|forbidden$"
    r"|access denied|just a moment|attention required|are you (?:a )?(?:human|robot)|(?:sign|log) ?in\b|error\W*$"
    r"|no ?such ?key|service unavailable|bad gateway)",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:page|file|resource|document|url|address|link|content|object|key)\b[^.?!]{0,60}?"
    r"(?:(?:was|were|could) not (?:be )?found|not found|(?:does(?:n['’]t| not)|do not|don['’]t) exist"
    r"|no longer (?:exists?|available)|can(?:no|['’])t be found|been (?:moved|removed|deleted))"
    r"|\b(?:can(?:no|['’])t|couldn['’]t|could not|unable to) (?:find|locate)\b[^.?!]{0,40}\b(?:page|file|document)"
    r"|\b(?:enable|requires?) (?:javascript|cookies)|\b(?:must|need to|please) (?:be logged|log|sign) in\b"
    rf"|^\W*{_STATUS}\W*(?:$|error|not found|forbidden|gone|service)|^\W*(?:not found|forbidden|access denied)\W*$",
    re.IGNORECASE,
)


def is_error_page(text: str, *, markup: str = "") -> bool:
    """`text` is what a reader sees; `markup`, where there is some, is looked at for title and heading."""
    if len(text.split()) >= MOST_WORDS:
        return False
    titles = (unescape(title).strip() for title in _TITLE.findall(markup[:20_000]))
    return any(_CALLED.match(title) or _LOST.search(title) for title in titles) or bool(_LOST.search(text[:_LOOKED_AT]))
