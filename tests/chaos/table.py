"""What the chaos tests came to, as a table: invariant, test, seeds, violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sized
from typing import cast

import pytest

# What a report carries of it, also out of another process.
JUDGED = "judged"


class Judge:
    """Counts what spoke against each invariant; the test fails in the end if anything did."""

    def __init__(self, note: Callable[[str, object], None]) -> None:
        self._note = note
        self.against: dict[str, object] = {}

    def __call__(self, invariant: str, violations: Sized) -> None:
        self._note(JUDGED, [invariant, len(violations)])
        if violations:
            self.against[invariant] = violations


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seeds: Counter[tuple[str, str]] = Counter()
    violations: Counter[tuple[str, str]] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if "chaos" in report.keywords and (report.when == "call" or report.failed):
                for invariant, number in _judged(report):
                    seeds[invariant, _test(report)] += 1
                    violations[invariant, _test(report)] += number
    if seeds:
        terminalreporter.section("invariants")
        terminalreporter.write_line(f"{'violations':>10} {'seeds':>6}  invariant ← test")
    for (invariant, test), number in sorted(seeds.items()):
        terminalreporter.write_line(f"{violations[invariant, test]:>10} {number:>6}  {invariant} ← {test}")


def _judged(report: pytest.TestReport) -> list[tuple[str, int]]:
    """A test that names no invariant is one; one that broke off in the middle violated what it did not come to."""
    judged = [cast("tuple[str, int]", value) for name, value in report.user_properties if name == JUDGED]
    is_judged = any(number for _, number in judged)
    whole = [] if judged and (report.passed or is_judged) else [(_sentence(report), int(report.failed))]
    return [*judged, *whole]


def _sentence(report: pytest.TestReport) -> str:
    name = report.location[2].partition("[")[0].rpartition(".")[2]
    return name.removeprefix("test_").replace("_", " ")


def _test(report: pytest.TestReport) -> str:
    return report.location[0].removeprefix("tests/")
