"""What a visitor typed, as words, phrases in quotation marks, and what must not be said, behind a minus."""

import re
from dataclasses import dataclass

_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_EDGES = " .,;:!?()[]{}'\"“”‘’«»"


@dataclass(frozen=True, slots=True)
class Question:
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """All that is looked for, as running text."""
        return " ".join([*self.words, *self.phrases])


def parse_question(text: str) -> Question:
    """Whatever was typed is a question; signs that say nothing are passed over."""
    words, phrases, unwanted = [], [], []
    for part in _PART.finditer(text):
        said = (part["phrase"] or part["word"] or "").strip(_EDGES)
        if not any(map(str.isalnum, said)):
            continue
        if part["minus"]:
            unwanted.append(said)
        elif part["phrase"] is not None:
            phrases.append(said)
        else:
            words.append(said)
    return Question(tuple(words), tuple(phrases), tuple(unwanted))
