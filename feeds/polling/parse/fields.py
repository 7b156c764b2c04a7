"""Pure: the values of a feed's fields, each forgiving and bounded."""

import datetime as dt
import hashlib
import re
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from feeds.reading.markup import text_of_html

FEED_TITLE = 300
TITLE = 500
GUID = 500
ADDRESS = 2000
NOTES = 20_000
LONGEST_EPISODE = 7 * 24 * 3600
# The title of an episode that has none.
UNTITLED = "Untitled"

# Controls, and what reorders or hides the text around it.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_ISO_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_WEEKDAY = re.compile(r"^\s*[^\W\d_]{2,12}\.?,?\s+(?=\d)")
_ZONE = re.compile(r"\s*[+-]\d{4}$")
_MONTH = re.compile(r"(?<=\d[ -])[^\W\d_]{3,10}")
# Where the first three letters differ from English, in the languages that feeds' dates are met in.
_ENGLISH_MONTHS = {
    "fev": "Feb", "fév": "Feb", "mär": "Mar", "mrz": "Mar", "abr": "Apr", "avr": "Apr", "mai": "May", "mag": "May",
    "mei": "May", "giu": "Jun", "jui": "Jun", "lug": "Jul", "ago": "Aug", "aoû": "Aug", "set": "Sep", "out": "Oct",
    "okt": "Oct", "ott": "Oct", "dez": "Dec", "dic": "Dec", "déc": "Dec", "ene": "Jan", "gen": "Jan",
}  # fmt: skip
_TWELVE_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])\.?[Mm]\.?")


def clean(text: str) -> str:
    return _SURROGATES.sub("", _UNSAFE.sub("", text))


def one_line(text: str, *, limit: int = TITLE) -> str:
    """Text without markup on one line: titles and names go into headers of e-mails."""
    folded = " ".join(text_of_html(text[: limit * 20]).split())
    return clean(folded)[:limit].strip()


def notes(text: str) -> str:
    return clean(text_of_html(text))[:NOTES]


def link(address: str, *, base: str) -> str:
    """An absolute http address, else ""."""
    address = clean("".join(address[: ADDRESS * 2].split()))
    if not address:
        return ""
    try:
        absolute = urljoin(base, address)
        parts = urlsplit(absolute)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return absolute if is_http and len(absolute) <= ADDRESS else ""


def language(code: str) -> str:
    code = code.strip().lower().replace("_", "-")[:16]
    return code if _LANGUAGE.fullmatch(code) else ""


def media_type(value: str) -> str:
    return clean(value.partition(";")[0].strip().lower())[:100]


def guid(own: str, *, audio_url: str, title: str, date: dt.datetime | None, link: str) -> str:
    """What tells an episode from the others of its feed, for ever; "" where nothing does."""
    dated = f"{title}|{date.isoformat()}" if title and date else ""
    return guid_form(clean(own.strip()) or audio_url or dated or link or title)


def guid_form(found: str) -> str:
    """As it is kept: what is longer than anybody's guid by its hash."""
    return found if len(found) <= GUID else "sha256:" + hashlib.sha256(found.encode()).hexdigest()


def date(value: str) -> dt.datetime | None:
    """A date as feeds write them, in UTC; None for what is none, or lies outside 1970-2100."""
    value = " ".join(value[:100].split())
    if not value:
        return None
    found = _rfc_date(value) or _iso_date(value)
    if found is None:
        return None
    try:
        found = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
    return found if 1970 <= found.year <= 2100 else None


def _rfc_date(value: str) -> dt.datetime | None:
    # The weekday is often wrong or in another language, and tells nothing.
    value = _TWELVE_HOURS.sub(_to_24_hours, _MONTH.sub(_in_english, _WEEKDAY.sub("", value), count=1))
    for attempt in (value, _ZONE.sub("", value)):  # a zone such as -3000 is no zone; the day is right all the same
        try:
            return parsedate_to_datetime(attempt)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _in_english(found: re.Match[str]) -> str:
    month = found[0].lower()
    if month.startswith("juil"):
        return "Jul"
    return _ENGLISH_MONTHS.get(month[:3], found[0])


def _to_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[4] in "pP" else 0)
    return f"{hour:02}:{found[2]}:{found[3] or '00'}"


def _iso_date(value: str) -> dt.datetime | None:
    found = _ISO_DATE.match(value)
    if not found:
        return None
    year, month, day = (int(part) for part in found[1].split("-"))
    hour, minute, second = (int(part) for part in ((found[2] or "0:0") + ":0").split(":")[:3])
    try:
        zone = dt.datetime.strptime(found[3], "%z").tzinfo if found[3] else dt.UTC
        return dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except ValueError:
        return None


def duration(value: str) -> int | None:
    """Seconds from "3600", "60:00", "1:00:00" or "3600.5"; None for anything else."""
    parts = value.strip()[:20].split(":")
    if not 1 <= len(parts) <= 3:
        return None
    try:
        numbers = [float(part or 0) for part in parts]
        seconds = sum(number * 60**place for place, number in enumerate(reversed(numbers)))
    except ValueError:
        return None
    return round(seconds) if 0 < seconds <= LONGEST_EPISODE else None


def is_yes(value: str) -> bool:
    return value.strip().lower() in ("yes", "true", "1")


def minutes(value: str) -> int | None:
    value = value.strip()[:8]
    return int(value) if value.isascii() and value.isdigit() and int(value) > 0 else None
