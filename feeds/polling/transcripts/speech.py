"""Speech recognition by any endpoint that speaks OpenAI's `audio/transcriptions`; for episodes without a transcript."""

from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from openai import APIConnectionError, APIStatusError, OpenAI, OpenAIError
from openai.types.audio import TranscriptionVerbose

from feeds.polling.http import Door, Limits, shown, with_credentials
from feeds.polling.transcripts.sources import FoundTranscript, Wanted
from feeds.reading.errors import SourceError
from feeds.reading.transcripts.segments import Segment

CALLED = "a transcript that speech recognition made, which can mishear"
# Three hours at 128 kbit/s.
RECORDING = Limits(body=180 * 2**20, seconds=240.0)
SECONDS = 600.0
# Recognisers write sentences into silence; where they doubt that anybody spoke, nothing is kept.
DOUBTED = 0.6


class SpeechTranscripts:
    """Downloads the recording once, and sends it to TRANSCRIPTION_BASE_URL; keeps the words, not the sound."""

    def find(self, wanted: Wanted, *, door: Door) -> FoundTranscript | None:
        if not wanted.audio_url or not settings.TRANSCRIPTION_BASE_URL:
            return None
        address = with_credentials(wanted.audio_url, of=wanted.feed_url)
        recording = door.with_limits(RECORDING).get(address, headers={"Accept": "audio/*"}).body
        heard = self._heard(recording, wanted)
        segments = [segment for row in heard.segments or [] if (segment := _segment(row)) is not None]
        if not segments:
            raise SourceError(f"{shown(wanted.audio_url)}: no speech was recognised", permanent=True)
        return FoundTranscript(segments, CALLED, "", wanted.language)

    def _heard(self, recording: bytes, wanted: Wanted) -> TranscriptionVerbose:
        name = urlsplit(wanted.audio_url).path.rpartition("/")[2] or "episode.mp3"
        language: dict[str, Any] = {"language": wanted.language[:2]} if wanted.language else {}
        try:
            heard: TranscriptionVerbose = self._client.audio.transcriptions.create(
                file=(name, recording),
                model=settings.TRANSCRIPTION_MODEL,
                response_format="verbose_json",
                timestamp_granularities=["segment"],
                **language,
            )
            return heard
        except APIConnectionError as error:
            raise SourceError(f"the transcription endpoint cannot be reached: {error}") from error
        except APIStatusError as error:
            raise SourceError(f"the transcription endpoint answered {error.status_code}") from error
        except OpenAIError as error:
            raise SourceError(f"the transcription endpoint failed: {error}") from error

    @cached_property
    def _client(self) -> OpenAI:
        # Its own retries would outlast the lease of the episode; the sweep tries again.
        return OpenAI(
            base_url=settings.TRANSCRIPTION_BASE_URL,
            api_key=settings.TRANSCRIPTION_API_KEY or "none",
            timeout=SECONDS,
            max_retries=0,
        )


def _segment(row: Any) -> Segment | None:
    words = " ".join(row.text.split())
    doubt = getattr(row, "no_speech_prob", None) or 0.0
    if not words or doubt > DOUBTED:
        return None
    return Segment(words, None, float(row.start), float(row.end))
