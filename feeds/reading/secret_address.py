"""Which addresses of feeds carry a secret of one subscriber's, by what is known of hosts and by how they look. Pure."""

from __future__ import annotations

import enum
import re
from urllib.parse import parse_qsl, urlsplit

_SECRET_NAMES = re.compile(
    r"(?:^|[_-])(?:auth|authorization|token|key|apikey|secret|sig|signature|password|pass|passwd|pwd|pw|jwt|hmac|hash"
    r"|uuid|member|subscriber|access|private|code)s?$"
)
_PRIVATE_HOSTS = (
    "patreon.com", "supportingcast.fm", "supercast.com", "supercast.tech", "memberful.com", "mylibsyn.com",
    "patron.podbean.com", "access.acast.com", "private.captivate.fm", "subscribers.transistor.fm", "steadyhq.com",
    "steady.page", "app.helloaudio.fm", "private.simplecast.com", "glow.fm", "open.acast.com",
)  # fmt: skip
_PRIVATE_PARTS = frozenset(
    {"private", "premium", "members", "member", "subscriber", "subscribers", "patron", "patrons"}
)
# Where the id of a public show looks like a secret.
_PUBLIC = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"feeds\.megaphone\.fm/[a-z0-9]+",
        r"(www\.)?omnycontent\.com/d/playlist/[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9a-f-]{36}/podcast\.rss",
        r"feeds\.simplecast\.com/[a-z0-9_-]{8}",
        r"feeds\.acast\.com/public/shows/[a-z0-9-]+",
        r"feeds\.redcircle\.com/[0-9a-f-]{36}",
        r"(www\.)?anchor\.fm/s/[0-9a-f]+/podcast/rss",
        r"feeds\.soundcloud\.com/users/soundcloud:users:[0-9]+/sounds\.rss",
        r"feeds\.zencastr\.com/f/[a-z0-9_-]+\.rss",
        r"podcasts\.files\.bbci\.co\.uk/[a-z0-9]+\.rss",
        r"(feeds|rss)\.art19\.com/[a-z0-9-]+",
    )
]
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:rss|xml|atom|json|php|html?)$", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]{12,}")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LEAST_PIECES = 5
_LONGEST_PIECE = 3.0


class Secret(enum.Enum):
    NONE = "nothing speaks for it"
    LIKELY = "a part looks like a secret, or like the id of a show"
    SURE = "a user, a parameter or a host that means one subscriber"


def secret_in(url: str) -> Secret:
    parts = urlsplit(url)
    named = [(_snake(name), value) for name, value in parse_qsl(parts.query)]
    host = parts.hostname or ""
    if (
        "@" in parts.netloc
        or any(host == one or host.endswith(f".{one}") for one in _PRIVATE_HOSTS)
        or any(_SECRET_NAMES.search(name) for name, _ in named)
    ):
        return Secret.SURE
    if any(looks_random(value) for _, value in named):
        return Secret.LIKELY
    segments = [_ENDING.sub("", segment) for segment in parts.path.split("/") if segment]
    if _PRIVATE_PARTS & {segment.lower() for segment in segments} or "private" in host.split("."):
        return Secret.SURE
    if any(pattern.fullmatch(f"{host}{parts.path}") for pattern in _PUBLIC):
        return Secret.NONE
    return Secret.LIKELY if any(looks_random(segment) for segment in segments) else Secret.NONE


def looks_random(part: str) -> bool:
    """Whether a program made it up: an UUID, or a long run in which letters, cases and digits alternate."""
    return bool(_UUID.fullmatch(part)) or any(_is_random_run(run) for run in _RUN.findall(part))


def _is_random_run(run: str) -> bool:
    """Words and years are long pieces; what a program draws changes between letters, cases and digits all the time."""
    pieces = _PIECE.findall(run)
    return len(pieces) >= _LEAST_PIECES and len(run) / len(pieces) < _LONGEST_PIECE


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
