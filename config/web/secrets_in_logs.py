"""Logs name what failed, and some of that is nobody's business: keys in addresses of pages, and who is mailed."""

from __future__ import annotations

import logging
import re

# Tokens of links and keys of private feeds: long, and with a capital somewhere, as no slug of ours has one.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s]*[A-Z])[\w.=%-]{20,}")
_MAILBOX = re.compile(r"[^\s@<>()\[\]{}\"',:;=/]+(?=@[^\s@]+\.\w)")


class WithoutSecrets(logging.Formatter):
    """Shortens them to `…`, wherever they stand: in the message, in what an exception says, in its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return _MAILBOX.sub("…", _TOKEN.sub("…", super().format(record)))
