"""The short form of `make attack`: every attack once or twice, against gunicorn as it is started."""

from __future__ import annotations

import pytest

from benchmarks.attacks.tries import ATTACKS, attempt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_try_is_held(port: int, attack: str) -> None:
    outcome = attempt(attack, port, tries=2)
    assert outcome.tries > 1
    assert outcome.held == outcome.tries
