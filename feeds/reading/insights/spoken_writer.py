"""The writer that prints what was said: cleaned, shortened and attributed, in the speaker's own words."""

from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writeup import write_up
from feeds.reading.insights.writing import PassageToPrint, Written


class SpokenWriter:
    """Its `ready` is how likely a reader understands headline and text alone."""

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:  # noqa: ARG002
        written = write_up(passage.text, speaker=passage.speaker, before=passage.before, after=passage.after)
        return Written(written.headline, written.text, written.clarity) if written.headline else None
