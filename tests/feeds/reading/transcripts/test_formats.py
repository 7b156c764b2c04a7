import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.reading.errors import NotATranscript
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.formats.speakers import is_a_name
from feeds.reading.transcripts.segments import Segment

VTT = """WEBVTT - made by hand
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred

NOTE this is
not speech --> at all

intro
00:01.000 --> 00:03.500 align:start position:0%
<v Ada Berg>Grids &amp; queues are <i>not</i>
the same thing.</v>

01:00:03.500 --> 01:00:05.000
<v.loud Tom Reyes>Why not?</v> <v Ada Berg>Because of upgrades.

00:bad --> 00:09.000
lost
"""


def test_webvtt_gives_voices_times_and_words_only() -> None:
    assert read(VTT.encode()) == [
        Segment("Grids & queues are not the same thing.", "Ada Berg", 1.0, 3.5),
        Segment("Why not?", "Tom Reyes", 3603.5, 3605.0),
        Segment("Because of upgrades.", "Ada Berg", 3603.5, 3605.0),
    ]


def test_captions_that_roll_are_said_once() -> None:
    rolling = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n{before}\n{line}"
        for n, (before, line) in enumerate([(" ", "one two<00:00.5><c> three</c>"), ("one two three", "four five six"),
                                            ("four five six", "seven eight")])
    )  # fmt: skip
    assert [segment.body for segment in read(rolling.encode())] == ["one two three", "four five six", "seven eight"]


@pytest.mark.parametrize(
    ("cues", "said"),
    [
        (
            ["so the queue for", "the queue for the grid is", "for the grid is long and", "is long and it grows"],
            ["so the queue for", "the grid is", "long and", "it grows"],
        ),
        (["so", "so the", "so the queue", "so the queue is long"], ["so", "the", "queue", "is long"]),
        (["so the queue is", "so the queue is", "long and it", "long and it"], ["so the queue is", "long and it"]),
    ],
    ids=["they overlap", "they grow", "they stay"],
)
def test_captions_that_roll_within_a_line_are_said_once(cues: list[str], said: list[str]) -> None:
    vtt = "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues))
    assert [segment.body for segment in read(vtt.encode())] == said


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=4, max_size=20), st.integers(3, 6))
def test_however_captions_roll_every_word_is_said_once(steps: list[int], shown: int) -> None:
    words = [f"word{number}" for number in range(100)]
    ends = [shown + 2 + sum(steps[:number]) for number in range(len(steps) + 1)]
    cues = [" ".join(words[max(0, end - shown - 2) : end]) for end in ends]
    vtt = "WEBVTT\n\n" + "\n\n".join(f"00:{n:02}.000 --> 00:{n + 1:02}.000\n{cue}" for n, cue in enumerate(cues))
    with contextlib.suppress(NotATranscript):
        assert " ".join(segment.body for segment in read(vtt.encode())).split() == words[: ends[-1]]


def test_a_word_said_twice_stays_twice() -> None:
    cues = ["So what did they do then?", "Yeah.", "Yeah.", "They built the line.", "And it paid.", "Well."]
    vtt = "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues))
    assert [segment.body for segment in read(vtt.encode())] == cues


SRT = (
    "1\r\n00:00:00,500 --> 00:00:02,000\r\nAda Berg: The queue is long,\r\nand it grows.\r\n\r\n"
    "2\r\n00:00:02,000 --> 00:00:04,000\r\n<i>Every year.</i>\r\n\r\n"
    "3\r\n00:00:04,000 --> 00:00:05,000\r\nTom Reyes: Note: why?\r\n\r\n"
    "4\r\n00:00:05,000 --> 00:00:06,000\r\n[Music]\r\n"
)


def test_subrip_carries_the_speaker_on_until_the_next_label() -> None:
    assert read(SRT.encode()) == [
        Segment("The queue is long, and it grows.", "Ada Berg", 0.5, 2.0),
        Segment("Every year.", "Ada Berg", 2.0, 4.0),
        Segment("Note: why?", "Tom Reyes", 4.0, 5.0),
    ]


def test_subrip_without_numbers_and_empty_lines_is_read() -> None:
    srt = "00:00:01,000 --> 00:00:02,000\nfirst words here\n2\n00:00:02,000 --> 00:00:03,000\nsecond words there"
    assert [segment.body for segment in read(srt.encode())] == ["first words here", "second words there"]


def as_json(*segments: object) -> bytes:
    return json.dumps({"version": "1.0.0", "segments": segments}).encode()


