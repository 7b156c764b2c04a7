"""What recognisers of speech answer as JSON, each in its own shape, as rows in the names of Podcasting 2.0.

whisper.cpp, Deepgram, AWS Transcribe, rev.ai and Google's Speech-to-Text; those whose answer is a list of segments or
words already (Whisper, AssemblyAI) need none of this. What is not understood is passed over.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

Row = dict[str, Any]


def rows_of(found: Any) -> Sequence[Any] | None:
    """The rows; None where no recogniser known here answers so."""
    if not isinstance(found, dict):
        return None
    return next((rows for read in _READERS if (rows := list(read(found)))), None)


def _whisper_cpp(found: Row) -> Iterator[Row]:
    for part in _dicts(found.get("transcription")):
        times = part.get("timestamps")
        begin, end = (times.get("from"), times.get("to")) if isinstance(times, dict) else (None, None)
        yield {"body": part.get("text"), "speaker": part.get("speaker"), "startTime": begin, "endTime": end}


def _deepgram(found: Row) -> Iterator[Row]:
    results = found.get("results")
    if not isinstance(results, dict):
        return
    if said := list(_dicts(results.get("utterances"))):
        yield from (_row(one, body="transcript") for one in said)
        return
    for channel in _dicts(results.get("channels")):
        for heard in list(_dicts(channel.get("alternatives")))[:1]:
            yield from (_row(word, body="punctuated_word") for word in _dicts(heard.get("words")))


def _aws(found: Row) -> Iterator[Row]:
    results = found.get("results")
    items = list(_dicts(results.get("items"))) if isinstance(results, dict) else []
    speakers = _aws_speakers(results) if isinstance(results, dict) else {}
    for item in items:
        heard = next(_dicts(item.get("alternatives")), {})
        start = item.get("start_time")
        yield {
            "body": heard.get("content"), "startTime": start, "endTime": item.get("end_time"),
            "speaker": item.get("speaker_label") or speakers.get(str(start)),
            "joins": item.get("type") == "punctuation",
        }  # fmt: skip


def _aws_speakers(results: Row) -> dict[str, Any]:
    """Older answers tell apart from the words who speaks when."""
    labels = results.get("speaker_labels")
    parts = _dicts(labels.get("segments")) if isinstance(labels, dict) else ()
    return {
        str(item.get("start_time")): item.get("speaker_label", part.get("speaker_label"))
        for part in parts
        for item in _dicts(part.get("items"))
    }


def _rev_ai(found: Row) -> Iterator[Row]:
    names = {one.get("id"): one.get("name") for one in _dicts(found.get("speakers"))}
    for monologue in _dicts(found.get("monologues")):
        number = monologue.get("speaker")
        speaker = names.get(number) if isinstance(number, int | str) else None
        for element in _dicts(monologue.get("elements")):
            yield {
                "body": element.get("value"), "startTime": element.get("ts"), "endTime": element.get("end_ts"),
                "speaker": speaker or number, "joins": element.get("type") == "punct",
            }  # fmt: skip


def _google(found: Row) -> Iterator[Row]:
    results = list(_dicts(found.get("results")))
    heard = [next(_dicts(result.get("alternatives")), {}) for result in results]
    # Where voices are told apart, the last result says everything once more, with tags.
    tagged = [word for word in _dicts(heard[-1].get("words")) if word.get("speakerTag")] if heard else []
    for word in tagged or [word for one in heard for word in _dicts(one.get("words"))]:
        yield _row(word, body="word") | {"speaker": word.get("speakerTag") or word.get("speakerLabel")}
    if not any(one.get("words") for one in heard):
        yield from ({"body": one.get("transcript")} for one in heard if one.get("transcript"))


_READERS: tuple[Callable[[Row], Iterable[Row]], ...] = (_whisper_cpp, _deepgram, _rev_ai, _aws, _google)


def _dicts(found: Any) -> Iterator[Row]:
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())


def _row(one: Row, *, body: str) -> Row:
    return {
        "body": one.get(body) or one.get("word") or one.get("text"),
        "speaker": one.get("speaker"),
        "startTime": one.get("start", one.get("startTime", one.get("startOffset"))),
        "endTime": one.get("end", one.get("endTime", one.get("endOffset"))),
    }
