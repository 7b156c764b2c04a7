"""A server on loopback with the answers nobody hopes for; it logs what was asked and how much at once."""

import contextlib
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Log:
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    _inside: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, path: str, headers: dict[str, str]) -> None:
        with self._lock:
            self.paths.append(path)
            self.headers.append(headers)
            self._inside.add(threading.get_ident())
            self.most_at_once = max(self.most_at_once, len(self._inside))

    def leave(self) -> None:
        with self._lock:
            self._inside.discard(threading.get_ident())


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    # A client that hangs up in the middle is what these tests are about.
    def handle_error(self, request: object, client_address: object) -> None: ...


@dataclass
class Hostile:
    port: int
    log: Log
    answers: dict[str, Answer]
    posts: dict[str, Answer]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> list[str]:
        return [f"127.0.0.1:{self.port}"]

    def answer(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        delay: float = 0,
    ) -> str:
        def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
            time.sleep(delay)
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                handler.send_header(name, value)
            # A client may send its next request as soon as it has the last byte, so this one is over before that.
            self.log.leave()
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = reply
        return self.base + path

    def answer_post(self, path: str, reply: Answer) -> None:
        self.posts[path] = reply

    def answer_with(self, path: str, reply: Answer) -> str:
        self.answers[path] = reply
        return self.base + path


def _handler(
    log: Log, answers: dict[str, Answer], posts: dict[str, Answer]
) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            log.enter(self.path, dict(self.headers.items()))
            try:
                if reply := answers.get(self.path):
                    reply(self)
                else:
                    self.send_error(404)
            finally:
                log.leave()

        def do_POST(self) -> None:
            posts[self.path](self)

    return Handler


@contextlib.contextmanager
def hostile_server() -> Iterator[Hostile]:
    log = Log()
    answers: dict[str, Answer] = {}
    posts: dict[str, Answer] = {}
    server = Server(("127.0.0.1", 0), _handler(log, answers, posts))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Hostile(server.server_address[1], log, answers, posts)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
