import pathlib
from collections.abc import Iterator

import pytest
import redis
from celery import shared_task
from django.db import transaction
from kombu import pools
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from config.web.doorbell import ring


@shared_task  # type: ignore[untyped-decorator]
def chime(number: int) -> None:
    raise AssertionError("nobody answers in these tests")


@pytest.fixture(autouse=True)
def _closed_pools() -> Iterator[None]:
    yield
    pools.reset()  # type: ignore[no-untyped-call]


@pytest.mark.django_db
@pytest.mark.redis
def test_the_bell_rings_once_the_transaction_commits(
    redis_url: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with redis.Redis.from_url(redis_url) as server:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            ring(chime, 7)
            assert server.llen("celery") == 0
        assert server.llen("celery") == 1
        assert b"test_doorbell.chime" in server.lindex("celery", 0)


@pytest.mark.django_db
def test_a_broker_that_is_down_costs_nothing_but_the_bell(
    settings: Settings,
    tmp_path: pathlib.Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    with django_capture_on_commit_callbacks(execute=True):
        ring(chime, 7)

    assert "no doorbell for" in caplog.text


@pytest.mark.django_db
def test_without_a_broker_there_is_no_bell(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.REDIS_URL = ""

    with django_capture_on_commit_callbacks() as callbacks:
        ring(chime, 7)

    assert callbacks == []
