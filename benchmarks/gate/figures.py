"""How well suspicion tells texts from their corruptions: ROC, and what passes where nine in ten of the editor's do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.gate.corruptions import CHANGES, NEIGHBOUR
from benchmarks.gate.rows import OWN
from benchmarks.tables import print_table

EDITORS_ACCEPTED = 0.9
_POINTS = (0.5, 0.7, 0.8, 0.9, 0.95)
ALL_CHANGES = "all changes of one thing"
Doubles = NDArray[np.float64]


def print_figures(kinds: Sequence[str], suspicions: Doubles, is_edit: Sequence[bool]) -> None:
    """One table for texts made by editing, and one for texts written freely."""
    for title, wanted in (("Texts made by light edits", True), ("Texts written freely", False)):
        # A neighbour's text keeps few words whatever it was made by; it counts against both kinds.
        chosen = np.array([edit is wanted or kind == NEIGHBOUR for kind, edit in zip(kinds, is_edit, strict=True)])
        _print_kind(title, np.array(kinds)[chosen], suspicions[chosen])


def _print_kind(title: str, kinds: NDArray[np.str_], suspicions: Doubles) -> None:
    own = suspicions[kinds == OWN]
    rows = [(kind, suspicions[kinds == kind]) for kind in (NEIGHBOUR, *CHANGES)]
    changed = suspicions[(kinds != OWN) & (kinds != NEIGHBOUR)]
    columns = ("texts", "ROC", *(f"at {point:.0%}" for point in _POINTS))
    print_table(
        f"{title}: false accepts where so many of the editor's {len(own)} are accepted",
        columns,
        [(kind, _cells(own, found)) for kind, found in [*rows, (ALL_CHANGES, changed)] if len(found)],
    )


def _cells(own: Doubles, found: Doubles) -> list[str]:
    roc = float((own[:, None] < found[None, :]).mean())
    passing = [(found <= np.quantile(own, point)).mean() for point in _POINTS]
    return [str(len(found)), f"{roc:.3f}", *(f"{share:.1%}" for share in passing)]
