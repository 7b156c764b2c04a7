"""The extractor's question about made-up talk, asked once."""

from __future__ import annotations

import time

from feeds.asking.asker import Answer, PaidAsker
from feeds.asking.question import Question
from feeds.library.llm.question import about_chunk
from feeds.library.llm.schema import Proposal, read_proposals
from feeds.reading.insights.candidates import Layout
from tests.feeds.library.llm.talk import talk

SOON = 20.0


def question(*, seed: int = 1) -> Question:
    layout = Layout.of(talk(sentences=8, seed=seed))
    return about_chunk(layout, (0, len(layout.text)), part="chunk 1 of 1")


def ask(asker: PaidAsker, asked: Question | None = None) -> Answer[list[Proposal]]:
    return asker.answer(asked or question(), read_proposals, until=time.monotonic() + SOON)
