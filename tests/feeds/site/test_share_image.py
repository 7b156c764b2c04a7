import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.site.share_image import HEIGHT, WIDTH, share_image
from feeds.site.share_image.lines import set_headline
from tests.factories import make_episode, make_insight


@pytest.mark.django_db
def test_the_picture_is_a_png_of_the_promised_size() -> None:
    png = share_image(make_insight("A headline worth sharing"))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_another_headline_or_another_moment_is_another_picture() -> None:
    episode = make_episode()
    first = make_insight("A headline worth sharing", episode=episode, start=100.0)
    later = make_insight("A headline worth sharing", episode=episode, start=900.0)
    other = make_insight("Another headline altogether", episode=episode, start=100.0)
    assert len({share_image(one) for one in (first, later, other)}) == 3


def test_a_short_headline_is_set_large_and_a_long_one_smaller() -> None:
    assert set_headline("Trust is slow").size > set_headline("Trust is slow because it must be earned " * 3).size


def test_a_headline_that_fits_in_no_size_ends_in_an_ellipsis() -> None:
    headline = set_headline("considerations " * 40)
    assert len(headline.lines) == 6
    assert headline.lines[-1].text.endswith("…")


@given(st.text(max_size=200))
def test_no_word_is_lost_and_no_line_leaves_its_place(headline: str) -> None:
    lines = set_headline(headline).lines
    assert len(lines) <= 6
    assert all(130 < line.y <= 490 for line in lines)
    if not lines[-1].text.endswith("…"):
        assert " ".join(line.text for line in lines).split() == headline.split()
