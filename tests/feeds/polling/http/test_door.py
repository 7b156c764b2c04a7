import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from feeds.polling.http import Door, Limits, Request
from feeds.polling.http.manners import Manners
from feeds.reading.errors import AddressRefused, BadAddress, BadAnswer, HostWaits, SourceError, TooLarge, Unreachable
from tests.feeds.polling.hostile_server import Hostile

MIB = 2**20


def door(server: Hostile, **limits: Any) -> Door:
    return Door(allowed=server.allowed, limits=Limits(**limits), manners=Manners())


class Canary:
    """Listens on loopback and remembers that somebody came."""

    def __init__(self) -> None:
        self.visits = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    # shutdown wakes the accept, close alone does not.
    bird.socket.shutdown(socket.SHUT_RDWR)
    bird.socket.close()


class Answers(AbstractResolver):
    """Resolves every name to the next of the given lists of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None: ...


def test_it_gets_a_body_and_says_who_asks(server: Hostile) -> None:
    url = server.answer("/feed", b"hello", headers={"ETag": '"1"'})
    response = door(server).get(url, headers={"If-None-Match": '"0"'})
    assert (response.body, response.status, response.url, response.moved_to) == (b"hello", 200, url, None)
    assert response.headers["etag"] == '"1"'
    (sent,) = server.log.headers
    assert sent["User-Agent"].startswith("Overheard/")
    assert sent["If-None-Match"] == '"0"'


def test_a_packed_body_is_unpacked(server: Hostile) -> None:
    url = server.answer("/feed", gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    assert door(server).get(url).body == b"hello"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0x7f.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0",
     "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_dialled(canary: Canary, host: str) -> None:
    with pytest.raises(SourceError):
        Door(allowed=[], manners=Manners()).get(f"http://{host}:{canary.port}/")
    assert canary.visits == 0


def test_the_refusal_says_what_to_do(canary: Canary) -> None:
    with pytest.raises(AddressRefused, match=f"add 127.0.0.1:{canary.port} to FETCH_ALLOWED"):
        Door(allowed=[], manners=Manners()).get(f"http://127.0.0.1:{canary.port}/")


def test_the_refusal_does_not_say_where_a_name_leads(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(AddressRefused) as refusal:
        Door(allowed=[], manners=Manners()).get("http://localhost:9/")
    assert "127.0.0.1" not in str(refusal.value)
    assert "::1" not in str(refusal.value)
    assert "leads to" in caplog.text


def test_another_port_of_an_allowed_host_stays_closed(server: Hostile, canary: Canary) -> None:
    with pytest.raises(AddressRefused):
        door(server).get(f"http://127.0.0.1:{canary.port}/")
    assert canary.visits == 0


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://0x7f.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/"]
)
def test_a_redirect_to_a_private_address_is_refused(server: Hostile, canary: Canary, target: str) -> None:
    url = server.answer("/feed", status=302, headers={"Location": target.format(port=canary.port)})
    with pytest.raises(SourceError):
        door(server).get(url)
    assert canary.visits == 0


def test_a_redirect_to_the_metadata_service_is_refused(server: Hostile) -> None:
    url = server.answer("/feed", status=301, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
        door(server).get(url)


def test_a_redirect_to_another_scheme_is_refused(server: Hostile) -> None:
    url = server.answer("/feed", status=302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(BadAddress):
        door(server).get(url)


def test_a_name_that_turns_private_after_a_first_look_is_not_dialled(canary: Canary) -> None:
    resolver = Answers(["192.0.2.1"], ["127.0.0.1"])
    rebinding = Door(allowed=[], resolver=resolver, manners=Manners(), limits=Limits(seconds=2, gap=0))
    for _ in range(2):
        with pytest.raises(SourceError):
            rebinding.get(f"http://rebind.example:{canary.port}/")
    assert canary.visits == 0


def test_a_name_with_a_public_and_a_private_address_never_reaches_the_private_one(canary: Canary) -> None:
    mixed = Door(allowed=[], resolver=Answers(["127.0.0.1", "192.0.2.1"]), manners=Manners(), limits=Limits(seconds=2))
    with pytest.raises(SourceError):
        mixed.get(f"http://mixed.example:{canary.port}/")
    assert canary.visits == 0


def test_a_name_that_nobody_answers_for_does_not_outlast_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, given_up = threading.Event(), threading.Event()

    def hang(*_: object) -> list[object]:
        asked.set()
        assert given_up.wait(60), "the request waited for the name"
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(Unreachable, match="did not answer"):
        Door(allowed=[], manners=Manners(), limits=Limits(seconds=0.2)).get("http://hangs.example/")
    assert asked.is_set()
    given_up.set()


def test_a_permanent_redirect_is_told_from_a_passing_one(server: Hostile) -> None:
    end = server.answer("/end", b"x")
    middle = server.answer("/middle", status=302, headers={"Location": "/end"})
    url = server.answer("/start", status=301, headers={"Location": "/middle"})
    response = door(server).get(url)
    assert (response.url, response.moved_to) == (end, middle)
    assert door(server).get(middle).moved_to is None


def test_a_redirect_loop_ends(server: Hostile) -> None:
    server.answer("/ping", status=301, headers={"Location": "/pong"})
    url = server.answer("/pong", status=301, headers={"Location": "/ping"})
    with pytest.raises(BadAnswer, match="redirects more than 5 times"):
        door(server).get(url)
    assert len(server.log.paths) == 6


def test_a_bomb_is_not_unpacked_to_its_end(server: Hostile) -> None:
    url = server.answer("/bomb", gzip.compress(bytes(300 * MIB)), headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooLarge, match="/bomb is larger than 8 MiB"):
        door(server).get(url)


def test_a_body_without_end_is_cut_off(server: Hostile) -> None:
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(65536))

    with pytest.raises(TooLarge):
        door(server).get(server.answer_with("/endless", endless))


def test_a_server_that_drips_is_given_up_after_the_wall_time(server: Hostile) -> None:
    stop = threading.Event()

    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not stop.wait(0.02):
            handler.wfile.write(b".")

    with pytest.raises(Unreachable, match="did not answer in"):
        door(server, seconds=0.3).get(server.answer_with("/drip", drip))
    stop.set()


def test_headers_that_never_end_are_given_up(server: Hostile) -> None:
    stop = threading.Event()

    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.02):
            handler.wfile.write(b"X-Slow: 1\r\n")

    with pytest.raises(Unreachable):
        door(server, seconds=0.5).get(server.answer_with("/drip", drip))
    stop.set()


def test_a_connection_that_breaks_off_is_unreachable(server: Hostile) -> None:
    url = server.answer("/short", b"abc", headers={"Content-Length": "100"})
    with pytest.raises(Unreachable):
        door(server).get(url)


@pytest.mark.parametrize(("status", "permanent"), [(404, False), (410, True), (403, True), (500, False), (503, False)])
def test_a_status_that_is_no_answer_is_an_error_with_its_number(server: Hostile, status: int, permanent: bool) -> None:
    with pytest.raises(BadAnswer, match=f"answered {status}") as raised:
        door(server).get(server.answer("/x", status=status))
    assert (raised.value.status, raised.value.permanent) == (status, permanent)


def test_a_pause_asked_for_holds_for_the_whole_host(server: Hostile) -> None:
    shared = door(server)
    with pytest.raises(BadAnswer) as raised:
        shared.get(server.answer("/busy", status=429, headers={"Retry-After": "3600"}))
    assert raised.value.retry_after == 3600
    with pytest.raises(HostWaits) as waiting:
        shared.get(server.answer("/other", b"fine"))
    assert waiting.value.retry_after == pytest.approx(3600, abs=60)
    assert server.log.paths == ["/busy"]


def test_one_host_is_asked_one_request_at_a_time(server: Hostile) -> None:
    shared = door(server)
    urls = [server.answer(f"/{n}", b"x", delay=0.01) for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert [answer.body for answer in pool.map(shared.get, urls)] == [b"x"] * 12
    assert server.log.most_at_once == 1


def test_a_public_host_rests_after_each_request_and_an_allowed_one_need_not(server: Hostile, canary: Canary) -> None:
    manners = Manners()
    polite = Door(allowed=server.allowed, resolver=Answers(["127.0.0.1"]), manners=manners)
    with pytest.raises(AddressRefused):
        polite.get(f"http://one.feeds.example:{canary.port}/")
    polite.get(server.answer("/1", b"x"))
    now = time.monotonic()
    assert 0 < manners.wait_left("feeds.example", now=now) <= 1
    assert manners.wait_left(server.allowed[0], now=now) == 0


def test_a_batch_answers_every_request_the_bad_ones_with_their_error(server: Hostile) -> None:
    requests = {n: Request(server.answer(f"/{n}", str(n).encode())) for n in range(40)}
    requests |= {100: Request(server.base + "/gone"), 101: Request("ftp://x"), 102: Request("http://127.0.0.1:1/")}
    answers = dict(door(server, parallel=4).get_many(requests))
    assert answers.keys() == requests.keys()
    assert all(not isinstance(answers[n], SourceError) and answers[n].body == str(n).encode() for n in range(40))  # type: ignore[union-attr]
    assert [type(answers[n]) for n in (100, 101, 102)] == [BadAnswer, BadAddress, AddressRefused]


def test_a_batch_that_nobody_finishes_stops_asking(server: Hostile) -> None:
    requests = {n: Request(server.answer(f"/{n}", b"x")) for n in range(200)}
    answers = door(server, parallel=2).get_many(requests)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert len(server.log.paths) < 10


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://x.example/",
        "http://",
        "http:///x",
        "http://[::1/",
        "javascript:1",
        "http://a b/",
        "http://x:99999/",
    ],
)
def test_what_is_not_a_web_address_is_a_bad_address(url: str) -> None:
    with pytest.raises(SourceError):
        Door(allowed=[], manners=Manners()).get(url)
