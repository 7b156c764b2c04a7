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
from aiosmtpd.smtp import SMTP

Answer = str | None
HANGS_UP = ("drop", "lose")


@dataclass
class Sink:
    """What stands at a phase may return an answer in place of the usual one; "drop" hangs up without one.

    At the end of the data, and there alone, the mail was taken when the sink hangs up; "lose" keeps nothing there.
    `heard` holds every phase that a client came to; `at_phase` is told of it, with the client's port.
    """

    port: int = 0
    accepted: list[bytes] = field(default_factory=list)
    clients: set[object] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    at_phase: Callable[[str, int], None] = lambda _phase, _port: None
    at_sender: Callable[[], Answer] = lambda: None
    at_recipient: Callable[[str], Answer] = lambda _: None
    at_content: Callable[[], Answer] = lambda: None
    at_data: Callable[[], Answer] = lambda: None
    at_noop: Callable[[], Answer] = lambda: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.accepted]

    def behave(self) -> None:
        """From now on nothing unusual is answered."""
        usual = Sink()
        for name in ("phase", "sender", "recipient", "content", "data", "noop"):
            setattr(self, f"at_{name}", getattr(usual, f"at_{name}"))

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if answer := await self._answer(server, "sender", self.at_sender()):
            return answer
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if answer := await self._answer(server, "recipient", self.at_recipient(address)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_NOOP(self, server: Any, _session: Any, _envelope: Any, _words: str) -> str:
        return await self._answer(server, "noop", self.at_noop()) or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.clients.add(session.peer)
        self.at_phase("dot", session.peer[1])
        answer = self.at_data()
        if answer is None or answer == "drop" or answer.startswith("2"):
            self.accepted.append(envelope.content)
        return await self._answer(server, "data", answer) or "250 OK"

    async def _answer(self, server: Any, phase: str, answer: Answer) -> Answer:
        self.heard.append(phase)
        self.at_phase(phase, server.session.peer[1])
        if answer in HANGS_UP:
            server.transport.close()
            await asyncio.sleep(0)
        return answer


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        sink = self.event_handler
        if answer := await sink._answer(self, "content", sink.at_content()):
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


def _free_port() -> int:
    """aiosmtpd connects to the port it was given, so 0 will not do."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink(port=_free_port())
    controller = _Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
