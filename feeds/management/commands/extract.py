import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from tqdm import tqdm

from feeds.management.arguments import at_least
from feeds.reading.choices import EXTRACTORS
from feeds.reading.embeddings import embedding_text
from feeds.reading.errors import SourceError
from feeds.reading.insights.extraction import EpisodeContext, ExtractedInsight, Extractor
from feeds.reading.insights.grounding import Ground, Grounded
from feeds.reading.speakers import attributed
from feeds.reading.topics import Surroundings, classify_in_context
from feeds.reading.transcripts.about_episode import AboutEpisode, about_episode
from feeds.reading.transcripts.advertisements import without_advertisements
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.segments import Segment, plain_text


class Command(BaseCommand):
    help = "Write the insights of transcript files as JSON; the format of a file is told by its content."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--limit", type=at_least(0), default=10, metavar="N", help="at most N insights a file")
        parser.add_argument("--extractor", choices=sorted(EXTRACTORS.ours), default="local")
        parser.add_argument("--show", metavar="NAME", help="the show; else what a JSON file calls `podcast`")
        parser.add_argument("--title", metavar="TITLE", help="of the episode; else what a JSON file calls `title`")
        parser.add_argument("--guests", metavar="NAMES", help="parted by commas; else what a JSON file calls `guests`")
        parser.add_argument("--output-dir", type=Path, metavar="DIR", help="write DIR/STEM.json for each file")

    def handle(
        self,
        *args: Any,
        files: list[Path],
        limit: int,
        extractor: str,
        show: str | None,
        title: str | None,
        guests: str | None,
        output_dir: Path | None,
        **options: Any,
    ) -> None:
        told = _Told(show, title, None if guests is None else _names(guests))
        outputs = _outputs(files, output_dir)
        chosen = _extractor(extractor)
        is_terminal = sys.stderr.isatty() and len(files) > 1
        bad = 0
        for file in tqdm(files, unit="file", file=sys.stderr, disable=not is_terminal):
            try:
                self._write(_insights_of(file, chosen, told, limit=limit), outputs[file])
            except (SourceError, OSError) as error:
                bad += 1
                tqdm.write(_complaint(file, error), file=sys.stderr)
        if bad:
            raise CommandError(f"{bad} of {len(files)} files failed; the reasons are above")

    def _write(self, found: list[dict[str, Any]], file: Path | None) -> None:
        text = json.dumps(found, ensure_ascii=False, indent=2)
        if file is None:
            self.stdout.write(text)
        else:
            file.write_text(text + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the options say of the episode; None where they say nothing, and the file may."""

    show: str | None = None
    title: str | None = None
    guests: tuple[str, ...] | None = None

    def context(self, file: AboutEpisode) -> EpisodeContext:
        guests = file.guests if self.guests is None else self.guests
        return EpisodeContext(
            show=file.podcast if self.show is None else self.show,
            title=file.title if self.title is None else self.title,
            guests=guests,
            people=guests,
        )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := " ".join(part.split())))


def _insights_of(file: Path, extractor: Extractor, told: _Told, *, limit: int) -> list[dict[str, Any]]:
    data = file.read_bytes()
    context = told.context(about_episode(data))
    try:
        return extracted(attributed(read(data), context), extractor, context=context, limit=limit)
    except DatabaseError as error:
        raise CommandError(f"what a model costs is kept in the database, which fails: {error}") from error


def _complaint(file: Path, error: SourceError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or file}: {error.strerror}"
    return f"{file}: {error}"


def extracted(
    segments: Sequence[Segment], extractor: Extractor, *, context: EpisodeContext, limit: int
) -> list[dict[str, Any]]:
    """The insights of one transcript, best first, only those whose quote is in it."""
    ground = Ground(segments)
    spoken = without_advertisements(segments)
    found = extractor.extract(spoken, context=context, limit=limit)
    places = [(one, ground.find(one.quote, near=one.start)) for one in found]
    kept = [(one, place) for one, place in places if place is not None]
    topics = classify_in_context(
        [_telling_text(one, place) for one, place in kept],
        [place.quote for _, place in kept],
        context=Surroundings(show=context.show, episode=context.title, transcript=plain_text(spoken)),
    )
    return [
        _row(one, place, [score.name for score in scores]) for (one, place), scores in zip(kept, topics, strict=True)
    ]


def _telling_text(one: ExtractedInsight, place: Grounded) -> str:
    return embedding_text(one.headline, one.text) if one.headline and one.text else place.quote


def _row(one: ExtractedInsight, place: Grounded, topics: list[str]) -> dict[str, Any]:
    """A start that may be a minute or two off is left out: there is no key to say so."""
    is_ready = bool(one.headline and one.text)
    return {
        "headline": one.headline if is_ready else None,
        "text": one.text if is_ready else None,
        "quote": place.quote,
        "speaker": place.speaker,
        "start": None if place.is_approximate else place.start_time,
        "end": place.end_time,
        "salience": round(min(max(one.salience, 0.0), 1.0), 4),
        "ready": round(min(max(one.ready, 0.0), 1.0), 4),
        "topics": topics,
    }


def _outputs(files: Sequence[Path], directory: Path | None) -> dict[Path, Path | None]:
    """Where the insights of each file go; None for standard output."""
    if directory is None:
        if len(files) > 1:
            raise CommandError("several files need --output-dir")
        return dict.fromkeys(files)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"--output-dir {directory}: {error.strerror}") from error
    outputs: dict[Path, Path | None] = {file: directory / f"{file.stem}.json" for file in files}
    for output, count in Counter(outputs.values()).items():
        if count > 1:
            same = ", ".join(str(file) for file in files if outputs[file] == output)
            raise CommandError(f"{same} would all be written to {output}; name them apart")
    return outputs


def _extractor(name: str) -> Extractor:
    try:
        made: Extractor = EXTRACTORS.make(name)
    except ImproperlyConfigured as error:
        raise CommandError(f"the extractor “{name}” cannot be loaded: {error}") from error
    return made
