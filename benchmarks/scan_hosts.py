"""Hosts on loopback with shows on them: `python -m benchmarks.scan_hosts` prints its port.

Every tenth show has one more episode from the moment that /night is asked for; the others are not modified then.
"""

import asyncio

from tests.feeds.rss import item, rss

HOSTS = 200
EPISODES = 300
NOTES = "<description><![CDATA[" + "<p>What the two talk about, and where to read on.</p>" * 12 + "]]></description>"


def address(number: int, *, port: int) -> str:
    host = number % HOSTS
    return f"http://127.0.{1 + host // 100}.{1 + host % 100}:{port}/show/{number}"


def is_new(number: int) -> bool:
    return number // HOSTS % 10 == number % 10


def document(*, episodes: int) -> bytes:
    return rss(*(_item(number) for number in reversed(range(episodes))))


def _item(number: int) -> str:
    audio = f"https://cdn.example/{number}.mp3"
    return item(f"guid-{number}", hours_ago=24.0 * (EPISODES - number), audio=audio, extra=NOTES)


class Hosts:
    def __init__(self) -> None:
        self._is_night = False
        self._bodies = {count: document(episodes=count) for count in (EPISODES, EPISODES + 1)}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                writer.write(self._answered(head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answered(self, head: str) -> bytes:
        path = head.split(" ", 2)[1]
        if path == "/night":
            self._is_night = True
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        episodes = EPISODES + (self._is_night and is_new(int(path.rpartition("/")[2])))
        if f'if-none-match: "{episodes}"' in head.lower():
            return f'HTTP/1.1 304 Not Modified\r\nETag: "{episodes}"\r\n\r\n'.encode()
        body = self._bodies[episodes]
        return f'HTTP/1.1 200 OK\r\nETag: "{episodes}"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body


async def main() -> None:
    server = await asyncio.start_server(Hosts().answer, "0.0.0.0", 0, backlog=1024)  # noqa: S104  every 127.x.y.z
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
