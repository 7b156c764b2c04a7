"""Pure: the two forms of Retry-After."""

import datetime as dt
from email.utils import parsedate_to_datetime

LONGEST = dt.timedelta(hours=24).total_seconds()


def retry_after_seconds(value: str, *, now: dt.datetime) -> float | None:
    """Seconds to wait, 24 hours at most; None where the header is absent or unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), LONGEST)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=dt.UTC)
    return min(max((date - now).total_seconds(), 0.0), LONGEST)
