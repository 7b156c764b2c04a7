"""What was kept, put in and left out of the talk, if a text was made of it word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one word: kept, or put in where the talk has `instead_of`; `run` words beside it were kept."""

    is_kept: bool
    instead_of: tuple[str, ...]
    run: int


@dataclass(frozen=True, slots=True)
class Omission:
    """Words of the talk that are left out, or gave way, between words that are kept."""

    words: tuple[str, ...]
    run: int
    gave_way: bool


@dataclass(frozen=True, slots=True)
class EditScript:
    """One step a word of the text; omissions between its first kept word and its last."""

    steps: tuple[Step, ...]
    omissions: tuple[Omission, ...]


def edit_script(text: Sequence[str], talk: Sequence[str]) -> EditScript:
    changes = SequenceMatcher(None, text, talk, autojunk=False).get_opcodes()
    steps: list[Step] = []
    omissions: list[Omission] = []
    for number, (kind, begin, end, said, until) in enumerate(changes):
        around = [change[2] - change[1] for change in changes[max(0, number - 1) : number + 2] if change[0] == "equal"]
        run = min(around, default=0)
        instead = tuple(talk[said:until]) if kind == "replace" else ()
        steps += [Step(kind == "equal", instead, run)] * (end - begin)
        if kind in ("insert", "replace") and len(around) == 2:
            omissions.append(Omission(tuple(talk[said:until]), run, kind == "replace"))
    return EditScript(tuple(steps), tuple(omissions))
