"""Whose words are whose: the segments of an episode, each with the full name of its speaker where that is certain."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.speakers.alone import is_monologue, only_speaker
from feeds.reading.speakers.names import distinct, is_full, names_one, same_person, stands_for, tidy
from feeds.reading.speakers.people import People, people_of
from feeds.reading.speakers.voices import Turn, names_of_voices
from feeds.reading.transcripts.segments import Segment, plain_text

NOTHING_KNOWN = EpisodeContext()
# “adaberg: not bad”: a label that the format's reader took for words, told by its coming again.
_HANDLE = re.compile(r"([^\W\d_][\w.'’-]{1,30}): (?=\S)")
_HANDLE_COMES_AGAIN = 5
_ROLE_OF_A_HOST = re.compile(r"(?:host|interviewer|moderator|presenter|narrator|anchor)", re.IGNORECASE)
_ROLE_OF_A_GUEST = re.compile(r"(?:guest|interviewee)", re.IGNORECASE)


def attributed(segments: Sequence[Segment], context: EpisodeContext = NOTHING_KNOWN) -> list[Segment]:
    """The same segments, in words and times; `speaker` is a full name as far as the episode tells it.

    A voice that the transcript tells apart and nobody names keeps the transcript's mark (“SPEAKER_01”), so that its
    turns stay apart from others; `is_a_name` knows it from a name. Where nothing is told, `speaker` is None.
    """
    labels = _labels(segments)
    text = plain_text(segments)
    people = people_of(text, context)
    marks = {label for label in labels if label is not None}
    if _one_label_hides_others(marks, text, people):
        return [replace(segment, speaker=None) for segment in segments]
    if len(marks) <= 1 and not any(map(names_one, marks)):
        alone = only_speaker(text, people)
        return [replace(segment, speaker=alone or segment.speaker) for segment in segments]
    named = _named(segments, labels, people)
    return [
        replace(segment, speaker=named.get(label, label) if label else None)
        for segment, label in zip(segments, labels, strict=True)
    ]


def _labels(segments: Sequence[Segment]) -> list[str | None]:
    """Each segment's label, or the one that stands before its words where such labels come again and again."""
    handles = [match[1] if (match := _HANDLE.match(segment.body)) else None for segment in segments]
    counts = Counter(handle for handle in handles if handle and handle.islower())
    often = {handle for handle, count in counts.items() if count >= _HANDLE_COMES_AGAIN}
    return [handle if handle in often else segment.speaker for handle, segment in zip(handles, segments, strict=True)]


def _one_label_hides_others(marks: set[str], text: str, people: People) -> bool:
    """Only the host is labelled, and yet a guest talks: the labels are not to be trusted."""
    if len(marks) != 1 or not all(map(names_one, marks)) or is_monologue(text):
        return False
    return any(not _may_be(tidy(*marks), guest) for guest in people.guests)


def _may_be(label: str, name: str) -> bool:
    return same_person(label, name) or stands_for(label, name)


def _named(segments: Sequence[Segment], labels: Sequence[str | None], people: People) -> dict[str, str]:
    """A name for each label that has one."""
    written = {label: tidy(label) for label in labels if label is not None and names_one(label)}
    known = _in_full(written, people)
    return _by_role(labels, known, people) | names_of_voices(_turns(segments, labels), known=known, people=people)


def _in_full(written: Mapping[str, str], people: People) -> dict[str, str]:
    """Labels to full names, each under one spelling; two labels of one word never become one person."""
    full = distinct([*people.guests, *people.hosts, *(name for name in written.values() if is_full(name))])
    found = {label: _full_name(name, full, people.presented) for label, name in written.items()}
    short: dict[str, list[str]] = defaultdict(list)
    for label, name in written.items():
        if found[label] != name and not is_full(name):
            short[found[label]].append(label)
    doubted = {label for labels in short.values() if len({written[one] for one in labels}) > 1 for label in labels}
    named = {label: written[label] if label in doubted else name for label, name in found.items()}
    # A small word before a colon is somebody's handle, which tells voices apart and names nobody.
    return {label: name for label, name in named.items() if not name.islower()}


def _full_name(name: str, certain: Iterable[str], presented: Iterable[str]) -> str:
    """The one full name that the label may stand for: of those named by feed, title and labels, else by the talk."""
    for names in (certain, presented):
        if found := [one for one in names if _may_be(name, one)]:
            return max(found[0], name, key=len) if len(found) == 1 else name
    return name


def _by_role(labels: Iterable[str | None], known: Mapping[str, str], people: People) -> dict[str, str]:
    """“Host” is the one host, “Guest” the one guest."""
    found: dict[str, str] = {}
    for role, names in ((_ROLE_OF_A_HOST, people.hosts), (_ROLE_OF_A_GUEST, people.guests)):
        playing = {label for label in labels if label and role.fullmatch(label.strip())}
        if len(playing) == 1 == len(names) and not any(same_person(names[0], other) for other in known.values()):
            found[playing.pop()] = names[0]
    return found


def _turns(segments: Sequence[Segment], labels: Sequence[str | None]) -> list[Turn]:
    turns: list[Turn] = []
    for segment, label in zip(segments, labels, strict=True):
        voice = label or ""
        if turns and turns[-1].voice == voice:
            turns[-1] = Turn(voice, f"{turns[-1].text} {segment.body}")
        else:
            turns.append(Turn(voice, segment.body))
    return turns
