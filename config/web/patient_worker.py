"""Gunicorn's threads, given whole requests only: who sends slowly or not at all waits on a socket, not in a thread.

Gunicorn's own worker lends a thread to whoever sends the first byte, and closes connections in its main loop with two
seconds of patience for each; nine slow clients then stop a site. Here the main loop gathers requests, bounded in bytes
and time, and lets whoever has waited longest go when there are too many.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.web.whole_requests import Head, RefusedError, read_head

HEAD_SECONDS = 10
BODY_SECONDS = 60
_GOODBYE_SECONDS = 2
_HELD_MOST = 64 * 2**20
# A page fits into what the kernel keeps for a slow reader, so that the thread that made it is free at once.
_SEND_BUFFER = 2**20
_SEND_PATIENCE = struct.pack("ll", 10, 0)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.received = bytearray()
        self.head: Head | None = None
        self.late_at = 0.0
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_PATIENCE)

    def take_request(self, size: int) -> bytes:
        request = bytes(self.received[:size])
        del self.received[:size]
        self.head = None
        return request


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[Connection, None] = {}  # in the order in which they began to wait
        self._leaving: dict[Connection, None] = {}
        self._held = 0
        self._swept_at = 0.0
        self._health = ThreadPoolExecutor(max_workers=1)

    def accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            client, address = listener.accept()
            self.nr_conns += 1
            self._gather(Connection(self.cfg, client, address, listener.getsockname()), HEAD_SECONDS)
            if self.nr_conns >= self.worker_connections and self._arriving:
                self._drop(next(iter(self._arriving)))

    def _hand_over(self, conn: Connection, head: Head) -> None:
        """To a thread; a look at the site's health waits behind no page."""
        self._stop_gathering(conn)
        pool = self._health if head.path == "/healthz" else self.tpool
        conn.parser = get_parser(self.cfg, [conn.take_request(head.request_bytes)], conn.client)
        conn.initialized = conn.data_ready = True
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def finish_request(self, conn: Connection, done: Future[bool]) -> None:
        is_kept = not done.cancelled() and not done.exception() and done.result() and self.alive
        if not is_kept:
            self._say_goodbye(conn)
            return
        self._gather(conn, self.cfg.keepalive)
        if conn.received:
            self._look(conn)

    def murder_pending(self) -> None:
        now = time.monotonic()
        if now - self._swept_at < 1 and self.alive:
            return
        self._swept_at = now
        for conn in [*self._arriving, *self._leaving]:
            if conn.late_at <= now or not (self.alive or conn.received):
                self._drop(conn)

    def _gather(self, conn: Connection, seconds: float) -> None:
        conn.sock.setblocking(False)
        conn.late_at = time.monotonic() + seconds
        self._arriving[conn] = None
        self._held += len(conn.received)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))

    def _receive(self, conn: Connection, _: object) -> None:
        chunk = _received(conn.sock)
        if chunk is None:
            return
        if not chunk:
            self._drop(conn)
            return
        if not conn.received:
            conn.late_at = time.monotonic() + HEAD_SECONDS
        conn.received += chunk
        self._held += len(chunk)
        self._look(conn)
        if self._held > _HELD_MOST:
            self._drop(max(self._arriving, key=lambda one: len(one.received)))

    def _look(self, conn: Connection) -> None:
        try:
            if conn.head is None:
                self._begin(conn)
        except RefusedError as refused:
            self._stop_gathering(conn)
            _send(conn.sock, refused.answer())
            self._say_goodbye(conn)
            return
        if conn.head and len(conn.received) >= conn.head.request_bytes:
            self._hand_over(conn, conn.head)

    def _begin(self, conn: Connection) -> None:
        conn.head = read_head(bytes(conn.received))
        if conn.head:
            conn.late_at = time.monotonic() + BODY_SECONDS
            if conn.head.waits_for_word:
                _send(conn.sock, _CONTINUE)

    def _stop_gathering(self, conn: Connection) -> None:
        del self._arriving[conn]
        self._held -= len(conn.received)
        self.poller.unregister(conn.sock)

    def _say_goodbye(self, conn: Connection) -> None:
        """Wait for the client to hang up, or what it has not read yet would be lost; but not in the way of others."""
        conn.received.clear()
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.late_at = time.monotonic() + _GOODBYE_SECONDS
        self._leaving[conn] = None
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear_out, conn))

    def _hear_out(self, conn: Connection, _: object) -> None:
        if _received(conn.sock) == b"":
            self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        if conn in self._arriving:
            self._stop_gathering(conn)
        else:
            del self._leaving[conn]
            self.poller.unregister(conn.sock)
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()


def _received(sock: socket.socket) -> bytes | None:
    """None where there is nothing yet; nothing at all where the client hung up."""
    try:
        return sock.recv(65536)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _send(sock: socket.socket, words: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.send(words)
