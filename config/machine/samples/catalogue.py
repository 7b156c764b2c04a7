"""The sample shows as their show.json files describe them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Episode:
    guid: str
    title: str
    description: str
    hours_before_today: float
    duration_seconds: int
    people: tuple[tuple[str, str], ...]
    transcripts: tuple[tuple[Path, str], ...]


@dataclass(frozen=True, slots=True)
class Show:
    slug: str
    title: str
    author: str
    description: str
    language: str
    categories: tuple[str, ...]
    episodes: tuple[Episode, ...]

    @property
    def transcript_files(self) -> list[Path]:
        return [file for episode in self.episodes for file, _ in episode.transcripts]


def load_shows(folder: Path) -> list[Show]:
    return [_show(file) for file in sorted(folder.glob("*/show.json"))]


def _show(file: Path) -> Show:
    told = json.loads(file.read_text())
    return Show(
        slug=told["slug"],
        title=told["title"],
        author=told["author"],
        description=told["description"],
        language=told["language"],
        categories=tuple(told["categories"]),
        episodes=tuple(_episode(one, file.parent) for one in told["episodes"]),
    )


def _episode(told: dict[str, Any], folder: Path) -> Episode:
    return Episode(
        guid=told["guid"],
        title=told["title"],
        description=told["description"],
        hours_before_today=told["hours_before_today"],
        duration_seconds=told["duration_seconds"],
        people=tuple((person["name"], person["role"]) for person in told["people"]),
        transcripts=tuple((folder / one["file"], one["type"]) for one in told["transcripts"]),
    )
