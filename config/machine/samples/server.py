"""The sample shows as a podcast host on loopback would serve them, with the dates of today.

    python -m config.machine.samples.server --port 8765 [--now 2026-11-23T06:00:00+00:00]

/opml lists the shows, /feeds/SLUG.xml is a show's feed, /transcripts/FILE a transcript, /audio/GUID.wav silence of the
episode's length. Guids and addresses never change; an episode is as old as its show.json says, counted from midnight.
"""

import argparse
import datetime as dt
import hashlib
import http.server
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.machine.samples import feed_xml
from config.machine.samples.catalogue import Show, load_shows
from config.machine.samples.silence import Silence

SHOWS = Path(__file__).parent / "shows"
PIECE = 64 * 1024
# For text formats only: what a browser may not take for a page.
_TYPES = {".vtt": "text/vtt", ".srt": "application/srt", ".json": "application/json", ".html": "text/html"}


@dataclass(frozen=True, slots=True)
class Document:
    type: str
    body: bytes

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class Samples:
    """Everything that is served; `now` gives the moment that the dates hang on."""

    def __init__(self, shows: list[Show], *, base: str, now: Callable[[], dt.datetime]) -> None:
        self._shows = {show.slug: show for show in shows}
        self._episodes = {episode.guid: episode for show in shows for episode in show.episodes}
        self._transcripts = {file.name: file for show in shows for file in show.transcript_files}
        self._base, self._now = base, now

    def document(self, path: str) -> Document | None:
        folder, _, name = path.strip("/").partition("/")
        if folder == "opml" and not name:
            return Document("text/x-opml", feed_xml.opml(self._shows.values(), base=self._base))
        if folder == "feeds" and (show := self._shows.get(name.removesuffix(".xml"))):
            return Document("application/rss+xml", feed_xml.rss(show, base=self._base, now=self._now()))
        if folder == "transcripts" and (file := self._transcripts.get(name)):
            return Document(f"{_TYPES[file.suffix]}; charset=utf-8", file.read_bytes())
        return None

    def recording(self, path: str) -> Silence | None:
        episode = self._episodes.get(path.removeprefix("/audio/").removesuffix(".wav"))
        return Silence(episode.duration_seconds) if episode and path.startswith("/audio/") else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, samples: Samples, *args: object) -> None:
        self._samples = samples
        super().__init__(*args)  # type: ignore[arg-type]  # request, address and server, as they come

    def log_message(self, *args: object) -> None:
        """Quiet: the terminal belongs to the site."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if recording := self._samples.recording(path):
            self._send_recording(recording)
        elif document := self._samples.document(path):
            self._send_document(document)
        else:
            self._send(404, {"Content-Type": "text/plain"}, b"There is nothing here.\n")

    do_HEAD = do_GET

    def _send_document(self, document: Document) -> None:
        if document.etag in self.headers.get("If-None-Match", ""):
            self._send(304, {"ETag": document.etag}, b"")
            return
        self._send(200, {"Content-Type": document.type, "ETag": document.etag}, document.body)

    def _send_recording(self, recording: Silence) -> None:
        headers = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes"}
        wanted = recording.range_of(self.headers.get("Range", ""))
        if wanted is None:
            self._send(416, {"Content-Range": f"bytes */{recording.size}"}, b"")
            return
        status = 206 if "Range" in self.headers else 200
        if status == 206:
            headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{recording.size}"
        self._start(status, {**headers, "Content-Length": str(len(wanted))})
        if self.command != "HEAD":
            for piece in recording.pieces(wanted, size=PIECE):
                self.wfile.write(piece)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._start(status, {**headers, "Content-Length": str(len(body))})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _start(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A player that hangs up in the middle of a recording is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def make_server(*, port: int, now: Callable[[], dt.datetime]) -> Server:
    server = Server(("127.0.0.1", port), http.server.BaseHTTPRequestHandler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    server.RequestHandlerClass = partial(Handler, Samples(load_shows(SHOWS), base=base, now=now))
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the sample shows on loopback.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--now", type=dt.datetime.fromisoformat, help="the moment that the dates hang on")
    args = parser.parse_args()
    fixed: dt.datetime | None = args.now
    try:
        server = make_server(port=args.port, now=lambda: fixed or dt.datetime.now(dt.UTC))
    except OSError as error:
        sys.exit(f"Cannot serve the sample shows on port {args.port}: {error.strerror}")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
