from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from feeds.reading.insights.candidates import Layout, stretches
from feeds.reading.insights.encoder import Encoder
from feeds.reading.insights.features import stretch_features
from feeds.reading.insights.scorer import MODEL, rows_of, scorer
from feeds.reading.transcripts.segments import Segment

TALK = [
    Segment("So how did the prices fall so quickly, and who paid for it in the end? " * 5, "Host"),
    Segment("They fell because the factories were already paid for, so every sale was a gain. " * 12, "Guest"),
    Segment("Right.", "Host"),
    Segment("And that is why nobody could follow us for years. " * 9, "Guest"),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(directory=Path(settings.VAR_DIR) / "models", threads=1)


def test_chances_never_rise_from_mark_to_mark() -> None:
    layout = Layout.of(TALK)
    chances = scorer().probabilities(layout, stretches(layout))
    assert chances.shape == (len(stretches(layout)), 3)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances, axis=1) <= 0).all()


def test_the_shipped_model_fits_the_features_and_weighs_little(encoder: Encoder) -> None:
    layout = Layout.of(TALK)
    rows = rows_of(layout, stretches(layout), encoder=encoder)
    with np.load(MODEL) as stored:
        assert stored["coefficients"].shape == (rows.shape[1],)
    assert MODEL.stat().st_size < 1_000_000
    assert np.isfinite(rows).all()


def test_a_stretch_alone_in_its_episode_has_features(encoder: Encoder) -> None:
    layout = Layout.of([Segment("Hello there.")])
    assert np.isfinite(stretch_features(layout, stretches(layout))).all()
    assert np.isfinite(rows_of(layout, stretches(layout), encoder=encoder)).all()


def test_what_stands_around_a_stretch_changes_how_it_is_read(encoder: Encoder) -> None:
    alone = encoder.read(["Prices fell by half."])[0]
    answered = encoder.read(["Why did nobody follow?", "Prices fell by half."])[1]
    assert not np.allclose(alone, answered, atol=1e-3)


def test_stretches_come_back_in_their_order_however_they_were_packed(encoder: Encoder) -> None:
    texts = [f"{number} " + "and prices fell by half " * (number * 13 % 29) for number in range(40)]
    together = encoder.read(texts)
    assert together.shape == (40, 4 * 384)
    assert np.allclose(together[0], encoder.read(texts)[0], atol=1e-4)
    assert np.linalg.norm(together[0] - together[1]) > 1
