"""A steady rate of sending, for mailbox providers distrust bursts. A rate of 0 means as fast as the server takes it."""

import datetime as dt

# A run does not outlast the time until the next one is rung, so that letters and composing get their turn.
_RUN_SECONDS = 25


def wait(*, per_second: float, since_last: float) -> float:
    """Seconds until the next mail. A stall is not caught up with: that would be a burst."""
    return max(0.0, 1 / per_second - since_last) if per_second else 0.0


def at_once(*, per_second: float, limit: int) -> int:
    """How many mails one run may send."""
    return max(1, min(limit, int(per_second * _RUN_SECONDS))) if per_second else limit


def back_off(failures: int) -> dt.timedelta:
    """How long to leave alone what refused so many times running."""
    return dt.timedelta(seconds=min(30 * 2 ** min(failures - 1, 10), 900))
