"""What can go wrong with a source: each message names the thing and, where something can be done, says what."""


class SourceError(Exception):
    """A feed, a transcript or an address that could not be used.

    `permanent` says that asking again will not help; `retry_after` is the wait in seconds that the server asked for.
    """

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class BadAddress(SourceError):
    """Not an http or https address at all."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class AddressRefused(SourceError):
    """An address on a private network, this machine, or one that hides such an address."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class Unreachable(SourceError):
    """No answer: name, connection, TLS or time."""


class TooLarge(SourceError):
    """More bytes than are read from anybody."""


class HostWaits(SourceError):
    """The host asked for a pause that is not over; nothing was requested."""


class BadAnswer(SourceError):
    """An HTTP status that is not an answer, or a body that cannot be unpacked; `status` is 0 for the latter."""

    def __init__(
        self, message: str, *, status: int = 0, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message, permanent=permanent, retry_after=retry_after)
        self.status = status


class NotAFeed(SourceError):
    """The bytes are not a podcast's feed."""


class NotATranscript(SourceError):
    """The bytes hold no transcript in any format that is known here."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)
