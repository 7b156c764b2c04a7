from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.chaos.table import Judge


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("seeds") + 1))


@pytest.fixture
def judge(record_property: Callable[[str, object], None]) -> Iterator[Judge]:
    judge = Judge(record_property)
    yield judge
    assert not judge.against
