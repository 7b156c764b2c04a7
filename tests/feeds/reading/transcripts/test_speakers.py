import pytest

from feeds.reading.insights.candidates import Layout
from feeds.reading.insights.grounding import Ground
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.formats.speakers import is_a_name

LABELS = [
    "Speaker 1", "SPEAKER_00", "Speaker A", "Speaker One", "spk_0", "S1", "A", "Host", "Host 2", "Co-host", "Guest",
    "Unknown", "Unknown Speaker",
    "Unidentified Male #2", "Narrator", "Audience Member", "Voice-over", "Woman in audience", "???", "1", "",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_a_label_that_tells_only_that_another_one_speaks_is_no_name(label: str) -> None:
    assert not is_a_name(label)


@pytest.mark.parametrize("name", ["Ada Berg", "Chris", "DHH", "Man Ray", "Guy Raz", "Al", "李明", "Dr. Host"])
def test_a_name_is_one_even_if_a_part_of_it_is_also_a_word(name: str) -> None:
    assert is_a_name(name)


def test_labels_part_the_turns_and_name_nobody() -> None:
    lines = ["The queue for the grid is long.", "Nobody pays for the upgrade.", "So the wind farms wait."]
    cues = "\n\n".join(f"00:0{n}.000 --> 00:0{n + 1}.000\n<v SPEAKER_0{n % 2}>{line}" for n, line in enumerate(lines))
    segments = read(f"WEBVTT\n\n{cues}".encode())
    assert len(Layout.of(segments).turns) == 3
    found = Ground(segments).find(lines[1], near=None)
    assert found is not None
    assert found.speaker is None
