"""The one door to the outside: nothing else opens a connection to an address that came from a stranger."""

from feeds.polling.http.addresses import shown
from feeds.polling.http.credentials import with_credentials
from feeds.polling.http.door import Door, Limits
from feeds.polling.http.exchange import Request, Response

__all__ = ["Door", "Limits", "Request", "Response", "shown", "with_credentials"]
