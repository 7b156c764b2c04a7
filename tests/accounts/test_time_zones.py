from __future__ import annotations

import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import time_zones


@pytest.mark.parametrize("name", sorted(zoneinfo.available_timezones()))
def test_every_iana_name_is_found_whatever_its_case(name: str) -> None:
    assert time_zones.find(name) == name
    found = time_zones.find(f" {name.lower()} ")
    assert found is not None
    assert found.lower() == name.lower()


@pytest.mark.parametrize(
    ("city", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("são paulo", "America/Sao_Paulo"),
        ("new york", "America/New_York"),
        ("munich", "Europe/Berlin"),
        ("Mumbai", "Asia/Kolkata"),
        ("San Francisco", "America/Los_Angeles"),
        ("ho chi minh", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_city_is_enough(city: str, zone: str) -> None:
    assert time_zones.find(city) == zone


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_zone_or_none(text: str) -> None:
    found = time_zones.find(text)
    assert found is None or found in time_zones.names()


def test_every_city_offered_is_found_again() -> None:
    for place in time_zones.places():
        assert time_zones.find(place.city)
