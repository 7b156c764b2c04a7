"""Pure: the values of a feed's fields, each forgiving and bounded."""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from feeds.reading.markup import text_of_html

FEED_TITLE = 300
TITLE = 500
GUID = 500
HASHED = "sha256:"
ADDRESS = 2000
NOTES = 20_000
LONGEST_EPISODE = 7 * 24 * 3600
# The title of an episode that has none.
UNTITLED = "Untitled"

# Controls, and what reorders or hides the text around it.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
# A line break in an attribute comes as a space, and its indentation as more of them.
_BREAK = re.compile(r"\s*[\r\n\t]\s*|\s{2,}")
_BROKEN_SCHEME = re.compile(r"[^/?#:]*\s[^/?#:]*:")
_RECORDED = re.compile(r"\.(?:mp3|m4a|m4b|mp4|m4v|mov|aac|ogg|oga|opus|wav|flac|webm|wma|m3u8?)$", re.IGNORECASE)
_OTHER = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|ico|avif|pdf|epub|mobi|docx?|txt|html?|xml|json|vtt|srt|zip|torrent)$",
    re.IGNORECASE,
)
_OTHER_TYPES = {"application/pdf", "application/epub+zip", "application/zip", "application/json", "application/msword"}
_NOT_A_RECORDING = 3
_SURROGATES = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_ISO_DATE = re.compile(
    r"(\d{4})(-?)(\d{1,2})\2(\d{1,2})(?:[Tt ]+(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?"
)
_UNIX = re.compile(r"\d{9,10}(?:\d{3})?")
# “8 October 2013”, “Oct 8, 2013 6:30 pm”, “08 Sept 2013”: as RFC 2822 has it, the time of day may be left out.
_MONTH_FIRST = re.compile(r"^(?:[^\W\d_]{2,12}\.?,? )?([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (?=\d{4})")
_DASHED = re.compile(r"^(\d{1,2})-([^\W\d_]{3,10})-(?=\d{2})")
_TIME = re.compile(r"\d{1,2}:\d{2}")
_AFTER_THE_DAY = re.compile(r"(\d{4})(?!\d)")
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d{2}))?\b")
_MIDNIGHT = re.compile(r"\b24:00(?::00)?\b")
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
    """An absolute http address, else ""; written over several lines it is put together, and spaces inside count."""
    address = clean(_BREAK.sub("", address[: ADDRESS * 2].strip()))
    if not address or _BROKEN_SCHEME.match(address):
        return ""
    try:
        absolute = urljoin(base, address.replace(" ", "%20"))
        parts = urlsplit(absolute)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname) and "%20" not in parts.netloc
    except ValueError:
        return ""
    return absolute if is_http and len(absolute) <= ADDRESS else ""


def language(code: str) -> str:
    code = code.strip().lower().replace("_", "-")[:16]
    return code if _LANGUAGE.fullmatch(code) else ""


def media_type(value: str) -> str:
    return clean(value.partition(";")[0].strip().lower())[:100]


def recording(offered: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Address and type of the recording among what an item encloses, each as such a pair; a picture is none."""
    ranked = sorted((one for one in offered if _rank(one) < _NOT_A_RECORDING), key=_rank)
    return ranked[0] if ranked else ("", "")


def _rank(offered: tuple[str, str]) -> int:
    """The type decides, then the name of the file; what says neither may be a recording."""
    address, kind = offered
    if kind.startswith(("audio/", "video/")):
        return 0
    if _RECORDED.search(urlsplit(address).path):
        return 1
    is_other = kind.startswith(("image/", "text/", "font/")) or kind in _OTHER_TYPES
    return _NOT_A_RECORDING if is_other or _OTHER.search(urlsplit(address).path) else 2


def guid(own: str, *, audio_url: str, title: str, date: dt.datetime | None, link: str) -> str:
    """What tells an episode from the others of its feed, for ever; "" where nothing does."""
    dated = f"{title}|{date.isoformat()}" if title and date else ""
    return guid_form(clean(own.strip()) or audio_url or dated or link or title)


def guid_form(found: str) -> str:
    """As it is kept: what is longer than anybody's guid by its hash."""
    return found if len(found) <= GUID else HASHED + hashlib.sha256(found.encode()).hexdigest()


def date(value: str) -> dt.datetime | None:
    """A date as feeds write them, in UTC; None for what is none, or lies outside 1970-2100."""
    value = " ".join(value[:100].split())
    if not value:
        return None
    try:
        found = _rfc_date(value) or _iso_date(value) or _unix_date(value)
        if found is None:
            return None
        found = (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
    return found if 1970 <= found.year <= 2100 else None


def _rfc_date(value: str) -> dt.datetime | None:
    # The weekday is often wrong or in another language, and tells nothing.
    value = _DASHED.sub(r"\1 \2 ", _WEEKDAY.sub("", _MONTH_FIRST.sub(r"\2 \1 ", value)))
    value = _TWELVE_HOURS.sub(_to_24_hours, _MONTH.sub(_in_english, value, count=1))
    if not _TIME.search(value):
        value = _AFTER_THE_DAY.sub(r"\1 00:00:00", value, count=1)
    value = _OFFSET.sub(_to_digits, value)
    earlier = _MIDNIGHT.sub("00:00:00", value)
    days = dt.timedelta(days=int(earlier != value))
    for attempt in (earlier, _ZONE.sub("", earlier)):  # a zone such as -3000 is no zone; the day is right all the same
        try:
            return parsedate_to_datetime(attempt) + days
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _to_digits(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]:0>2}{found[3] or '00'}"


def _in_english(found: re.Match[str]) -> str:
    month = found[0].lower()
    if month.startswith("juil"):
        return "Jul"
    return _ENGLISH_MONTHS.get(month[:3], found[0][:3])


def _to_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[4] in "pP" else 0)
    return f"{hour:02}:{found[2]}:{found[3] or '00'}"


def _iso_date(value: str) -> dt.datetime | None:
    found = _ISO_DATE.match(value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(found[place] or 0) for place in (1, 3, 4, 5, 6, 7))
    try:
        zone = dt.datetime.strptime(found[8].upper(), "%z").tzinfo if found[8] else dt.UTC
        midnight = dt.datetime(year, month, day, tzinfo=zone)
    except ValueError:
        return None
    if (hour, minute, second) > (24, 0, 0) or minute > 59:
        return None
    return midnight + dt.timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _unix_date(value: str) -> dt.datetime | None:
    if not _UNIX.fullmatch(value):
        return None
    return dt.datetime.fromtimestamp(int(value[:10] if len(value) >= 12 else value), dt.UTC)


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
