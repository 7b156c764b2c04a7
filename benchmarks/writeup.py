"""How the write-ups of real passages read: python benchmarks/writeup.py PATH_TO_SHARED_DATA [--random N].

Reads data/units and data/labels below the path (or units and labels in it) and prints a table of shares. The
passages are the ones an editor chose, and as many as asked for at random.
"""

import argparse
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from feeds.reading.insights.writeup import WriteUp, grammar, lexicon, write_up
from feeds.reading.insights.writeup.attribution import names_a_person

_FILLER = re.compile(
    r"\b(?:uh|um|you know|i mean|kinda)\b"
    r"|\b(?:is|was|are|it's|that's|to|and|just|really|I|we|you|they) (?:sort|kind) of\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"\n\s*[A-Z][\w. ]{2,30}:\s")
_FRAME = frozenset({"argues", "says", "estimates", "recalls", "thinks", "that"})


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    text: str
    speaker: str | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Written:
    passage: LabelledPassage
    result: WriteUp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--random", type=int, default=600)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    root = options.data / "data" if (options.data / "data").is_dir() else options.data
    chosen, others = _passages(root)
    sample = random.Random(7).sample(others, min(options.random, len(others)))
    punctuated = [passage for passage in chosen if _is_punctuated(passage)]
    rows = {
        "editor's": chosen,
        "punctuated": punctuated,
        "unpunct.": [passage for passage in chosen if not _is_punctuated(passage)],
        "named": [passage for passage in punctuated if names_a_person(passage.speaker)],
        "random": sample,
    }
    _print_table({name: _write(passages) for name, passages in rows.items()})
    _print_speed(chosen)


def _passages(root: Path) -> tuple[list[LabelledPassage], list[LabelledPassage]]:
    chosen: list[LabelledPassage] = []
    others: list[LabelledPassage] = []
    for path in sorted((root / "units").glob("*.json")):
        units = json.loads(path.read_text(encoding="utf-8"))["units"]
        insights = json.loads((root / "labels" / path.name).read_text(encoding="utf-8"))["insights"]
        picked = {place for insight in insights for place in _where(insight, units)}
        for place in range(len(units)):
            (chosen if place in picked else others).append(_passage(units, place))
    return chosen, others


def _where(insight: dict[str, list[int]], units: list[dict[str, str]]) -> Iterator[int]:
    """The unit that holds the quote, else the first of the range."""
    places = range(insight["units"][0], insight["units"][-1] + 1)
    holding = [place for place in places if str(insight["quote"])[:30] in units[place]["text"]]
    yield (holding or list(places))[0]


def _passage(units: list[dict[str, str]], place: int) -> LabelledPassage:
    def words(neighbour: int) -> str:
        same = 0 <= neighbour < len(units) and units[neighbour]["speaker"] == units[place]["speaker"]
        return "" if not same or _TURN.search(units[neighbour]["text"]) else units[neighbour]["text"]

    turns = _TURN.split(units[place]["text"])
    speaker = units[place]["speaker"] if len(turns) == 1 else None
    return LabelledPassage(max(turns, key=len), speaker, words(place - 1), words(place + 1))


def _is_punctuated(passage: LabelledPassage) -> bool:
    return len(re.findall(r"[.?!]", passage.text)) * 60 > len(passage.text.split())


def _write(passages: list[LabelledPassage]) -> list[Written]:
    return [
        Written(one, write_up(one.text, speaker=one.speaker, before=one.before, after=one.after)) for one in passages
    ]


def _first(text: str) -> str:
    return next(iter(grammar.cores(text)), "")


def _last(text: str) -> str:
    return next(reversed(grammar.cores(text)), "")


def _is_framed(one: Written) -> bool:
    """ "NAME argues that", which no first person can follow."""
    return _is_attributed(one) and " that " in one.result.text[: len(one.passage.speaker or "") + 16].split(":")[0]


def _is_attributed(one: Written) -> bool:
    return bool(one.passage.speaker) and one.result.text.startswith(f"{one.passage.speaker} ")


def _invented(one: Written) -> set[str]:
    spoken = set(_tokens(f"{one.passage.text} {one.passage.before} {one.passage.after}"))
    text = one.result.text.removeprefix(one.passage.speaker or "") if _is_attributed(one) else one.result.text
    frame = _FRAME if _is_attributed(one) else frozenset[str]()
    return set(_tokens(f"{one.result.headline} {text}")) - spoken - frame


def _tokens(text: str) -> list[str]:
    return re.findall(r"[\w$%]+", text.lower())


_MEASURES: dict[str, Callable[[Written], bool]] = {
    "headline: at most 90 characters": lambda one: len(one.result.headline) <= 90,
    "headline: 40 to 90 characters": lambda one: 40 <= len(one.result.headline) <= 90,
    "headline: has a finite verb": lambda one: grammar.has_main_verb(one.result.headline),
    "headline: whole clause": lambda one: grammar.is_whole(one.result.headline),
    "headline: ends in a function word": lambda one: _last(one.result.headline) in lexicon.WEAK_ENDS,
    "headline: begins with a pointing pronoun": lambda one: grammar.dangles(one.result.headline),
    "headline: begins with I or we": lambda one: _first(one.result.headline) in lexicon.FIRST_PERSON,
    "headline: begins with a connective": lambda one: _first(one.result.headline) in lexicon.COORDINATORS,
    "headline: a question": lambda one: grammar.is_question(one.result.headline),
    "headline: contains a filler": lambda one: bool(_FILLER.search(one.result.headline)),
    "text: 40 to 60 words": lambda one: 40 <= len(one.result.text.split()) <= 60,
    "text: more than 60 words": lambda one: len(one.result.text.split()) > 60,
    "text: under 40 though enough was said": lambda one: (
        len(one.result.text.split()) < 40 <= len(one.passage.text.split())
    ),
    "text: ends as a sentence": lambda one: one.result.text.rstrip("\"”’')")[-1:] in {".", "?", "!", "…"},
    "text: begins with a pointing pronoun": lambda one: grammar.dangles(one.result.text),
    "text: contains a filler": lambda one: bool(_FILLER.search(one.result.text)),
    "text: attributed": _is_attributed,
    "text: in the first person": lambda one: grammar.has_first_person(one.result.text),
    "text: framed and in the first person": lambda one: _is_framed(one) and grammar.has_first_person(one.result.text),
    "any invented word": lambda one: bool(_invented(one)),
}


def _print_table(columns: dict[str, list[Written]]) -> None:
    print(f"{'share of passages, %':42}" + "".join(f"{name:>12}" for name in columns))
    print(f"{'passages':42}" + "".join(f"{len(written):12}" for written in columns.values()))
    for label, measure in _MEASURES.items():
        shares = (100 * sum(map(measure, written)) / max(1, len(written)) for written in columns.values())
        print(f"{label:42}" + "".join(f"{share:12.1f}" for share in shares))


def _print_speed(passages: list[LabelledPassage]) -> None:
    times: list[float] = []
    for passage in passages:
        began = time.process_time()
        write_up(passage.text, speaker=passage.speaker, before=passage.before, after=passage.after)
        times.append((time.process_time() - began) * 1000)
    times.sort()
    median, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    print(f"\nmilliseconds of processor time: median {median:.2f}, p95 {p95:.2f}, longest {times[-1]:.2f}")


if __name__ == "__main__":
    main()
