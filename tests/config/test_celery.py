import pytest

from config.celery import app, broker_url


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("rediss://user:word@redis.example.com:6380/2", "rediss://user:word@redis.example.com:6380/2"),
        ("unix:///run/overheard/redis.sock", "redis+socket:///run/overheard/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("", ""),
    ],
)
def test_one_address_of_redis_serves_the_broker_too(redis_url: str, expected: str) -> None:
    assert broker_url(redis_url) == expected


def test_every_tick_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()

    assert {tick["task"] for tick in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_a_tick_that_found_no_worker_is_gone_when_the_next_one_comes() -> None:
    for tick in app.conf.beat_schedule.values():
        assert tick["options"]["expires"] <= tick["schedule"]


def test_a_task_that_kills_its_worker_is_not_handed_to_the_next() -> None:
    assert not app.conf.task_acks_late
    assert not any(task.acks_late for task in app.tasks.values())


def test_sending_never_queues_behind_reading() -> None:
    app.loader.import_default_modules()
    queues = {
        name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks if not name.startswith("celery.")
    }

    assert {queue for name, queue in queues.items() if name.startswith("feeds.")} == {"reading"}
    assert {queue for name, queue in queues.items() if not name.startswith("feeds.")} == {"sending"}
