"""The names of languages, each in itself, as its readers know it. Pure."""

from __future__ import annotations

from django.conf.locale import LANG_INFO


def language_name(code: str) -> str:
    info = LANG_INFO.get(code) or {}
    return str(info.get("name_local") or code).capitalize()
