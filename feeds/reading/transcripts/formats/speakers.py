"""Pure: "Ada Berg: and so it was" to who said what; the right name, or none."""

import re
from collections import Counter
from collections.abc import Sequence

# One to six words that begin like a name, then a colon: “Dr. Ada van den Berg:”, “SPEAKER_01:”, “Host 2:”; in brackets
# or before an aside, too: “[Ada]:”, “ADA BERG (HOST):”, “Bo Li (on phone):”.
_WORD = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
_NAME = rf"(?:{_WORD})(?:\s+(?:{_WORD}|de|da|del|den|der|di|du|el|la|le|van|von|bin|\d{{1,2}}|&|and)){{0,5}}"
# “Woman in audience:”: nobody by name, and yet somebody else.
_SOMEBODY = (
    r"(?:Speaker|Woman|Man|Male|Female|Caller|Audience|Questioner|Interviewer|Announcer|Voice|Reporter|Narrator|Moderator"
    r"|Unidentified|Unknown)\s+[a-z\d#][\w'’-]*(?:\s+[\w#'’-]+){0,2}"
)
_ASIDE = r"(?:\s*[(\[][^()\[\]:]{1,30}[)\]])?"
_LABEL = re.compile(rf"(?:>>+\s*)?\**[\[(]?((?:{_NAME})|(?:{_SOMEBODY})){_ASIDE}[\])]?\s*\**\s*(?::\**(?:\s+|$)|：\s*)")
# Captions begin a turn with “>>” or a dash: somebody else speaks, and only seldom is said who.
_UNNAMED_TURN = re.compile(r"(?:>>+|--?|—)\s+(?:\[([^\W\d_a-z][\w .'’-]{1,40})\]\s*)?")
_NO_NAMES = re.compile(
    "answer|attention|caution|chapter|conclusion|disclaimer|example|fact|figure|hint|however|hypothesis|important|intro|"
    "introduction|lesson|link|links|note|notes|number|option|outro|part|plus|point|ps|question|quote|remember|result|"
    "rule|section|so|source|sources|sponsor|step|summary|table|thanks|tip|title|tldr|transcript|update|warning|website|"
    "yes|no|ok|okay|well|look|listen|because|also|first|second|third|finally|today"
)
# What recognisers and typists write where they do not know a name: “Speaker 1”, “SPEAKER_00”, “Unidentified Male #2”.
_ROLE = re.compile(
    "ad|advert|advertisement|all|anchor|announcer|anonymous|audience|automated|both|break|caller|chorus|clip|co|"
    "cohost|commercial|computer|crowd|everybody|everyone|female|group|guest|guests|host|hosts|interviewee|interviewer|"
    "intro|jingle|listener|male|man|member|men|moderator|multiple|music|narrator|none|null|one|other|outro|over|"
    "participant|person|presenter|questioner|recording|reporter|several|singing|speaker|speakers|spk|sponsor|stranger|"
    "system|teaser|three|trailer|two|"
    "undefined|unidentified|unknown|unnamed|user|various|vo|voice|voiceover|voices|woman|women",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[^\W\d_]+")
LONGEST_NAME = 50
# Prose with a colon here and there stays below this share of lines.
LABELLED_THROUGHOUT = 0.5


def label_of(line: str) -> tuple[str | None, str]:
    """The label that a line begins with, or None, and the rest of the line."""
    found = _LABEL.match(line[: LONGEST_NAME + 30])
    if not found or len(found[1]) > LONGEST_NAME or _NO_NAMES.fullmatch(found[1].lower()):
        return None, line
    return found[1].strip(" *"), line[found.end() :]


def names_among(lines: Sequence[str]) -> frozenset[str]:
    """The labels that are used like speakers: at the head of many lines, again and again, or at the very start.

    Where there are such, a first and last name counts even once.
    """
    labels = [label_of(line)[0] for line in lines]
    counts = Counter(label for label in labels if label)
    if counts.total() >= max(LABELLED_THROUGHOUT * len(lines), 2):
        return frozenset(counts)
    names = {label for label, count in counts.items() if count > 1} | {label for label in labels[:1] if label}
    return frozenset(names | {label for label in counts if names and 1 <= label.count(" ") <= 2})


def attributed(lines: Sequence[str]) -> list[tuple[str | None, str]]:
    """(speaker, words) of each line; a line without a label goes on with the speaker before it.

    What looks like a label and is none ends that speaker's words: better nobody's than another's.
    """
    names = names_among(lines)
    speaker: str | None = None
    result = []
    for line in lines:
        words = line
        label, rest = label_of(line)
        if label in names:
            speaker, words = label, rest
        elif label and names:
            # Somebody else perhaps, and nobody knows who.
            speaker = None
        elif turn := _UNNAMED_TURN.match(line):
            speaker, words = turn[1], line[turn.end() :]
        result.append((speaker, words))
    return result


def is_a_name(label: str) -> bool:
    """Whether a label names somebody: “Speaker 1” and “Host” tell only that another one speaks."""
    if re.fullmatch(_SOMEBODY, label):
        return False
    return any(len(part) > 1 and not _ROLE.fullmatch(part) for part in _PARTS.findall(label))
