"""A browser without a screen: cookies, tokens of forms, and the headers by which a browser says where it comes from."""

from __future__ import annotations

import dataclasses
import http.client
import itertools
import re
from collections.abc import Mapping
from urllib.parse import urlencode

_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|stamp)" value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


_numbers = itertools.count()


class Visitor:
    """From a network of its own."""

    def __init__(self, port: int, *, cookies: Mapping[str, str] | None = None) -> None:
        self._port = port
        number = next(_numbers)
        self._from = f"10.{number // 250}.{number % 250}.7"
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: Mapping[str, str], *, form_at: str = "") -> Answer:
        """With the hidden fields of the form on its page."""
        hidden = dict(_HIDDEN.findall(self.get(form_at or path).text))
        return self._ask("POST", path, urlencode({**hidden, **fields}).encode(), {"Sec-Fetch-Site": "same-origin"})

    def post_from_elsewhere(self, path: str, fields: Mapping[str, str]) -> Answer:
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://attacker.example"}
        return self._ask("POST", path, urlencode(fields).encode(), foreign)

    def upload(self, path: str, *, size: int) -> Answer:
        boundary = "----part"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n'
        body = head.encode() + b"x" * size + f"\r\n--{boundary}--\r\n".encode()
        own = {"Sec-Fetch-Site": "same-origin", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", path, body, own)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        sent = {"Content-Type": _FORM, "Cookie": cookies, "X-Forwarded-For": self._from}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, body, {**sent, **headers})
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(response.status, response.headers.get("Location", ""), response.read().decode())
        finally:
            connection.close()
