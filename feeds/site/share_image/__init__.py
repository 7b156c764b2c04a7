"""The picture that stands for an insight where its link is shared: headline, line, tick and source, as a PNG.

Drawn as SVG and rasterised here, since the readers of og:image take no SVG.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import resvg_py
from django.core.cache import caches
from django.template.loader import render_to_string

from feeds.models import Insight
from feeds.reading.timeline import episode_line
from feeds.reading.typography import curled
from feeds.site.share_image.lines import set_headline

WIDTH, HEIGHT = 1200, 630

_FONTS = [str(Path(__file__).parent / name) for name in ("claim.ttf", "claim-ext.ttf", "label.ttf")]
# XML knows no way to write these, escaped or not.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def share_image(insight: Insight) -> bytes:
    """A PNG of 1200 by 630 pixels, drawn once a day and host."""
    episode = insight.episode
    context = {
        "headline": set_headline(curled(_clean(insight.title))),
        "line": episode_line(insight.start, episode.duration_seconds, is_approximate=insight.start_is_approximate),
        "speaker": _clean(insight.speaker),
        "show": _shortened(_clean(episode.feed.title), 64 - len(insight.speaker[:40])),
    }
    drawing = render_to_string("feeds/share.svg", context)
    pictures = caches["pictures"]
    name = f"{insight.pk}-{hashlib.sha256(drawing.encode()).hexdigest()}"
    if (kept := pictures.get(name)) is not None:
        return bytes(kept)
    picture = _rasterised(drawing)
    pictures.set(name, picture)
    return picture


def _rasterised(drawing: str) -> bytes:
    found = resvg_py.svg_to_bytes(
        svg_string=drawing, font_files=_FONTS, skip_system_fonts=True, width=WIDTH, height=HEIGHT
    )
    return bytes(found)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", " ".join(text.split()))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
