"""GET through a guard: the address is checked when it is dialled, and size, time, redirects and haste are bounded."""

import asyncio
import datetime as dt
import logging
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from django.conf import settings
from yarl import URL

from feeds.polling.http.addresses import shown
from feeds.polling.http.batch import Batch
from feeds.polling.http.exchange import Request, Response
from feeds.polling.http.guard import Guard
from feeds.polling.http.manners import Manners
from feeds.polling.http.names import Resolver
from feeds.polling.http.retry_after import retry_after_seconds
from feeds.polling.http.same_host import politeness_key
from feeds.polling.http.unpacking import Unpacker
from feeds.reading.errors import AddressRefused, BadAddress, BadAnswer, HostWaits, SourceError, TooLarge, Unreachable

logger = logging.getLogger(__name__)

Key = TypeVar("Key")

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT_REDIRECTS = {301, 308}
_WORTH_ASKING_AGAIN = {404, 408, 425, 429}
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

# One for the process: a host does not care which part of it asks.
_manners = Manners()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a body, packed and unpacked; seconds on the wire for one request with its redirects; and so on.

    A pause longer than `patience` seconds, asked for by the host, is not sat out but reported as HostWaits.
    """

    body: int = 8 * 2**20
    seconds: float = 20.0
    redirects: int = 5
    gap: float = 1.0
    patience: float = 30.0
    parallel: int = 32


class Door:
    """The guarded way out.

    Addresses on private networks open only to `allowed`, a list of "host:port" to be written as in the URL. Hosts on
    that list are asked one request at a time, but without a pause.
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] | None = None,
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._allowed = frozenset(settings.FETCH_ALLOWED if allowed is None else allowed)
        self._limits = limits or Limits()
        self._resolver = resolver or Resolver()
        self._manners = manners or _manners

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Return the answer to one GET, or raise SourceError."""
        return asyncio.run(self.aget(Request(url, headers or {})))

    def with_limits(self, limits: Limits) -> "Door":
        """The same door, with the same manners, for other sizes and times."""
        return Door(allowed=self._allowed, limits=limits, resolver=self._resolver, manners=self._manners)

    def get_many(
        self, requests: Mapping[Key, Request], *, seconds: float | None = None
    ) -> Iterator[tuple[Key, Response | SourceError]]:
        """Yield each answer as it comes, many hosts at once, one request at a time for each host.

        Requests run in a thread of their own, so that a slow consumer makes nobody time out; what has been answered
        and not yet been taken is bounded, too. What has not been asked after so many `seconds` gets no answer.
        """
        yield from Batch(self, requests, parallel=self._limits.parallel, seconds=seconds).answers()

    async def aget(self, request: Request) -> Response:
        url, moved_to, all_permanent = _checked(request.url), None, True
        seconds_left = self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            async with self._turn(url):
                started = time.monotonic()
                answer = await self._ask(url, request.headers, seconds=seconds_left)
                seconds_left -= time.monotonic() - started
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                return self._judged(url, answer, moved_to)
            url = _redirected(url, answer.headers["Location"])
            all_permanent = all_permanent and answer.status in _PERMANENT_REDIRECTS
            moved_to = str(url) if all_permanent else moved_to
        raise BadAnswer(f"{shown(request.url)} redirects more than {self._limits.redirects} times")

    async def wait_before(self, url: str) -> None:
        """Sleep until a request would not have to wait for its host any more."""
        try:
            host = self._politeness_key(_checked(url))
        except BadAddress:
            return
        wait = self._manners.wait_left(host, now=time.monotonic())
        if wait < self._limits.patience:
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _turn(self, url: URL) -> AsyncIterator[None]:
        """Hold the url's host: nobody else asks it meanwhile, nor for a moment afterwards."""
        host = self._politeness_key(url)
        while wait := self._manners.try_enter(host, now=time.monotonic()):
            pause = self._manners.pause_left(host, now=time.monotonic())
            if pause > self._limits.patience:
                raise HostWaits(f"{host} asked for a pause of {pause:.0f} more seconds", retry_after=pause)
            await asyncio.sleep(wait)
        try:
            yield
        finally:
            self._manners.leave(host, now=time.monotonic(), gap=0.0 if host in self._allowed else self._limits.gap)

    async def _ask(self, url: URL, headers: Mapping[str, str], *, seconds: float) -> Response:
        guard = Guard(is_open=_host_and_port(url) in self._allowed)
        try:
            async with (
                asyncio.timeout(max(seconds, 0.0)),
                self._session(guard) as session,
                session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                body = b"" if response.status in _REDIRECTS else await self._read(response)
                return Response(str(url), response.status, response.headers, body, None)
        except TimeoutError as error:
            raise Unreachable(f"{shown(str(url))} did not answer in {self._limits.seconds:.0f} seconds") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if guard.refused:
                raise AddressRefused(_refusal(url, guard.refused)) from error
            raise Unreachable(f"{shown(str(url))} cannot be reached: {_reason(error)}") from error

    def _session(self, guard: Guard) -> aiohttp.ClientSession:
        # A connector a request: no pooled connection can outlive the check of its address.
        connector = aiohttp.TCPConnector(
            resolver=self._resolver, socket_factory=guard.socket, force_close=True, use_dns_cache=False
        )
        return aiohttp.ClientSession(
            connector=connector,
            connector_owner=True,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
            headers={"User-Agent": settings.USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate, br"},
        )

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        source, cap = shown(str(response.url)), self._limits.body
        unpacker = Unpacker(response.headers.get("Content-Encoding", ""), cap=cap, source=source)
        body, received = bytearray(), 0
        async for packed in response.content.iter_any():
            received += len(packed)
            if received > cap:
                raise TooLarge(f"{source} is larger than {cap / 2**20:.3g} MiB")
            body += unpacker.feed(packed)
        unpacker.finish()
        return bytes(body)

    def _judged(self, url: URL, answer: Response, moved_to: str | None) -> Response:
        status = answer.status
        if status in (200, 304):
            return Response(str(url), status, answer.headers, answer.body, moved_to)
        retry_after = None
        if status in (429, 503):
            retry_after = retry_after_seconds(answer.headers.get("Retry-After", ""), now=dt.datetime.now(dt.UTC))
            self._remember_pause(url, retry_after)
        permanent = 400 <= status < 500 and status not in _WORTH_ASKING_AGAIN
        message = f"{shown(str(url))} answered {status}"
        raise BadAnswer(message, status=status, permanent=permanent, retry_after=retry_after)

    def _remember_pause(self, url: URL, seconds: float | None) -> None:
        if seconds:
            self._manners.pause(self._politeness_key(url), now=time.monotonic(), seconds=seconds)

    def host_of(self, url: str) -> str:
        """What counts as one host for politeness; the address itself where it is not one."""
        try:
            return self._politeness_key(_checked(url))
        except BadAddress:
            return url

    def _politeness_key(self, url: URL) -> str:
        pair = _host_and_port(url)
        return pair if pair in self._allowed else politeness_key(url.raw_host or "")


def _checked(address: str) -> URL:
    try:
        url = URL(address.strip()).with_fragment(None)
        host = url.host or ""
        is_http = url.scheme in ("http", "https") and bool(host) and url.port is not None
        is_http = is_http and not any(character.isspace() for character in host)
    except (ValueError, TypeError) as error:
        raise BadAddress(f"“{shown(address)}” is not an address: {error}") from error
    if not is_http:
        raise BadAddress(f"“{shown(address)}” is not an http or https address")
    return url


def _redirected(url: URL, location: str) -> URL:
    return _checked(urljoin(str(url), location.strip()))


def _host_and_port(url: URL) -> str:
    host = url.host or ""
    return f"[{host}]:{url.port}" if ":" in host else f"{host}:{url.port}"


def _refusal(url: URL, addresses: Collection[str]) -> str:
    """Subscribers read it: where a name of this network leads is for the operator's log."""
    logger.warning("%s leads to %s, which is not on the public internet", shown(str(url)), ", ".join(addresses))
    return (
        f"{shown(str(url))} is not on the public internet; if it is meant, add {_host_and_port(url)} to FETCH_ALLOWED"
    )


def _reason(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]
