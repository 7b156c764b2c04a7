"""Pure: the part of a recording's address that names the recording.

A scheme, a tracking service in front, a session in the query and the way of writing a letter come and go under one and
the same file. Every other parameter counts: `download.php?file=11.mp3` is no `download.php?file=12.mp3`.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

# Services that count downloads: they stand before the address, host and path of which follow in their own path.
_TRACKERS = {
    "2.gum.fm", "adbarker.com", "arttrk.com", "chrt.fm", "chtbl.com", "claritaspod.com", "clrtpod.com", "cohst.app",
    "dts.podtrac.com", "growx.podkite.com", "injector.simplecastaudio.com", "media.blubrry.com", "mgln.ai",
    "mp3.fireside.fm", "op3.dev", "pdcn.co", "pdrl.fm", "pdst.fm", "pfx.vpixl.com", "play.podtrac.com", "podtrac.com",
    "prefix.up.audio", "prfx.byspotify.com", "pscrb.fm", "tracking.feedpress.it", "tracking.swap.fm", "traffic.media",
    "verifi.podscribe.com", "www.podtrac.com",
}  # fmt: skip
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", re.IGNORECASE)
_FILE = re.compile(r"\.(?:mp3|m4a|m4b|mp4|m4v|mov|aac|ogg|oga|opus|wav|flac|webm)$", re.IGNORECASE)
_WHOLE_ADDRESS = re.compile(r"/https?:/+(?=[^/])", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_SESSION_NAMES = {
    "_ic", "access_token", "auth", "cachebuster", "cb", "dest-id", "expires", "fbclid", "gclid", "hdnea", "hdnts",
    "hmac", "jsessionid", "key-pair-id", "listeningsessionid", "nocache", "phpsessid", "played_from", "policy",
    "ptid", "rss_browser", "session", "session_id", "sessionid", "sig", "signature", "token", "updated", "useragent",
}  # fmt: skip
_SESSION_PREFIXES = ("utm_", "x-amz-", "x-goog-")


@lru_cache(maxsize=4096)
def bare_address(url: str) -> str:
    """Two addresses with the same bare form name the same recording; "" of ""."""
    try:
        parts = urlsplit(_without_trackers(url.strip()))
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        host, port = "", None
    if not host:
        return re.sub(r"^https?://", "", url.strip())
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    path = unquote(_SESSION_IN_PATH.sub("", parts.path)).rstrip("/")
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_of_session(pair[0]))
    return f"{place}{path}" + "".join(f"&{name}={value}" for name, value in pairs)


def file_name(bare: str) -> str:
    """The last part of a bare address, where it can tell a recording from others: `ep-12.mp3`, but not `audio.mp3`."""
    name = bare.partition("&")[0].rpartition("/")[2]
    stem = _FILE.sub("", name)
    return name if any(character.isdigit() for character in stem) else ""


def _without_trackers(url: str) -> str:
    whole = list(_WHOLE_ADDRESS.finditer(url.partition("?")[0], 8))
    if whole:
        return _without_trackers("http://" + url[whole[-1].end() :])
    parts = urlsplit(url)
    if (parts.hostname or "") not in _TRACKERS:
        return url
    _, *steps = parts.path.split("/")
    place = next((n for n, step in enumerate(steps) if _HOST.fullmatch(step) and not _FILE.search(step)), None)
    if place is None:
        return url
    return _without_trackers(parts._replace(netloc=steps[place], path="/" + "/".join(steps[place + 1 :])).geturl())


def _is_of_session(name: str) -> bool:
    name = name.lower()
    return name in _SESSION_NAMES or name.startswith(_SESSION_PREFIXES)
