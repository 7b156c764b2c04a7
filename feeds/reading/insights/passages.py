"""What is shown of a passage that is no insight: a name for it, and its quote without the stutters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOST_CHARACTERS = 120
_FEWEST_LETTERS = 6
# “#12: ”, “Episode 30 - ”, “Ep. 4 | ”.
_NUMBER = re.compile(r"^(?:(?:episode|ep|no)\b\.?\s*|#)\d+\s*[:.|\u2013\u2014-]\s*|^\d+\s*[:.|]\s+", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|\u2013\u2014-]\s+|:\s+")
_INTRODUCES = r"(?:\s*,)?\s+(?:with|w/|ft\.?|feat\.?|featuring|by)\s+"

# Sounds of somebody who looks for the next word; each is a word of its own in some other language.
_HESITATION = r"(?:u+h+m*|u+m+|e+r+m*|h+m+|m+h*m+)"
_ALONE = rf"(?<![\w'’-]){_HESITATION}(?![\w'’-])"
_compile = partial(re.compile, flags=re.IGNORECASE)
_FIRST_OF_SENTENCE = _compile(rf"(^|(?<=[.?!]\s)){_ALONE}[\s,.…\u2013\u2014-]+(\w)")
_IN_COMMAS = _compile(rf"\s*,\s*{_ALONE}\s*,")
_ANYWHERE = _compile(rf"(?:\s*,)?\s*{_ALONE}(?=\s*[.?!…]|$)|\s*{_ALONE}(?:\s*,)?")
_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
# One to three words said again at once; a full stop between them makes two sentences of them.
_AGAIN = _compile(rf"(?<![\w'’-])((?:{_WORD} ){{0,2}}{_WORD})(?P<pause>\s*[,\u2013\u2014-]+)?\s+(\1)(?![\w'’-])")
# Nobody means these twice: “what it is is”, “gave her her own” and “win win” may be meant, and stay.
_LEADS = _words("a an the my our your his its their this these those")
_MEANT_ONCE = _LEADS | _words(
    "i i'm i've we we're we've you you're he he's she she's it it's they they're there there's and but or so because "
    "if when where which who what to of with for from by at as than was were are am been have has can could will would "
    "should not"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a passage was said; what is not known stays empty. `people` are whom the episode names."""

    show: str
    title: str
    people: Sequence[str] = ()


def passage_name(speaker: str, source: Source) -> str:
    """ "NAME on SUBJECT" where the title tells it, else "NAME, in “TITLE”"; "From “TITLE”" where no speaker is known.

    Whoever is quoted is named as fully as the episode names them.
    """
    title = _clipped(" ".join(source.title.split()))
    place = f"“{title}”" if title else " ".join(source.show.split())
    name = full_name(speaker, source.people)
    if not name:
        return f"From {place}"
    if (subject := _subject(title, name)) and subject.casefold() != source.show.casefold():
        return f"{name} on {subject}"
    return f"{name}, {'in' if title else 'on'} {place}"


def is_told_about(speaker: str, source: Source) -> bool:
    """Whether it can be said whose words they are, a person's or a show's, and by the title on what."""
    title = _NUMBER.sub("", " ".join(source.title.split()))
    show = " ".join(source.show.split())
    is_named = title.casefold() in (speaker.strip().casefold(), show.casefold())
    return bool((speaker.strip() or show) and not is_named and _telling(title))


def full_name(speaker: str, people: Sequence[str]) -> str:
    """The one person of the episode whose name begins or ends with what the transcript has; else that as it is."""
    said = speaker.split()
    if not said:
        return ""
    folded = [word.casefold() for word in said]
    matching = {" ".join(person.split()) for person in people if _is_part(folded, person.casefold().split())}
    return matching.pop() if len(matching) == 1 else " ".join(said)


def without_stutters(quote: str, *, language: str) -> str:
    """The quote for show: no um, and nothing said twice in a row; every other word and mark stays.

    In other languages than English it stays as it is: “um” is a word in several of them.
    """
    if language.lower().partition("-")[0] != "en":
        return quote
    return _said_once(_without_hesitations(" ".join(quote.split()))) or quote


def _without_hesitations(text: str) -> str:
    text = _FIRST_OF_SENTENCE.sub(lambda found: found[2].capitalize(), text)
    return _ANYWHERE.sub("", _IN_COMMAS.sub("", text)).lstrip(" ,")


def _said_once(text: str) -> str:
    while (once := _AGAIN.sub(_unless_meant, text)) != text:
        text = once
    return text


def _unless_meant(again: re.Match[str]) -> str:
    words = again.group(1).replace("’", "'").casefold().split()
    once = [word in _MEANT_ONCE for word in words]
    is_stutter = all(once) or (len(words) > 1 and (words[0] in _LEADS or (any(once) and not again["pause"])))
    return _with_capital(again.group(3), of=again.group(1)) if is_stutter else again.group()


def _with_capital(text: str, *, of: str) -> str:
    return text[:1].capitalize() + text[1:] if of[:1].isupper() else text


def _is_part(said: Sequence[str], name: Sequence[str]) -> bool:
    return len(said) <= len(name) and list(said) in (list(name[: len(said)]), list(name[-len(said) :]))


def _subject(title: str, name: str) -> str:
    """What the title says beside the name; "" where it says nothing or has the name in no place of its own."""
    told = _NUMBER.sub("", title)
    quoted = re.escape(name)
    if found := re.fullmatch(rf"{quoted}\s+on\s+(.+)", told, re.IGNORECASE):
        return _telling(found[1])
    if found := re.fullmatch(rf"(.+?){_INTRODUCES}{quoted}", told, re.IGNORECASE):
        return _telling(found[1])
    if found := re.fullmatch(rf"(.+?)\s+\({quoted}\)", told, re.IGNORECASE):
        return _telling(found[1])
    parts = _PARTS.split(told)
    others = [part for part in parts if part.casefold() != name.casefold()]
    return _telling(others[0]) if len(parts) == 2 and len(others) == 1 else ""


def _telling(subject: str) -> str:
    subject = subject.strip(" ,.:|-\u2013\u2014")
    letters = sum(character.isalpha() for character in subject)
    is_a_part = re.fullmatch(r"(?:part|episode|ep\.?|interview|bonus)\s*\d*", subject, re.IGNORECASE)
    return "" if letters < _FEWEST_LETTERS or is_a_part else subject


def _clipped(title: str) -> str:
    return title if len(title) <= _MOST_CHARACTERS else title[: _MOST_CHARACTERS - 1].rstrip(" ,.;:") + "…"
