import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
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
from feeds.reading.insights.extraction import ExtractedInsight, Extractor
from feeds.reading.insights.grounding import Ground, Grounded
from feeds.reading.speakers import attributed
from feeds.reading.topics import EpisodeContext, classify_in_context
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.segments import Segment, plain_text


class Command(BaseCommand):
    help = "Write the insights of transcript files as JSON; the format of a file is told by its content."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--limit", type=at_least(0), default=10, metavar="N", help="at most N insights a file")
        parser.add_argument("--extractor", choices=sorted(EXTRACTORS.ours), default="local")
        parser.add_argument("--output-dir", type=Path, metavar="DIR", help="write DIR/STEM.json for each file")

    def handle(
        self, *args: Any, files: list[Path], limit: int, extractor: str, output_dir: Path | None, **options: Any
    ) -> None:
        outputs = _outputs(files, output_dir)
        chosen = _extractor(extractor)
        is_terminal = sys.stderr.isatty() and len(files) > 1
        bad = 0
        for file in tqdm(files, unit="file", file=sys.stderr, disable=not is_terminal):
            try:
                self._write(_insights_of(file, chosen, limit=limit), outputs[file])
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


def _insights_of(file: Path, extractor: Extractor, *, limit: int) -> list[dict[str, Any]]:
    segments = attributed(read(file.read_bytes()))
    try:
        return extracted(segments, extractor, limit=limit)
    except DatabaseError as error:
        raise CommandError(f"what a model costs is kept in the database, which fails: {error}") from error


def _complaint(file: Path, error: SourceError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or file}: {error.strerror}"
    return f"{file}: {error}"


def extracted(segments: Sequence[Segment], extractor: Extractor, *, limit: int) -> list[dict[str, Any]]:
    """The insights of one transcript, best first, only those whose quote is in it."""
    ground = Ground(segments)
    places = [(one, ground.find(one.quote, near=one.start)) for one in extractor.extract(segments, limit=limit)]
    kept = [(one, place) for one, place in places if place is not None]
    topics = classify_in_context(
        [embedding_text(one.headline, one.text) for one, _ in kept],
        [place.quote for _, place in kept],
        context=EpisodeContext(transcript=plain_text(segments)),
    )
    return [
        _row(one, place, [score.name for score in scores]) for (one, place), scores in zip(kept, topics, strict=True)
    ]


def _row(one: ExtractedInsight, place: Grounded, topics: list[str]) -> dict[str, Any]:
    return {
        "headline": one.headline,
        "text": one.text,
        "quote": place.quote,
        "speaker": place.speaker,
        "start": place.start_time,
        "end": place.end_time,
        "salience": round(min(max(one.salience, 0.0), 1.0), 4),
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
