"""Logs name the addresses that failed, and some addresses are keys: what follows is shortened to `…`."""

from __future__ import annotations

import logging
import re

# Tokens of links and keys of private feeds: long, and with a capital somewhere, as no slug of ours has one.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s]*[A-Z])[\w.=%-]{20,}")


class WithoutTokens(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_TOKEN.sub("…", one) if isinstance(one, str) else one for one in record.args)
        return True
