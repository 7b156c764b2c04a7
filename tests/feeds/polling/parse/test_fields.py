import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.polling.parse import fields


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 23 Nov 2026 03:00:00 GMT", "2026-11-23T03:00:00"),
        ("Mon, 23 Nov 2026 03:00:00 -0500", "2026-11-23T08:00:00"),
        ("23 Nov 26 03:00 EST", "2026-11-23T08:00:00"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24T22:42:40"),
        ("Lu 7 juillet 2025 06:00:00 +0000", "2025-07-07T06:00:00"),
        ("Wed, 13 Mar 2024 10:00:00 PM EST", "2024-03-14T03:00:00"),
        ("Tue, 08 Mar 2022 15:30:00 -3000", "2022-03-08T15:30:00"),
        ("2026-11-23T03:00:00Z", "2026-11-23T03:00:00"),
        ("2026-11-23T03:00:00.123+01:00", "2026-11-23T02:00:00"),
        ("2026-11-23 03:00", "2026-11-23T03:00:00"),
        ("2026-1-3", "2026-01-03T00:00:00"),
        ("08 Sept 2013", "2013-09-08T00:00:00"),
        ("8 October 2013", "2013-10-08T00:00:00"),
        ("October 8th, 2013", "2013-10-08T00:00:00"),
        ("Tuesday, October 8, 2013", "2013-10-08T00:00:00"),
        ("Oct 8, 2013 6:30 pm", "2013-10-08T18:30:00"),
        ("08-Oct-2013 18:30", "2013-10-08T18:30:00"),
        ("20131008T183000Z", "2013-10-08T18:30:00"),
        ("2013-10-08T24:00:00Z", "2013-10-09T00:00:00"),
        ("Tue, 08 Oct 2013 24:00:00 GMT", "2013-10-09T00:00:00"),
        ("Tue, 8 Oct 2013 18:30:00 GMT+2", "2013-10-08T16:30:00"),
        ("Tue, 8 Oct 2013 18:30:00 UTC-03:30", "2013-10-08T22:00:00"),
        ("1381257000", "2013-10-08T18:30:00"),
        ("1381257000000", "2013-10-08T18:30:00"),
    ],
)
def test_dates_are_read_as_feeds_write_them(written: str, expected: str) -> None:
    assert fields.date(written) == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "Mon, 32 Foo 2020",
        "0001-01-01",
        "Thu, 01 Jan 99999 00:00:00",
        "12",
        "2013",
        "2013-10-08T25:00:00",
        "123456789012345",
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert fields.date(written) is None


@given(st.text(max_size=120))
def test_no_text_makes_a_field_raise(text: str) -> None:
    fields.date(text)
    fields.duration(text)
    fields.link(text, base="https://x.example/")
    fields.language(text)
    assert "\n" not in fields.one_line(text)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("3600", 3600), ("60:00", 3600), ("1:00:00", 3600), ("12.6", 13), ("0", None), ("1:2:3:4", None),
     ("an hour", None), ("-5", None), ("999999999", None), ("nan", None), ("inf", None)],
)  # fmt: skip
def test_durations_are_read_in_all_their_forms(written: str, seconds: int | None) -> None:
    assert fields.duration(written) == seconds
