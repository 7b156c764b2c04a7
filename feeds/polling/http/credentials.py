"""Pure: who may be told the name and password that stand in a show's address."""

from urllib.parse import urlsplit


def with_credentials(url: str, *, of: str) -> str:
    """The address with those of the other one, where both are of one origin: scheme, host and port."""
    try:
        mine, theirs = urlsplit(url), urlsplit(of)
        is_same = _origin(url) == _origin(of)
    except ValueError:
        return url
    if not is_same or "@" not in theirs.netloc or "@" in mine.netloc:
        return url
    return mine._replace(netloc=f"{theirs.netloc.rpartition('@')[0]}@{mine.netloc}").geturl()


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default