def test_podcasting_2_json_is_read() -> None:
    found = read(
        as_json(
            {"speaker": "Ada", "startTime": 0.5, "endTime": 2, "body": "The queue is long."},
            {"startTime": 2, "body": " And it\ngrows. "},
            {"speaker": "Tom", "startTime": "00:00:04.000", "endTime": 3, "body": "Why?"},
            {"speaker": None, "startTime": -1, "body": "Because."},
            {"body": 7},
            "noise",
        )
    )
    assert found == [
        Segment("The queue is long.", "Ada", 0.5, 2.0),
        Segment("And it grows.", None, 2.0, 4.0),
        Segment("Why?", "Tom", 4.0, None),
        Segment("Because.", None, None, None),
    ]


def test_segments_of_one_word_become_sentences() -> None:
    words = ["The", "queue", ",", "you", "see", ",", "is", "long", ".", "And", "it", "grows", "."]
    rows = [{"speaker": "Ada", "startTime": n, "endTime": n + 1, "body": word} for n, word in enumerate(words)]
    assert read(as_json(*rows, {"speaker": "Tom", "startTime": 20, "endTime": 21, "body": "Why?"})) == [
        Segment("The queue, you see, is long.", "Ada", 0, 9),
        Segment("And it grows.", "Ada", 9, 13),
        Segment("Why?", "Tom", 20, 21),
    ]


def test_the_json_of_recognisers_is_read_too() -> None:
    whisper = {"text": "…", "segments": [{"id": 0, "start": 0.0, "end": 2.5, "text": " The queue is long indeed."}]}
    assert read(json.dumps(whisper).encode()) == [Segment("The queue is long indeed.", None, 0.0, 2.5)]


