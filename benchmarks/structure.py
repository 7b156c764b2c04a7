"""The house as its imports draw it: rooms, arrows, floors, circles; each figure beside its limit.

    python -m benchmarks.structure

A room is a module or folder directly inside a package; an arrow, that one room imports another; a floor, how far a
room stands above those that import nothing.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.tables import print_table  # noqa: E402

PACKAGES = ("config", "accounts", "feeds", "briefs")
MOST_MODULES_IN_A_FOLDER = 20
LARGEST_SHARE_OF_A_ROOM = 0.30
MOST_ROOMS, MOST_ARROWS = 15, 25

Graph = Mapping[str, frozenset[str]]


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name, migrations left out."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def imports_of(module: str) -> frozenset[str]:
    """The dotted names that a module imports, wherever in it; in `from a import b` a.b, where that is a module."""
    tree = ast.parse(modules()[module].read_text())
    return frozenset(name for node in ast.walk(tree) for name in _imported(node, module))


def _imported(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module} imports relatively"
        origin = node.module or ""
        for alias in node.names:
            within = f"{origin}.{alias.name}"
            yield within if within in modules() else origin


def own_imports_of(module: str) -> set[str]:
    return {name for name in imports_of(module) if name in modules()} - {module}


def rooms(package: str) -> Graph:
    """The arrows between the rooms of a package's top floor."""
    members = [name for name in modules() if name.startswith(f"{package}.")]
    arrows: dict[str, set[str]] = {_room(name): set() for name in members}
    for name in members:
        inside = {_room(other) for other in own_imports_of(name) if other.startswith(f"{package}.")}
        arrows[_room(name)] |= inside - {_room(name)}
    return {room: frozenset(others) for room, others in arrows.items()}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def circles(graph: Graph) -> list[list[str]]:
    """The groups in which each reaches every other, largest first (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            group = stack[at:]
            del stack[at:]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return sorted(found, key=len, reverse=True)


def import_graph() -> Graph:
    return {name: frozenset(own_imports_of(name)) for name in modules()}


def floors(graph: Graph) -> int:
    """How many storeys a graph without circles has."""

    @functools.cache
    def height(node: str) -> int:
        return 1 + max((height(other) for other in graph[node]), default=0)

    return max((height(node) for node in graph), default=0)


def lines(prefix: str) -> int:
    """Of all modules at or below the dotted name."""
    paths = [path for name, path in modules().items() if name == prefix or name.startswith(f"{prefix}.")]
    return sum(len(path.read_text().splitlines()) for path in paths)


def modules_beside_each_other() -> dict[Path, int]:
    counts: dict[Path, int] = {}
    for path in modules().values():
        if path.name != "__init__.py":
            counts[path.parent] = counts.get(path.parent, 0) + 1
    return counts


def share_of_rooms() -> dict[str, float]:
    """Each folder directly inside a package, as a share of the lines of all packages."""
    whole = sum(lines(package) for package in PACKAGES)
    folders = {_room(name) for name in modules() if name.count(".") > 1}
    return {room: lines(room) / whole for room in folders}


def _row(package: str) -> list[str]:
    graph = rooms(package)
    storeys = "a circle" if circles(graph) else str(floors(graph))
    return [str(len(graph)), str(sum(map(len, graph.values()))), storeys, f"{lines(package):,}"]


def main() -> None:
    columns = [f"rooms (most {MOST_ROOMS})", f"arrows (most {MOST_ARROWS})", "floors", "lines"]
    print_table("Structure", columns, [(package, _row(package)) for package in PACKAGES])
    folder, beside = max(modules_beside_each_other().items(), key=lambda one: one[1])
    room, share = max(share_of_rooms().items(), key=lambda one: one[1])
    print(f"most modules in a folder: {beside} in {folder.relative_to(ROOT)} (limit {MOST_MODULES_IN_A_FOLDER})")
    print(f"largest room: {room}, {share:.1%} of all lines (limit {LARGEST_SHARE_OF_A_ROOM:.0%})")
    print(f"circles of imports: {circles(import_graph()) or 'none'}")


if __name__ == "__main__":
    main()
