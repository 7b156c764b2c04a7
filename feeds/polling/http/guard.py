"""The check at dial time, on the very address that is dialled: names, redirects and literals all come through here."""

import socket
from ipaddress import ip_address

from aiohappyeyeballs import AddrInfoType

from feeds.polling.http.addresses import is_public


class Guard:
    """Makes the sockets of one request; an address that is not public gets none unless `is_open`.

    `refused` collects what was turned away, to be named in the error.
    """

    def __init__(self, *, is_open: bool) -> None:
        self._is_open = is_open
        self.refused: list[str] = []

    def socket(self, info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        host = str(sockaddr[0])
        if not self._is_open and not is_public(ip_address(host)):
            self.refused.append(host)
            raise OSError(f"{host} is not public")
        return socket.socket(family=family, type=kind, proto=protocol)
