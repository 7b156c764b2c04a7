"""Time zones as people name them: every IANA name, and the big cities that have none of their own. Pure."""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
import zoneinfo
from pathlib import Path


def _version() -> str:
    files = (Path(folder, "tzdata.zi") for folder in zoneinfo.TZPATH)
    found = next((file for file in files if file.exists()), None)
    first = found.read_text().partition("\n")[0] if found else ""
    return first.removeprefix("# version ") if first.startswith("# version ") else ""


# Such as “2026b”; empty where the database does not say. Read once: a process keeps the zones that it has loaded.
DATABASE_VERSION = _version()

# Cities that people look for under their own name.
_CITIES = {
    "Abuja": "Africa/Lagos",
    "Abu Dhabi": "Asia/Dubai",
    "Ankara": "Europe/Istanbul",
    "Atlanta": "America/New_York",
    "Austin": "America/Chicago",
    "Barcelona": "Europe/Madrid",
    "Basel": "Europe/Zurich",
    "Beijing": "Asia/Shanghai",
    "Bengaluru": "Asia/Kolkata",
    "Bern": "Europe/Zurich",
    "Birmingham": "Europe/London",
    "Boston": "America/New_York",
    "Brasília": "America/Sao_Paulo",
    "Calgary": "America/Edmonton",
    "Canberra": "Australia/Sydney",
    "Cape Town": "Africa/Johannesburg",
    "Chennai": "Asia/Kolkata",
    "Cologne": "Europe/Berlin",
    "Dallas": "America/Chicago",
    "Delhi": "Asia/Kolkata",
    "Doha": "Asia/Qatar",
    "Edinburgh": "Europe/London",
    "Frankfurt": "Europe/Berlin",
    "Geneva": "Europe/Zurich",
    "Glasgow": "Europe/London",
    "Gothenburg": "Europe/Stockholm",
    "Guangzhou": "Asia/Shanghai",
    "Hamburg": "Europe/Berlin",
    "Hanoi": "Asia/Ho_Chi_Minh",
    "Houston": "America/Chicago",
    "Hyderabad": "Asia/Kolkata",
    "Islamabad": "Asia/Karachi",
    "Kyiv": "Europe/Kyiv",
    "Kyoto": "Asia/Tokyo",
    "Krakow": "Europe/Warsaw",
    "Lahore": "Asia/Karachi",
    "Las Vegas": "America/Los_Angeles",
    "Lyon": "Europe/Paris",
    "Manchester": "Europe/London",
    "Marseille": "Europe/Paris",
    "Miami": "America/New_York",
    "Milan": "Europe/Rome",
    "Minneapolis": "America/Chicago",
    "Montreal": "America/Toronto",
    "Mumbai": "Asia/Kolkata",
    "Munich": "Europe/Berlin",
    "Naples": "Europe/Rome",
    "New Delhi": "Asia/Kolkata",
    "Osaka": "Asia/Tokyo",
    "Ottawa": "America/Toronto",
    "Philadelphia": "America/New_York",
    "Porto": "Europe/Lisbon",
    "Portland": "America/Los_Angeles",
    "Pretoria": "Africa/Johannesburg",
    "Rio de Janeiro": "America/Sao_Paulo",
    "Rotterdam": "Europe/Amsterdam",
    "San Diego": "America/Los_Angeles",
    "San Francisco": "America/Los_Angeles",
    "Seattle": "America/Los_Angeles",
    "Seville": "Europe/Madrid",
    "Shenzhen": "Asia/Shanghai",
    "St. Petersburg": "Europe/Moscow",
    "Stuttgart": "Europe/Berlin",
    "Tel Aviv": "Asia/Jerusalem",
    "The Hague": "Europe/Amsterdam",
    "Turin": "Europe/Rome",
    "Valencia": "Europe/Madrid",
    "Washington, D.C.": "America/New_York",
    "Wellington": "Pacific/Auckland",
}


@dataclasses.dataclass(frozen=True)
class Place:
    city: str
    zone: str


@functools.cache
def names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def places() -> tuple[Place, ...]:
    """Every zone by its city, and the cities without a zone of their own, in the order of the alphabet."""
    zones = [Place(name.rpartition("/")[2].replace("_", " "), name) for name in names()]
    extra = [Place(city, zone) for city, zone in _CITIES.items() if zone in names()]
    return tuple(sorted(zones + extra, key=lambda place: (_plain(place.city), place.zone)))


def find(typed: str) -> str | None:
    """Return the zone of a name or a city, whatever its case and accents; None if there is none."""
    wanted = _plain(typed.strip())
    return _by_name().get(wanted) or _by_city().get(wanted.replace("_", " "))


@functools.cache
def _by_name() -> dict[str, str]:
    return {_plain(name): name for name in names()}


@functools.cache
def _by_city() -> dict[str, str]:
    return {_plain(place.city): place.zone for place in places()}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
