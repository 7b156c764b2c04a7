"""A reader in the middle of a very long episode."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from feeds.reading.insights.extraction import ExtractedInsight
from feeds.reading.transcripts.segments import Segment


class SlowExtractor:
    def extract(self, segments: Sequence[Segment], *, limit: int) -> list[ExtractedInsight]:
        while not Path(os.environ["LANE_MAY_END"]).exists():
            time.sleep(0.1)
        return []
