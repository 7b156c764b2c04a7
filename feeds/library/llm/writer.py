"""The writer that has a language model phrase each passage; the gate reads what comes, and the editor fills in."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.asking.asker import Asker, Unanswered, configured_asker
from feeds.asking.question import Question, marked, source_sha256
from feeds.asking.schema import flag_of, list_of, rows, text_of
from feeds.reading.choices import WRITERS
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.gate.rules import Fault, faults
from feeds.reading.insights.gate.verifier import LEAST_FAITHFUL, faithfulness
from feeds.reading.insights.writing import PassageToPrint, Writer, Written

logger = logging.getLogger(__name__)

_PROMPT = (Path(__file__).parent / "writer_prompt.txt").read_text()
_SCHEMA = list_of(
    1,
    {
        "is_worth_it": {"type": "boolean"},
        "headline": {"type": "string", "maxLength": 120},
        "text": {"type": "string", "maxLength": 600},
    },
)
_MOST_TOKENS = 400
_SECONDS = 240.0
# After a silence the editor writes for so long, lest every passage of an episode wait for nobody.
_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class _Draft:
    is_worth_it: bool
    headline: str
    text: str


class LlmWriter:
    """Asks once a passage, and once more with the faults named; what is faulty then is withheld."""

    def __init__(self, *, asker: Asker | None = None, editor: Writer | None = None) -> None:
        self._asker = asker or configured_asker(source_budget="LLM_EPISODE_BUDGET")
        self._editor: Writer = editor or WRITERS.make("editor")
        self._silent_until = 0.0

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        if time.monotonic() < self._silent_until:
            return self._editor.write(passage, context)
        try:
            return self.phrase(passage, context, time.monotonic() + _SECONDS)
        except Unanswered as error:
            if not error.goes_on:
                self._silent_until = time.monotonic() + _PAUSE
            logger.warning("the editor writes in the model's place: %s", error)
            return self._editor.write(passage, context)

    def phrase(self, passage: PassageToPrint, context: EpisodeContext, until: float) -> Written | None:
        """The model's own, or None where it is withheld; raise Unanswered."""
        found: Sequence[Fault] = ()
        for _ in range(2):
            draft = self._asker.answer(_question(passage, context, found), _read, until=until).content
            if not draft.is_worth_it:
                return None
            found = _faults(draft, passage, context)
            if not found:
                return _ready(draft, passage, context)
        return None


def _ready(draft: _Draft, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
    """As likely to be published as it is faithful, for nothing better is known of a model's texts."""
    share = faithfulness(
        headline=draft.headline,
        text=draft.text,
        passage=passage.text,
        before=passage.before,
        after=passage.after,
        context=_known(passage, context),
    )
    return Written(draft.headline, draft.text, share) if share >= LEAST_FAITHFUL else None


def _faults(draft: _Draft, passage: PassageToPrint, context: EpisodeContext) -> list[Fault]:
    return faults(
        headline=draft.headline,
        text=draft.text,
        passage=passage.text,
        before=passage.before,
        after=passage.after,
        context=_known(passage, context),
        speaker=passage.speaker or "",
    )


def _known(passage: PassageToPrint, context: EpisodeContext) -> str:
    told = (context.show, context.title, *context.guests, *context.people, passage.speaker or "")
    return "\n".join(part for part in told if part)


def _question(passage: PassageToPrint, context: EpisodeContext, found: Sequence[Fault]) -> Question:
    """About one passage; its source is the episode where that is known, so that the episode's budget holds."""
    material = _material(passage, context, found)
    sha256 = source_sha256(material)
    return Question(
        source_sha256=source_sha256(f"{context.show}\n{context.title}") if context.title else sha256,
        part=f"passage {sha256[:16]}",
        prompt=_PROMPT,
        material=marked("passage", material, sha256),
        schema=_SCHEMA,
        most_output_tokens=_MOST_TOKENS,
    )


def _material(passage: PassageToPrint, context: EpisodeContext, found: Sequence[Fault]) -> str:
    told = [
        f"show: {context.show}",
        f"title: {context.title}",
        f"guests: {', '.join(context.guests)}",
        f"speaker: {passage.speaker or 'unknown'}",
        f"before: {passage.before.strip()}",
        f"passage: {passage.text}",
        f"after: {passage.after.strip()}",
    ]
    told += [f"fault of an earlier attempt: {fault.kind} ({fault.words})" for fault in found]
    return "\n".join(told)


def _read(answer: str) -> _Draft:
    """Raise ValueError where the answer does not fit."""
    found = [
        _Draft(flag_of(row, "is_worth_it"), text_of(row, "headline").strip(), text_of(row, "text").strip())
        for row in rows(answer)
    ]
    if len(found) != 1:
        raise ValueError("not one answer")
    return found[0]
