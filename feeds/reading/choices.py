"""What EXTRACTOR, WRITER, EMBEDDER and TRANSCRIPT_SOURCES may name: ours by a short name, any class by its path."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Choice:
    """`ours` holds the path of each short name, `former` the short names of paths that are gone."""

    setting: str
    ours: Mapping[str, str]
    former: Mapping[str, str]

    def make(self, name: str) -> Any:
        """One of the class that is named; raise ImproperlyConfigured where there is none."""
        try:
            named = import_string(self.path(name))
        except ImportError as error:
            raise ImproperlyConfigured(f"{self.setting}: “{name}” cannot be imported ({error}).") from error
        return named()

    def path(self, name: str) -> str:
        """Raise ImproperlyConfigured where the name is neither short nor a path that may be there."""
        if short := self.former.get(name):
            raise ImproperlyConfigured(
                f"{self.setting}: “{name}” is now {self.ours[short]}; write “{short}” or that path."
            )
        if name not in self.ours and "." not in name:
            raise ImproperlyConfigured(f"{self.setting}: “{name}” is not {' or '.join(self.ours)} nor a dotted path.")
        return self.ours.get(name, name)


EXTRACTORS = Choice(
    "EXTRACTOR",
    ours={"local": "feeds.reading.insights.local.LocalExtractor", "llm": "feeds.library.llm.LlmExtractor"},
    former={"feeds.insights.local.LocalExtractor": "local", "feeds.insights.llm.LlmExtractor": "llm"},
)
WRITERS = Choice(
    "WRITER",
    ours={
        "editor": "feeds.reading.insights.editor.writer.Editor",
        "llm": "feeds.library.llm.writer.LlmWriter",
    },
    former={},
)
EMBEDDERS = Choice(
    "EMBEDDER",
    ours={"local": "feeds.reading.embeddings.LocalEmbedder"},
    former={"feeds.embeddings.LocalEmbedder": "local"},
)
TRANSCRIPT_SOURCES = Choice(
    "TRANSCRIPT_SOURCES",
    ours={
        "publisher": "feeds.polling.transcripts.publisher.PublisherTranscripts",
        "speech": "feeds.polling.transcripts.speech.SpeechTranscripts",
    },
    former={
        "feeds.transcripts.publisher.PublisherTranscripts": "publisher",
        "feeds.transcripts.speech.SpeechTranscripts": "speech",
    },
)
