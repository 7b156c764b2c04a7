"""All that the editor could print of the passages: python -m benchmarks.writing.list_offers FOLDER OUT.jsonl [--all]

Of shows that something may be learned from, unless --all is given. A line an offer: key, show, headline, text,
features, and its mark where somebody read it (`benchmarks/data/offer_marks.json`: P publish, B fit to print but of
no worth,
T the text alone is fit, H the headline alone, N neither; kept by fingerprint, no word of it).
"""

import argparse
import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

from benchmarks.writing.corpus import KEPT_APART, Pair, read_pairs
from feeds.reading.insights.editor.features import features
from feeds.reading.insights.editor.network import answers_for, editor_network
from feeds.reading.insights.editor.offers import offers
from feeds.reading.insights.editor.sequence import token_row
from feeds.reading.insights.editor.writer import faultless, material_of
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writing import PassageToPrint

MARKS = Path(__file__).parents[1] / "data" / "offer_marks.json"


def fingerprint(headline: str, text: str) -> str:
    return sha256(f"{headline}\n{text}".encode()).hexdigest()[:16]


def offers_of(pair: Pair, marks: dict[str, str]) -> Iterator[dict[str, Any]]:
    context = EpisodeContext(show=pair.show, title=pair.episode, guests=pair.guests)
    passage = PassageToPrint(text=pair.passage, speaker=pair.speaker, before=pair.before, after=pair.after)
    read = material_of(passage, context)
    answers = answers_for(token_row(read), editor_network())
    for offer in faultless(offers(read, answers), passage=passage, context=context):
        seen = [round(float(value), 4) for value in features(offer, read, answers)]
        row = {"key": pair.key, "show": pair.show, "headline": offer.headline, "text": offer.text, "features": seen}
        mark = marks.get(fingerprint(offer.headline, offer.text))
        yield {**row, "mark": mark} if mark else row


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    marks = json.loads(MARKS.read_text())
    with options.out.open("w", encoding="utf-8") as lines:
        for pair in read_pairs(options.folder / "pairs.jsonl").values():
            if options.all or pair.show not in KEPT_APART:
                lines.writelines(json.dumps(row) + "\n" for row in offers_of(pair, marks))


if __name__ == "__main__":
    main()
