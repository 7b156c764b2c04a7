"""How many of an editor's own texts the gate's rules let through, and which rules stop the others.

    python -m benchmarks.gate.pass_rate FOLDER

FOLDER holds pairs.jsonl and edits.jsonl. What stops an editor's text is either the editor's fault or the rule's.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.gate.corpus import EditedText, edited_texts
from benchmarks.tables import print_table
from feeds.reading.insights.gate.rules import Fault, faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    texts = edited_texts(parser.parse_args().folder)
    found = [faults_of(text) for text in texts]
    held_out = [text.is_held_out for text in texts]
    print_table(
        "The editor's texts",
        ("texts", "pass the rules"),
        [
            ("shows left out", _row([one for one, is_out in zip(found, held_out, strict=True) if is_out])),
            ("other shows", _row([one for one, is_out in zip(found, held_out, strict=True) if not is_out])),
        ],
    )
    stopped = Counter(kind for one in found for kind in {fault.kind for fault in one})
    print_table("Stopped for", ("texts",), [(kind.value, (str(count),)) for kind, count in stopped.most_common()])


def _row(found: Sequence[Sequence[Fault]]) -> tuple[str, str]:
    return str(len(found)), f"{sum(not one for one in found) / max(1, len(found)):.1%}"


def faults_of(text: EditedText) -> list[Fault]:
    return faults(
        headline=text.headline,
        text=text.text,
        passage=text.passage,
        before=text.before,
        after=text.after,
        context=text.context,
        speaker=text.speaker,
    )


if __name__ == "__main__":
    main()
