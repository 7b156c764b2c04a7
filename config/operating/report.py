"""The nightly report in a few lines of text: what went wrong comes first."""

from __future__ import annotations

from collections.abc import Sequence

from config.operating.counting import PERIOD
from config.operating.figures import Figures, Trouble, in_words, went_wrong


def as_text(figures: Figures) -> str:
    lines = [f"Overheard, {figures.now - PERIOD:%d %b %H:%M} to {figures.now:%d %b %H:%M} UTC", ""]
    if wrong := went_wrong(figures):
        lines += ["What went wrong", *_listed(wrong), ""]
    lines += [*_night(figures), *_backlog(figures)]
    troubles = figures.troubles
    if failed := [*troubles.failing_shows, *troubles.failed_episodes]:
        lines += ["", "Shows and episodes that failed", *_listed(failed)]
    if troubles.open_reports:
        lines += ["", "Reports to look at", *_listed(troubles.open_reports)]
    return "\n".join(lines)


def subject(figures: Figures) -> str:
    night, wrong = figures.night, len(went_wrong(figures))
    state = f"{wrong} thing{'' if wrong == 1 else 's'} went wrong" if wrong else "a good night"
    return f"Overheard: {state}, {night.sent} briefs, {night.ready} insights"


def _night(figures: Figures) -> list[str]:
    night, failing = figures.night, figures.counts["failing_shows"]
    return [
        f"Shows      {night.scanned} scanned, {failing} failing",
        f"Episodes   {night.new} new, {night.read} read, {night.silent} without a transcript, {night.failed} failed",
        f"Insights   {night.ready} ready, {night.withheld} kept as passages, "
        f"{night.spend:.2f} spent on language models",
        f"Briefs     {night.sent} sent, {night.empty} empty, {night.skipped} skipped, {night.refused} refused, "
        f"{night.unknown} unknown",
        f"Readers    {figures.subscribers}",
    ]


def _backlog(figures: Figures) -> list[str]:
    return [
        f"Waiting    {one.waiting} {name}, the oldest for {in_words(one.age(figures.now))}"
        for name, one in figures.backlog.items()
    ]


def _listed(troubles: Sequence[Trouble]) -> list[str]:
    return [f"  {one.what}: {one.why}" for one in troubles]
