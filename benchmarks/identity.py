"""Publishers that change one thing after another, and how often their episodes are taken for one another.

    python -m benchmarks.identity [HISTORIES]

Beside the decisions in `feeds/polling/identity.py` stands what most readers do: an item is its guid, else its address.
"""

import sys
import time
from collections import Counter

from feeds.polling.identity import matched
from tests.feeds.polling.made_up_publisher import Match, by_guid, history

MISTAKES = ("lost", "doubled", "under a foreign title", "under another recording")


def main(histories: int) -> None:
    print(f"{histories} histories of twelve polls")
    print(f"{'':<12}" + "".join(f"{name:>26}" for name in MISTAKES) + f"{'seconds':>10}")
    for name, match in {"identity": matched, "guid alone": by_guid}.items():
        started = time.monotonic()
        wrong = _mistakes(histories, match)
        counts = "".join(f"{wrong[mistake]:>26}" for mistake in MISTAKES)
        print(f"{name:<12}{counts}{time.monotonic() - started:>10.0f}")


def _mistakes(histories: int, match: Match) -> Counter[str]:
    return sum((history(seed, match=match) for seed in range(histories)), Counter[str]())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
