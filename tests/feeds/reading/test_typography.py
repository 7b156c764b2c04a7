"""Apostrophes of our own sentences."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from feeds.reading.typography import curled
from tests.factories import make_insight

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("One client's price, and it isn't low", "One client’s price, and it isn’t low"),
        ("l'été d'Émile", "l’été d’Émile"),
        ("They called them 'IP thieves' in the '90s", "They called them 'IP thieves' in the '90s"),
        ("6'2\" tall", "6'2\" tall"),
        ("", ""),
    ],
)
def test_only_an_apostrophe_inside_a_word_is_curled(typed: str, set_: str) -> None:
    assert curled(typed) == set_


def test_a_page_sets_its_claim_and_leaves_the_quote_as_it_was_said(client: Client) -> None:
    insight = make_insight("The client's price fell", quote="It's the client's price.")
    page = client.get(insight.get_absolute_url()).content.decode()
    assert "The client’s price fell</h1>" in page
    assert escape("It's the client's price.") in page
