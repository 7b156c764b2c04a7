"""How the commands read what is typed after an option; what cannot be meant is refused in words."""

import datetime as dt
from argparse import ArgumentTypeError
from collections.abc import Callable

# Clocks are added to and taken from: the ends of what a datetime can hold are no use to anybody.
_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)


def moment(text: str) -> dt.datetime:
    """An ISO date and time; UTC where it names no offset."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no ISO date and time, such as 2026-11-23T07:00Z") from error
    _refuse_other_ages(found.date())
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no ISO date, such as 2026-11-23") from error
    _refuse_other_ages(found)
    return found


def at_least(least: int) -> Callable[[str], int]:
    """The reader of a whole number that is not below `least`."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or int(text[:18]) < least:
            raise ArgumentTypeError(f"“{text}” is not a whole number of {least} or more")
        return int(text[:18])

    return number


def _refuse_other_ages(found: dt.date) -> None:
    if not _EARLIEST <= found < _LATEST:
        raise ArgumentTypeError(f"{found} is not between {_EARLIEST.year} and {_LATEST.year}")
