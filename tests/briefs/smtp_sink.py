"""A real SMTP server on loopback that keeps what it accepts, and can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

Answer = str | None


@dataclass
class Sink:
    """`at_recipient`, `at_data` and `at_noop` may return an answer in place of 250; "drop" hangs up without one."""

    port: int = 0
    accepted: list[bytes] = field(default_factory=list)
    clients: set[object] = field(default_factory=set)
    at_recipient: Callable[[str], Answer] = lambda _: None
    at_data: Callable[[], Answer] = lambda: None
    at_noop: Callable[[], Answer] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.accepted]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if answer := self.at_recipient(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_NOOP(self, server: Any, _session: Any, _envelope: Any, _words: str) -> str:
        answer = self.at_noop()
        if answer == "drop":
            await _hang_up(server)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.clients.add(session.peer)
        answer = self.at_data()
        if answer is None or answer == "drop":
            self.accepted.append(envelope.content)
        if answer == "drop":
            await _hang_up(server)
        return answer or "250 OK"


async def _hang_up(server: Any) -> None:
    server.transport.close()
    await asyncio.sleep(0)


def _free_port() -> int:
    """aiosmtpd connects to the port it was given, so 0 will not do."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink(port=_free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
