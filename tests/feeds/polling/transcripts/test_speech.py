import http.server
import json
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from feeds.polling.http import Door
from feeds.polling.transcripts.sources import Wanted
from feeds.polling.transcripts.speech import SpeechTranscripts
from feeds.reading.errors import SourceError
from feeds.reading.transcripts.segments import Segment
from tests.feeds.polling.hostile_server import Hostile

HEARD = {
    "text": "…", "language": "english", "duration": 9.0,
    "segments": [
        {"id": 0, "start": 0.0, "end": 4.0, "text": " The queue is long.", "no_speech_prob": 0.01},
        {"id": 1, "start": 4.0, "end": 8.0, "text": " Thanks for watching!", "no_speech_prob": 0.97},
        {"id": 2, "start": 8.0, "end": 9.0, "text": " And it grows.", "no_speech_prob": 0.2},
    ],
}  # fmt: skip


class Recogniser:
    """Answers POSTs of the hostile server, and keeps what was sent."""

    def __init__(self, server: Hostile) -> None:
        self.sent: list[bytes] = []
        self.status, self.answer = 200, HEARD
        server.answer_post("/v1/audio/transcriptions", self._reply)

    def _reply(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        self.sent.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        body = json.dumps(self.answer).encode()
        handler.send_response(self.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


@pytest.fixture
def recogniser(server: Hostile, settings: Settings) -> Iterator[Recogniser]:
    settings.TRANSCRIPTION_BASE_URL = f"{server.base}/v1"
    settings.TRANSCRIPTION_API_KEY = "secret"
    yield Recogniser(server)


def wanted(audio_url: str) -> Wanted:
    return Wanted(title="One", links=[], audio_url=audio_url, audio_type="audio/mpeg", language="en-gb")


def test_a_recording_is_downloaded_once_and_its_words_are_kept(
    server: Hostile, door: Door, recogniser: Recogniser
) -> None:
    found = SpeechTranscripts().find(wanted(server.answer("/1.mp3", b"sound")), door=door)
    assert found is not None
    assert found.segments == [Segment("The queue is long.", None, 0.0, 4.0), Segment("And it grows.", None, 8.0, 9.0)]
    assert found.source == "a transcript that speech recognition made, which can mishear"
    assert server.log.paths == ["/1.mp3"]
    (sent,) = recogniser.sent
    for part in (b"sound", b"1.mp3", b"whisper-1", b"verbose_json"):
        assert part in sent


def test_without_an_endpoint_or_a_recording_there_is_no_transcript(
    server: Hostile, door: Door, recogniser: Recogniser, settings: Settings
) -> None:
    assert SpeechTranscripts().find(wanted(""), door=door) is None
    settings.TRANSCRIPTION_BASE_URL = ""
    assert SpeechTranscripts().find(wanted(server.answer("/1.mp3", b"sound")), door=door) is None
    assert server.log.paths == []


def test_an_endpoint_that_fails_is_worth_another_attempt(server: Hostile, door: Door, recogniser: Recogniser) -> None:
    recogniser.status = 500
    with pytest.raises(SourceError, match="answered 500") as raised:
        SpeechTranscripts().find(wanted(server.answer("/1.mp3", b"sound")), door=door)
    assert not raised.value.permanent
    assert len(recogniser.sent) == 1


def test_a_recording_without_speech_is_not_tried_again(server: Hostile, door: Door, recogniser: Recogniser) -> None:
    recogniser.answer = HEARD | {"segments": []}
    with pytest.raises(SourceError, match="no speech") as raised:
        SpeechTranscripts().find(wanted(server.answer("/1.mp3", b"sound")), door=door)
    assert raised.value.permanent
