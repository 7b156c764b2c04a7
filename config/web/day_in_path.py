"""`<day:…>` in a URL pattern: 2026-11-23 as a date; a day that never was is no match."""

from __future__ import annotations

import datetime as dt

from django.urls import register_converter


class _DayConverter:
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(_DayConverter, "day")
