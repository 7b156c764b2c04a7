"""The one door to the outside: nothing else opens a connection to an address that came from a stranger."""

from feeds.http.addresses import shown
from feeds.http.door import Door, Limits, Request, Response

__all__ = ["Door", "Limits", "Request", "Response", "shown"]
