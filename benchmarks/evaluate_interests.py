"""Free-text interests at their floor: python -m benchmarks.evaluate_interests PATH-TO-LABELLED-DATA

The judgements (benchmarks/data/interest_grades.json) are of each interest's nine nearest insights: 1 where a reader who
asked for this would be glad of it.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.labelled_insights import labelled_insights
from benchmarks.tables import print_table
from briefs.choosing.interest_match import FLOOR, EmbeddedInterest, match, parse_interest
from feeds.reading.embeddings import LocalEmbedder, embedding_text

GRADES = Path(__file__).parent / "data" / "interest_grades.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    embedder = LocalEmbedder(directory=args.models, threads=1)
    texts = {i.id: embedding_text(i.headline, i.text) for i in labelled_insights(args.data)}
    right, shown, wanted, bluffs, empty = 0, 0, 0, 0, 0
    grades: dict[str, dict[str, int]] = json.loads(GRADES.read_text())
    for interest, judged in grades.items():
        candidates = [texts[insight] for insight in judged]
        passes = match(embed_interest(interest, embedder), embedder.embed(candidates), candidates) > 0
        belongs = np.array(list(judged.values())) == 1
        right, shown, wanted = right + (passes & belongs).sum(), shown + passes.sum(), wanted + belongs.sum()
        empty += not belongs.any()
        bluffs += bool(passes.any() and not belongs.any())
    print_table(
        f"Interests in free text: {len(grades)}, {empty} of them with nothing to find; their nearest insights judged",
        ["precision", "recall", "shown where nothing belongs"],
        [(f"at the floor, {FLOOR:.2f}", [f"{right / shown:.2f}", f"{right / wanted:.2f}", f"{bluffs} of {empty}"])],
    )


def embed_interest(text: str, embedder: LocalEmbedder) -> EmbeddedInterest:
    words = parse_interest(text)
    (wanted,) = embedder.embed([words.wanted])
    return EmbeddedInterest(words, wanted, embedder.embed(words.unwanted))


if __name__ == "__main__":
    main()
