"""Many requests at once, handed to an ordinary loop as they are answered."""

from __future__ import annotations

import asyncio
import math
import queue
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from feeds.polling.http.exchange import Request, Response
from feeds.reading.errors import SourceError

Key = TypeVar("Key")


class Asks(Protocol):
    """A door, as far as a batch uses it."""

    def host_of(self, url: str) -> str: ...

    async def wait_before(self, url: str) -> None: ...

    async def aget(self, request: Request) -> Response: ...


class Batch(Generic[Key]):
    """Runs the requests in a thread with a loop of its own; at most `parallel` are asked or wait to be consumed."""

    def __init__(
        self, door: Asks, requests: Mapping[Key, Request], *, parallel: int, seconds: float | None = None
    ) -> None:
        self._door, self._requests = door, requests
        self._until = math.inf if seconds is None else time.monotonic() + seconds
        self._answers: queue.Queue[tuple[Key, Response | SourceError] | BaseException | None] = queue.Queue()
        self._room = asyncio.Semaphore(parallel)
        self._stopped = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def answers(self) -> Iterator[tuple[Key, Response | SourceError]]:
        thread = threading.Thread(target=self._run, name="fetching", daemon=True)
        thread.start()
        try:
            while (answer := self._answers.get()) is not None:
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
                self._tell(self._room.release)
        finally:
            self._tell(self._stopped.set)
            thread.join()

    def _tell(self, what: Callable[[], object]) -> None:
        # RuntimeError: the loop is closed, all was answered.
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        try:
            asyncio.run(self._until_stopped())
        except BaseException as error:
            self._answers.put(error)
        self._answers.put(None)

    async def _until_stopped(self) -> None:
        self._loop = asyncio.get_running_loop()
        work = asyncio.create_task(self._all_hosts())
        stop = asyncio.create_task(self._stopped.wait())
        await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
        stop.cancel()
        if not work.cancelled():
            work.result()

    async def _all_hosts(self) -> None:
        by_host: dict[str, list[Key]] = defaultdict(list)
        for key, request in self._requests.items():
            by_host[self._door.host_of(request.url)].append(key)
        hosts = list(by_host.values())
        random.shuffle(hosts)
        async with asyncio.TaskGroup() as group:
            for keys in hosts:
                group.create_task(self._one_host(keys))

    async def _one_host(self, keys: list[Key]) -> None:
        for key in keys:
            request = self._requests[key]
            await self._door.wait_before(request.url)
            await self._room.acquire()
            if time.monotonic() >= self._until:
                self._room.release()
                return
            try:
                self._answers.put((key, await self._door.aget(request)))
            except SourceError as error:
                self._answers.put((key, error))
