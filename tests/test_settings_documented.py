"""Each setting that the environment may give is explained in README and stands in .env.example."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not settings of the product: where .env itself lies.
INTERNAL = {"ENV_FILE"}


def settings_read() -> set[str]:
    """First arguments of env("NAME"), env.bool("NAME") …"""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_env(node.func)]
    names = {ast.literal_eval(call.args[0]) for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    return names - INTERNAL


def _is_env(function: ast.expr) -> bool:
    name = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(name, ast.Name) and name.id == "env"


def example() -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_the_example_holds_every_setting_and_no_other() -> None:
    assert example() == settings_read()


def test_readme_explains_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    assert {name for name in settings_read() if f"`{name}`" not in readme} == set()
