"""Which page of this site a visitor came from, as far as a form may say so: anything else would be an open redirect."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def own_page(path: str, *, otherwise: str) -> str:
    """`path` if it is a path on this site, else `otherwise`."""
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_own else otherwise
