"""The protocol as a server understands it that nobody here wrote: llama.cpp's, with a model that talks nonsense."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.asking.asker import Unanswered
from feeds.library.llm import LlmExtractor
from feeds.models import LlmCall
from feeds.reading.insights.extraction import EpisodeContext
from tests.feeds.asking.paid import asker_of
from tests.feeds.library.llm.asked import ask, question
from tests.feeds.library.llm.talk import talk
from tests.feeds.library.llm.test_extractor import FirstSentences

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def llama_cpp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    directory = tmp_path_factory.mktemp("llama")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", "tests.feeds.library.llm.tiny_model", str(directory / "tiny.gguf"), str(port)]
    with (
        (directory / "log").open("w") as log,
        subprocess.Popen(  # noqa: S603
            arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as server,
    ):
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            assert server.stdout.readline() == b"ready\n", (directory / "log").read_text()[-2000:]
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.stdin.close()
            server.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def test_the_answer_follows_the_schema_and_its_tokens_are_counted(llama_cpp: str) -> None:
    (claim,) = ask(asker_of(llama_cpp, timeout=60, model="tiny")).content
    assert 1 <= claim.rating <= 10
    call = LlmCall.objects.get()
    assert call.state == LlmCall.State.ANSWERED
    assert call.input_tokens and call.output_tokens
    assert call.input_tokens <= question().most_input_tokens()
    assert 0 < call.cost < asker_of(llama_cpp).prices.cost(input_tokens=call.input_tokens + 1, output_tokens=1_000)


def test_an_answer_that_is_cut_off_is_of_no_use(llama_cpp: str) -> None:
    with pytest.raises(Unanswered, match="cut off"):
        ask(asker_of(llama_cpp, timeout=60, model="tiny"), replace(question(), most_output_tokens=10))
    assert LlmCall.objects.get().state == LlmCall.State.USELESS
    assert LlmCall.objects.get().output_tokens == 10


def test_more_than_the_model_can_read_is_turned_away_and_costs_nothing(llama_cpp: str) -> None:
    with pytest.raises(Unanswered, match="400"):
        ask(asker_of(llama_cpp, timeout=60, model="tiny"), replace(question(), material="word " * 20_000))
    assert LlmCall.objects.get().state == LlmCall.State.TURNED_AWAY
    assert LlmCall.objects.spent() == 0


@pytest.mark.parametrize("mode", ["full", "cheap"])
def test_nonsense_in_the_right_shape_is_not_published(llama_cpp: str, mode: str) -> None:
    asker = asker_of(llama_cpp, timeout=60, model="tiny")
    found = LlmExtractor(asker=asker, mode=mode, local=FirstSentences()).extract(
        talk(sentences=4), context=EpisodeContext(), limit=4
    )
    states = set(LlmCall.objects.values_list("state", flat=True))
    assert states
    assert states <= {LlmCall.State.ANSWERED, LlmCall.State.USELESS}
    assert {one.made_by for one in found} <= {"local"}
