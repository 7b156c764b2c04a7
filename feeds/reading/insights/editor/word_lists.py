"""The closed classes of words in words.txt, by their names."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).with_name("words.txt")


def _read() -> Mapping[str, frozenset[str]]:
    text = "\n".join(line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    lines = re.sub(r"\n\s+", " ", text).splitlines()
    named = (line.partition(": ") for line in lines if line)
    return MappingProxyType({name: frozenset(words.split()) for name, _, words in named})


WORDS = _read()