RECOGNISED = {
    "whisper.cpp": {
        "systeminfo": "AVX = 1", "result": {"language": "en"},
        "transcription": [
            {"timestamps": {"from": "00:00:01,000", "to": "00:00:03,000"}, "offsets": {"from": 1000, "to": 3000},
             "text": " The queue is long."},
            {"timestamps": {"from": "00:00:04,000", "to": "00:00:05,500"}, "offsets": {"from": 4000, "to": 5500},
             "text": " And it grows."},
        ],
    },
    "Deepgram": {
        "metadata": {"channels": 1},
        "results": {"channels": [{"alternatives": [{"transcript": "the queue is long and it grows", "words": [
            {"word": "the", "start": 1.0, "end": 1.5, "punctuated_word": "The"},
            {"word": "queue", "start": 1.5, "end": 2.0, "punctuated_word": "queue"},
            {"word": "is", "start": 2.0, "end": 2.5, "punctuated_word": "is"},
            {"word": "long", "start": 2.5, "end": 3.0, "punctuated_word": "long."},
            {"word": "and", "start": 4.0, "end": 4.5, "punctuated_word": "And"},
            {"word": "it", "start": 4.5, "end": 5.0, "punctuated_word": "it"},
            {"word": "grows", "start": 5.0, "end": 5.5, "punctuated_word": "grows."},
        ]}]}]},
    },
    "Deepgram with utterances": {
        "results": {"utterances": [
            {"start": 1.0, "end": 3.0, "transcript": "The queue is long.", "speaker": 0},
            {"start": 4.0, "end": 5.5, "transcript": "And it grows.", "speaker": 1},
        ]},
    },
    "AssemblyAI": {
        "id": "x", "text": "The queue is long. And it grows.",
        "utterances": [
            {"speaker": "A", "text": "The queue is long.", "start": 1000, "end": 3000},
            {"speaker": "B", "text": "And it grows.", "start": 4000, "end": 5500},
            {"speaker": "A", "text": "Yes, every year, by a third.", "start": 200_000, "end": 203_000},
        ],
    },
    "AWS Transcribe": {
        "jobName": "x",
        "results": {
            "transcripts": [{"transcript": "The queue is long. And it grows."}],
            "speaker_labels": {"segments": [
                {"speaker_label": "spk_0", "items": [{"start_time": t} for t in ("1.0", "1.5", "2.0", "2.5")]},
                {"speaker_label": "spk_1", "items": [{"start_time": t} for t in ("4.0", "4.5", "5.0")]},
            ]},
            "items": [
                {"type": "pronunciation", "start_time": start, "end_time": end, "alternatives": [{"content": word}]}
                if start else {"type": "punctuation", "alternatives": [{"content": word}]}
                for start, end, word in [
                    ("1.0", "1.5", "The"), ("1.5", "2.0", "queue"), ("2.0", "2.5", "is"), ("2.5", "3.0", "long"),
                    ("", "", "."), ("4.0", "4.5", "And"), ("4.5", "5.0", "it"), ("5.0", "5.5", "grows"), ("", "", "."),
                ]
            ],
        },
    },
    "rev.ai": {
        "monologues": [
            {"speaker": 0, "elements": [
                {"type": "text", "value": "The", "ts": 1.0, "end_ts": 1.5}, {"type": "punct", "value": " "},
                {"type": "text", "value": "queue", "ts": 1.5, "end_ts": 2.0}, {"type": "punct", "value": " "},
                {"type": "text", "value": "is", "ts": 2.0, "end_ts": 2.5}, {"type": "punct", "value": " "},
                {"type": "text", "value": "long", "ts": 2.5, "end_ts": 3.0}, {"type": "punct", "value": "."},
            ]},
            {"speaker": 1, "elements": [
                {"type": "text", "value": "And", "ts": 4.0, "end_ts": 4.5}, {"type": "punct", "value": " "},
                {"type": "text", "value": "it", "ts": 4.5, "end_ts": 5.0}, {"type": "punct", "value": " "},
                {"type": "text", "value": "grows", "ts": 5.0, "end_ts": 5.5}, {"type": "punct", "value": "."},
            ]},
        ],
        "speakers": [{"id": 0, "name": "Ada Berg"}],
    },
    "Google": {
        "results": [
            {"alternatives": [{"transcript": "The queue is long.", "words": [
                {"startTime": "1s", "endTime": "1.500s", "word": "The"},
                {"startTime": "1.500s", "endTime": "2s", "word": "queue"},
                {"startTime": "2s", "endTime": "2.500s", "word": "is"},
                {"startTime": "2.500s", "endTime": "3s", "word": "long."},
            ]}]},
            {"alternatives": [{"transcript": "And it grows.", "words": [
                {"startTime": {"seconds": "4", "nanos": 0}, "endTime": {"seconds": 4, "nanos": 500_000_000},
                 "word": "And"},
                {"startTime": "4.500s", "endTime": "5s", "word": "it"},
                {"startTime": "5s", "endTime": "5.500s", "word": "grows."},
            ]}]},
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("recogniser", RECOGNISED)
def test_the_json_of_each_recogniser_is_read(recogniser: str) -> None:
    found = read(json.dumps(RECOGNISED[recogniser]).encode())[:2]
    assert [(one.body, one.start, one.end) for one in found] == [
        ("The queue is long.", 1.0, 3.0), ("And it grows.", 4.0, 5.5)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("recogniser", "speakers"),
    [
        ("whisper.cpp", [None, None]), ("Deepgram with utterances", ["Speaker 0", "Speaker 1"]),
        ("AssemblyAI", ["A", "B"]), ("AWS Transcribe", ["spk_0", "spk_1"]), ("rev.ai", ["Ada Berg", "Speaker 1"]),
    ],
)  # fmt: skip
def test_a_recogniser_tells_voices_apart_and_names_those_it_has_names_for(
    recogniser: str, speakers: list[str | None]
) -> None:
    assert [one.speaker for one in read(json.dumps(RECOGNISED[recogniser]).encode())[:2]] == speakers


def test_times_in_milliseconds_are_told_by_the_words_between_them() -> None:
    rows = [{"startTime": n * 60_000, "endTime": n * 60_000 + 9000, "body": "The queue is long."} for n in range(20)]
    assert [(one.start, one.end) for one in read(as_json(*rows))][:2] == [(0, 9), (60, 69)]
    assert read(as_json(*rows))[-1].start == 19 * 60


def test_a_slow_talk_in_seconds_stays_in_seconds() -> None:
    rows = [{"startTime": n * 60, "body": "The queue is long."} for n in range(20)]
    assert read(as_json(*rows))[-1].start == 19 * 60


def test_podcasting_2_html_is_read() -> None:
    html = """<cite>Ada Berg:</cite><time>0:04</time><p>The queue is <em>long</em>.</p><p>It grows.</p>
    <cite>Tom:</cite> <time>1:02:03</time> <p>Why &amp; how?</p>"""
    assert read(html.encode()) == [
        Segment("The queue is long.", "Ada Berg", 4.0, 3723.0),
        Segment("It grows.", "Ada Berg", None, None),
        Segment("Why & how?", "Tom", 3723.0, None),
    ]


def test_a_blog_page_gives_its_prose_and_not_its_menus() -> None:
    prose = "We wait for the grid because nobody pays for the upgrade that all would use. " * 2
    html = f"""<!DOCTYPE html><html><head><title>Pod</title><style>p{{}}</style></head><body>
    <nav><ul><li><a href="/">Home</a></li></ul></nav><h1>Episode 4: The queue</h1>
    <div class="toc"><p>Contents</p></div>
    <article><p><strong>Ada Berg:</strong> {prose}</p><p><strong>Tom Reyes:</strong> {prose}<br>[00:10] {prose}</p>
    <p><a href="/x">Read more about it here</a></p></article><footer><p>© nobody</p></footer></body></html>"""
    found = read(html.encode())
    assert [(segment.speaker, segment.start) for segment in found] == [
        ("Ada Berg", None), ("Tom Reyes", None), ("Tom Reyes", 10.0)
    ]  # fmt: skip
    assert all(segment.body == prose.strip() for segment in found)


@pytest.mark.parametrize(
    "text",
    [
        "Ada Berg: The queue is long.\nIt grows.\n\nTom: Why is that so?\n\nAda Berg: Upgrades.",
        "Ada Berg (00:00:05): The queue is long. It grows.\nTom (00:09): Why is that so?\nAda Berg [0:12]: Upgrades.",
        "Ada Berg  0:05\nThe queue is long. It grows.\n\nTom  0:09\nWhy is that so?\n\nAda Berg  0:12\nUpgrades.",
        "[00:05] Ada Berg: The queue is long. It grows.\n[00:09] Tom: Why is that so?\n[00:12] Ada Berg: Upgrades.",
        "**Ada Berg:** The queue is long. It grows.\n\n**Tom:** Why is that so?\n\n**Ada Berg:** Upgrades.",
        "ADA BERG:\nThe queue is long. It grows.\n\nTOM:\nWhy is that so?\n\nADA BERG:\nUpgrades.",
    ],
    ids=["turns", "name and time", "time on its own line", "time first", "bold", "names on their own lines"],
)
def test_plain_text_is_cut_into_turns(text: str) -> None:
    found = read(text.encode())
    assert [(str(segment.speaker).title(), segment.body) for segment in found] == [
        ("Ada Berg", "The queue is long. It grows."),
        ("Tom", "Why is that so?"),
        ("Ada Berg", "Upgrades."),
    ]
    if "0:05" in text:
        assert [segment.start for segment in found] == [5, 9, 12]


@pytest.mark.parametrize(
    "text",
    [
        "[Ada Berg]: The queue is long.\n\n[Tom]: Why is that so?\n\n[Ada Berg]: Upgrades.",
        "(Ada Berg): The queue is long.\n\n(Tom): Why is that so?\n\n(Ada Berg): Upgrades.",
        "ADA BERG (HOST): The queue is long.\n\nTOM (on phone): Why is that so?\n\nADA BERG (HOST): Upgrades.",
        "Ada Berg [host]: The queue is long.\n\nTom [laughing]: Why is that so?\n\nAda Berg: Upgrades.",
    ],
    ids=["square", "round", "role", "manner"],
)
def test_labels_in_brackets_and_before_them_are_names(text: str) -> None:
    assert [(str(one.speaker).title(), one.body) for one in read(text.encode())] == [
        ("Ada Berg", "The queue is long."), ("Tom", "Why is that so?"), ("Ada Berg", "Upgrades.")
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["Bob", "Woman in audience", "Caller from Oslo"])
def test_what_somebody_unknown_says_is_not_given_to_the_person_before(label: str) -> None:
    text = f"Tom: And why?\n\nAda: The queue.\n\n{label}: Is it that long?\n\nAda: It is.\n\nTom: Thanks.\n\n" + (
        "It is as long as it was last year, and nobody pays for the upgrade.\n\n" * 6
    )
    found = {one.body: one.speaker for one in read(text.encode())}
    (speaker,) = (speaker for body, speaker in found.items() if "that long" in body)
    assert speaker is None or not is_a_name(speaker)
    assert found["It is."] == "Ada"


LOST = "<p>It may have been moved, or you may have mistyped it. Try the search, or go to our home page.</p>" * 4


@pytest.mark.parametrize(
    "page",
    [
        f"<html><head><title>404 Not Found</title></head><body><p>Hello there.</p>{LOST}</body></html>",
        f"<html><head><title>Acme FM</title></head><body><h1>Page not found</h1>{LOST}</body></html>",
        f"<html><body><h2>Hm</h2><p>Sorry, the page you are looking for does not exist.</p>{LOST}</body></html>",
        f"<html><head><title>Just a moment...</title></head><body><p>We check.</p>{LOST}</body></html>",
        f"<html><head><title>Log in – Acme FM</title></head><body><p>Members of Acme only.</p>{LOST}</body></html>",
        "404 Not Found\nnginx says that there is nothing at this address",
        "The requested URL was not found on this server, which is all that we know.",
    ],
)
def test_a_page_of_error_is_no_transcript_whatever_its_status(page: str) -> None:
    with pytest.raises(NotATranscript, match="page of error"):
        read(page.encode())


def test_a_talk_about_lost_pages_is_a_transcript() -> None:
    talk = "<p>And so the visitor saw that the page was not found, although the server had it all along.</p>" * 40
    page = f"<html><head><title>404: a short history</title></head><body>{talk}</body></html>"
    assert "not found" in read(page.encode())[0].body


def test_a_language_without_spaces_is_no_empty_transcript() -> None:
    turns = [
        "田中：電力網への接続を待つ列は、風力タービンよりもずっと長いのです。",
        "鈴木：それはなぜですか。",
        "田中：誰も費用を払わないからです。",
    ]
    text = "\n\n".join(turns)
    assert [segment.speaker for segment in read(text.encode())] == ["田中", "鈴木", "田中"]


def test_prose_with_colons_has_no_speakers() -> None:
    text = "Here is the thing: nobody pays.\n\nRemember: upgrades cost money.\n\nThe queue is long. Note: it grows."
    assert {segment.speaker for segment in read(text.encode())} == {None}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_the_letters_survive_every_encoding(encoding: str) -> None:
    text = "Ada Müller: Über die Größe der Café-Kultur.\n\nTom: Ja, Öfen fürs Café."
    assert read(text.encode(encoding))[0] == Segment("Über die Größe der Café-Kultur.", "Ada Müller")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\0", "empty"),
        (b"WEBVTT\n\n", "0 words"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 40, "not a text"),
        (b'{"error": "not found"}', "without a list of segments"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "feed"),
        (b"<!DOCTYPE html><html><body><h1>Hm</h1><p>Nothing to see.</p></body></html>", "hardly any text"),
        (b"[" * 100_000, "words"),
        (b'{"segments": [{"speaker": "Ada", "body": "The queue for the grid is lo', "breaks off"),
    ],
)
def test_what_is_no_transcript_is_called_so(data: bytes, message: str) -> None:
    with pytest.raises(NotATranscript, match=message):
        read(data)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([b"", b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b'{"segments": [', b"<p>", b"<cite>A:</cite><p>",
                     b"1\n00:00:01,000 --> 00:00:02,000\n", b"Ada: "]),
    st.binary(max_size=300) | st.text(max_size=300).map(str.encode),
)  # fmt: skip
def test_any_bytes_give_clean_segments_or_not_a_transcript(head: bytes, noise: bytes) -> None:
    with contextlib.suppress(NotATranscript):
        for segment in read(head + noise):
            assert segment.body == " ".join(segment.body.split()) != ""
            assert "\0" not in segment.body
            assert segment.start is None or segment.start >= 0
            assert segment.end is None or (segment.start is not None and segment.end >= segment.start)


@pytest.mark.parametrize(
    "data",
    [
        b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nx\n\n" * 250_000,
        b"a " * 2_000_000,
        b"<p>" * 500_000 + b"word " * 50,
        b"<" * 2_000_000,
        b"Name: " * 400_000,
        b"00:00:01,000 --> " * 100_000,
        b'{"segments": [' + b'{"body": "x"},' * 300_000 + b'{"body": "y"}]}',
        b"[[" * 500_000,
    ],
)
def test_a_hostile_size_is_read_or_refused_but_never_hangs(data: bytes) -> None:
    with contextlib.suppress(NotATranscript):
        read(data)


@pytest.mark.corpus
def test_recorded_transcripts_are_read_with_their_times(shared: Path) -> None:
    for file in sorted((shared / "data" / "transcripts").iterdir()):
        found = read(file.read_bytes())
        assert len(found) >= 5, file.name
        if file.suffix in (".vtt", ".srt", ".json"):
            assert all(segment.start is not None for segment in found), file.name
