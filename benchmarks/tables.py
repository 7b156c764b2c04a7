"""Figures as tables that read well in a terminal and as Markdown."""

from collections.abc import Iterable, Sequence


def print_table(title: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> None:
    """A row is its name and one cell a column."""
    lines = [["", *columns], *([name, *cells] for name, cells in rows)]
    name_width, *widths = (max(map(len, column)) for column in zip(*lines, strict=True))
    rule = ["-" * name_width, *("-" * (width - 1) + ":" for width in widths)]
    print(f"{title}\n")
    for line in (lines[0], rule, *lines[1:]):
        cells = [line[0].ljust(name_width), *(cell.rjust(width) for cell, width in zip(line[1:], widths, strict=True))]
        print(f"| {' | '.join(cells)} |")
    print()
