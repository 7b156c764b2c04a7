"""Measures which stretches are taken for advertisement: python -m benchmarks.advertisements PATH-TO-LABELLED-DATA

An editor called some stretches advertisement (`labels`, by number of `units`); what the editor marked with 1 and more
is worth reading and must not be lost. The others were not judged.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.tables import print_table
from feeds.reading.transcripts.advertisements import advertisements
from feeds.reading.transcripts.segments import Segment

ADVERTISEMENT, WORTH_READING, UNJUDGED = "called advertisement", "marked 1 to 3", "neither"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", action="store_true", help="print what is taken and what is missed")
    args = parser.parse_args()
    counts: Counter[tuple[str, bool]] = Counter()
    for file in sorted((args.data / "labels").glob("*.json")):
        label = json.loads(file.read_text())
        units = json.loads((args.data / "units" / file.name).read_text())["units"]
        taken = advertisements([Segment(unit["text"], unit["speaker"]) for unit in units])
        for number, is_taken in enumerate(taken):
            kind = _kind(label, number)
            counts[kind, is_taken] += 1
            if args.show and is_taken != (kind == ADVERTISEMENT):
                print(kind, "taken" if is_taken else "missed", units[number]["text"][:160], sep=" | ")
    rows = [
        (kind, _cells(counts[kind, True], counts[kind, False])) for kind in (ADVERTISEMENT, WORTH_READING, UNJUDGED)
    ]
    print_table("Stretches of labelled episodes", ("stretches", "taken for advertisement"), rows)


def _kind(label: dict[str, Any], number: int) -> str:
    if any(one["unit"] == number and one["why"] == "ad" for one in label.get("hard_negatives", ())):
        return ADVERTISEMENT
    return WORTH_READING if label["scores"].get(str(number), 0) >= 1 else UNJUDGED


def _cells(taken: int, left: int) -> tuple[str, str]:
    return str(taken + left), f"{taken / max(1, taken + left):.1%} ({taken})"


if __name__ == "__main__":
    main()
