"""A language model's endpoint on loopback that speaks OpenAI's protocol and does what a test tells it to.

Its log is what the tests believe: every request in the order of arrival, with what was answered and what was charged.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What to answer: `content` as the message, or `raw` as the whole body; `delay` seconds before it."""

    content: str | None = None
    status: int = 200
    finish_reason: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    raw: bytes | None = None
    counts_tokens: bool = True
    hangs_up: bool = False


@dataclass(frozen=True)
class Logged:
    key: str
    body: Body
    headers: dict[str, str]
    status: int
    cost: Decimal


def tokens(text: str) -> int:
    """About as many as most tokenizers make of English."""
    return -(-len(text) // 4)


class Provider:
    """`behave` makes the answer to a request's body. Prices are per million tokens."""

    def __init__(self, behave: Callable[[Body], Answer], *, input_price: str = "1", output_price: str = "4") -> None:
        self.behave = behave
        self.log: list[Logged] = []
        self._prices = Decimal(input_price), Decimal(output_price)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @contextlib.contextmanager
    def running(self) -> Iterator[Provider]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answers(self) -> list[Logged]:
        return [logged for logged in self.log if logged.status == 200]

    def charged(self) -> Decimal:
        return sum((logged.cost for logged in self.log), Decimal(0))

    def answer(self, body: Body, headers: dict[str, str]) -> tuple[Answer, bytes]:
        """Decided, charged and logged before a byte of it is on its way: whoever dies meanwhile has to pay."""
        answer = self.behave(body)
        asked = "".join(message["content"] for message in body["messages"])
        usage = {"prompt_tokens": tokens(asked), "completion_tokens": tokens(answer.content or "")}
        cost = (
            sum((price * count for price, count in zip(self._prices, usage.values(), strict=True)), Decimal(0))
            / 1_000_000
        )
        with self._lock:
            key = hashlib.sha256(asked.encode()).hexdigest()
            charged = cost if answer.status == 200 else Decimal(0)
            self.log.append(Logged(key, body, headers, answer.status, charged))
        return answer, _completion(answer, usage) if answer.raw is None else answer.raw


def _completion(answer: Answer, usage: dict[str, int]) -> bytes:
    if answer.status != 200:
        return json.dumps({"error": {"message": "no: sk-secret", "type": "error", "code": None}}).encode()
    message = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
    completion: Body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": answer.finish_reason, "logprobs": None}],
    }
    if answer.counts_tokens:
        completion["usage"] = usage | {"total_tokens": sum(usage.values())}
    return json.dumps(completion).encode()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer, content = provider.answer(body, {name.lower(): value for name, value in self.headers.items()})
            time.sleep(answer.delay)
            if answer.hangs_up:
                self.close_connection = True
                return
            with contextlib.suppress(OSError):
                self._send(answer, content)

        def _send(self, answer: Answer, content: bytes) -> None:
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    return Handler


def transcript_in(body: Body) -> list[tuple[str | None, str]]:
    """(speaker, words) of each line between the marks of a request."""
    material = body["messages"][1]["content"]
    found = re.search(r"<(transcript \w+)>\n(.*)\n</\1>", material, re.DOTALL)
    assert found, material[:200]
    lines = (line.partition(": ") if not line.startswith("- ") else ("", "", line[2:]) for line in found[2].split("\n"))
    return [(speaker or None, words) for speaker, _, words in lines]


def insights(rows: list[Body]) -> str:
    return json.dumps({"answers": rows})
