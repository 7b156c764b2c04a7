"""What gate and verifier let through together, of an editor's texts and of corrupted ones, on shows left out.

    python -m benchmarks.gate.end_to_end FOLDER

FOLDER holds pairs.jsonl and edits.jsonl. The verifier's own figures are taken on those of the editor's texts that the
rules let through, as those whose names and numbers are known to be faithful.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.gate.corpus import edited_texts
from benchmarks.gate.corruptions import CHANGES, NEIGHBOUR
from benchmarks.gate.figures import print_figures
from benchmarks.gate.pass_rate import faults_of
from benchmarks.gate.rows import OWN, Example, examples
from benchmarks.tables import print_table
from feeds.reading.insights.gate.verifier import EDITED, LEAST_FAITHFUL, verifier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    texts = edited_texts(parser.parse_args().folder)
    held_out = [text for text in texts if text.is_held_out]
    found = list(examples(held_out, others=texts, changes=len(CHANGES)))
    clean = [not faults_of(one.text) for one in found]
    faithful = [verifier().faithfulness(one.found) >= LEAST_FAITHFUL for one in found]
    kinds = (OWN, NEIGHBOUR, *CHANGES)
    columns = ("texts", "pass the rules", "pass the verifier", "pass both")
    rows = [(kind, _cells([one.kind == kind for one in found], clean, faithful)) for kind in kinds]
    changed = [one.kind not in (OWN, NEIGHBOUR) for one in found]
    print_table("Shows left out", columns, [*rows, ("all changes of one thing", _cells(changed, clean, faithful))])
    _print_verifier([one for one, is_clean in zip(found, clean, strict=True) if is_clean])


def _print_verifier(found: Sequence[Example]) -> None:
    suspicions = np.array([verifier().suspicion(one.found) for one in found])
    print_figures([one.kind for one in found], suspicions, [one.found.kept >= EDITED for one in found])


def _cells(chosen: Sequence[bool], clean: Sequence[bool], faithful: Sequence[bool]) -> list[str]:
    picked = [(c, f) for is_in, c, f in zip(chosen, clean, faithful, strict=True) if is_in]
    shares = (
        sum(c for c, _ in picked), sum(f for _, f in picked), sum(c and f for c, f in picked)
    )  # fmt: skip
    return [str(len(picked)), *(f"{share / max(1, len(picked)):.1%}" for share in shares)]


if __name__ == "__main__":
    main()
