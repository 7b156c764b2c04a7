"""How many tokens the LLM extractor sends and gets for an episode, in full and in cheap mode, with a pretended model.

usage: python -m benchmarks.llm_tokens TRANSCRIPT...   (any format that `extract` reads)

Nothing leaves the machine and no database is needed. Tokens are counted by the embedder's tokenizer, which cuts English
about as finely as those of language models do. The pretended answers are as long as the prompts ask for: three claims
from each chunk, a write-up of each passage.
"""

import argparse
import itertools
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from feeds.asking.asker import Answer  # noqa: E402
from feeds.asking.question import Question  # noqa: E402
from feeds.library.llm import LlmExtractor  # noqa: E402
from feeds.reading.embeddings import load_tokenizer  # noqa: E402
from feeds.reading.insights.extraction import EpisodeContext  # noqa: E402
from feeds.reading.transcripts.formats import read  # noqa: E402
from feeds.reading.transcripts.segments import Segment  # noqa: E402

T = TypeVar("T")

CLAIMS_A_CHUNK = 3
_WORDS = "and so they pay for it "
_QUOTE, _HEADLINE, _TEXT = _WORDS * 10, _WORDS * 2, _WORDS * 8
_NOTHING_WORTH_IT = '{"answers": [{"is_worth_it": false, "headline": "", "text": ""}]}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcripts", nargs="+", type=Path)
    args = parser.parse_args()
    print(f"{'':40}{'words':>8}{'mode':>8}{'calls':>7}{'in':>9}{'out':>8}{'in a word':>11}")
    for file, mode in itertools.product(args.transcripts, ("full", "cheap")):
        segments = read(file.read_bytes())
        words = sum(len(segment.body.split()) for segment in segments)
        calls, sent, got = measured(segments, mode)
        print(f"{file.stem[:38]:40}{words:8}{mode:>8}{calls:7}{sent:9}{got:8}{sent / words:11.2f}")


def measured(segments: Sequence[Segment], mode: str) -> tuple[int, int, int]:
    """Calls, tokens sent and tokens got."""
    model = PretendedModel()
    LlmExtractor(asker=model, mode=mode).extract(segments, context=EpisodeContext(), limit=10)
    return model.calls, model.sent, model.got


class PretendedModel:
    """Answers in the right shape at once and counts what a model would have been sent and would have said."""

    model = "pretended"

    def __init__(self) -> None:
        self._tokenizer = load_tokenizer()
        self._tokenizer.no_truncation()
        self.calls = self.sent = self.got = 0

    def answer(self, question: Question, read: Callable[[str], T], *, until: float) -> Answer[T]:  # noqa: ARG002
        """No claim of it would stand the test of its quote, so none is handed over; what it would cost is counted."""
        self.calls += 1
        self.sent += self._tokens(f"{question.prompt}\n{question.material}\n{json.dumps(question.schema)}")
        self.got += self._tokens(json.dumps({"answers": _rows(question)}))
        return Answer(read(_NOTHING_WORTH_IT if _is_of_passage(question) else '{"answers": []}'), ())

    def _tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text).ids)


def _is_of_passage(question: Question) -> bool:
    return question.part.startswith("passage")


def _rows(question: Question) -> list[dict[str, Any]]:
    written = {"headline": _HEADLINE, "text": _TEXT}
    if _is_of_passage(question):
        return [{"is_worth_it": True, **written}]
    return [{"quote": _QUOTE, "speaker": None, "rating": 7, "is_opinion": True, **written}] * CLAIMS_A_CHUNK


if __name__ == "__main__":
    main()
