import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.site.share_image import HEIGHT, WIDTH, share_image
from feeds.site.share_image.lines import set_claim
from tests.factories import make_episode, make_insight


@pytest.mark.django_db
def test_the_picture_is_a_png_of_the_promised_size() -> None:
    png = share_image(make_insight("A claim worth sharing"))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)


@pytest.mark.django_db
def test_another_claim_or_another_moment_is_another_picture() -> None:
    episode = make_episode()
    first = make_insight("A claim worth sharing", episode=episode, start=100.0)
    later = make_insight("A claim worth sharing", episode=episode, start=900.0)
    other = make_insight("Another claim altogether", episode=episode, start=100.0)
    assert len({share_image(one) for one in (first, later, other)}) == 3


def test_a_short_claim_is_set_large_and_a_long_one_smaller() -> None:
    assert set_claim("Trust is slow").size > set_claim("Trust is slow because it must be earned " * 3).size


def test_a_claim_that_fits_in_no_size_ends_in_an_ellipsis() -> None:
    claim = set_claim("considerations " * 40)
    assert len(claim.lines) == 6
    assert claim.lines[-1].text.endswith("…")


@given(st.text(max_size=200))
def test_no_word_is_lost_and_no_line_leaves_its_place(claim: str) -> None:
    lines = set_claim(claim).lines
    assert len(lines) <= 6
    assert all(130 < line.y <= 490 for line in lines)
    if not lines[-1].text.endswith("…"):
        assert " ".join(line.text for line in lines).split() == claim.split()
