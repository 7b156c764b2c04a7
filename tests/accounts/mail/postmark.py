"""A provider's API on loopback that plays Postmark's part, and can be told to refuse."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pytest_django import Settings

# A status and a body; None hangs up without an answer.
Answer = tuple[int, dict[str, object]] | None

TAKEN: Answer = (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"})
_INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\n Found inactive addresses: {}.\n "
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
)


def inactive(address: str) -> Answer:
    return 422, {"ErrorCode": 406, "Message": _INACTIVE.format(address)}


@dataclass
class Postmark:
    """`asked` holds every request, whatever it was answered; `answer_to` says otherwise for single recipients."""

    answer: Answer = TAKEN
    answer_to: dict[str, Answer] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def reply(self, request: dict[str, Any]) -> Answer:
        self.asked.append(request)
        return self.answer_to.get(request["To"], self.answer)


def send_through(settings: Settings, url: str) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": url}


@contextmanager
def running_postmark(settings: Settings) -> Iterator[Postmark]:
    played = Postmark()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = played.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if answer is None:
                return
            status, body = answer
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        send_through(settings, f"http://127.0.0.1:{server.server_port}/")
        yield played
        server.shutdown()
        thread.join()
