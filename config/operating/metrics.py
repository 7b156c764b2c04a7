"""The figures as Prometheus reads them: its text format, which is lines of a name, labels and a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from config.operating.figures import Figures


def exposition(figures: Figures) -> str:
    now = figures.now
    families: list[tuple[str, str, Mapping[str, float]]] = [
        ("overheard_night", "of the last 24 hours, by what is counted", _numbers(asdict(figures.night))),
        ("overheard_subscribers", "who receive a brief", {"": figures.subscribers}),
        ("overheard_waiting", "due and not done, by queue", {n: one.waiting for n, one in figures.backlog.items()}),
        (
            "overheard_oldest_seconds",
            "for how long the oldest of a queue has been due",
            {name: int(one.age(now).total_seconds()) for name, one in figures.backlog.items()},
        ),
        ("overheard_to_look_at", "to be decided or repaired, by kind", _numbers(figures.counts)),
        ("overheard_refusals", "mail refused in 24 hours, by kind", _numbers(figures.refusals)),
        ("overheard_fenced", "1 while nothing is sent from a restored database", {"": float(bool(figures.fence))}),
    ]
    return "".join(line for name, meaning, values in families for line in _family(name, meaning, values))


def _family(name: str, meaning: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}\n# TYPE {name} gauge\n"
    for kind, value in values.items():
        label = f'{{kind="{kind}"}}' if kind else ""
        yield f"{name}{label} {value:g}\n" if value < 1e6 else f"{name}{label} {value:.0f}\n"


def _numbers(named: Mapping[str, object]) -> dict[str, float]:
    return {name: float(str(value)) for name, value in named.items()}
