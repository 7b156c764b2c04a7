import re
from pathlib import Path

import pytest

from config.celery import LANES, app, broker_url
from config.machine.lanes import processes


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


def test_a_tick_that_found_no_worker_is_gone_within_a_minute_or_when_the_next_one_comes() -> None:
    for tick in app.conf.beat_schedule.values():
        assert tick["options"]["expires"] == max(tick["schedule"], 60)


def test_a_task_that_kills_its_worker_is_not_handed_to_the_next() -> None:
    assert not app.conf.task_acks_late
    assert not any(task.acks_late for task in app.tasks.values())


def test_every_task_of_ours_has_a_tick_and_a_lane() -> None:
    """One without a tick would hang on a doorbell, and one without a lane on nobody."""
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if name.split(".")[0] in ("accounts", "feeds", "briefs", "config")}
    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in ours}

    assert ours == {tick["task"] for tick in app.conf.beat_schedule.values()}
    assert queues == {task: lane for lane, tasks in LANES.items() for task in tasks}


def test_reading_polling_and_sending_keep_no_letter_waiting() -> None:
    assert list(LANES["letters"]) == ["accounts.tasks.deliver_letters"]
    assert "briefs.tasks.deliver_due" not in LANES["reading"] | LANES["polling"] | LANES["composing"]
    assert "feeds.tasks.scan" not in LANES["reading"]


@pytest.mark.parametrize("with_broker", [True, False])
def test_each_lane_has_a_process_of_its_own_with_redis_and_without(with_broker: bool) -> None:
    named = [[lane for lane in LANES if lane in arguments] for arguments in processes(with_broker=with_broker).values()]

    assert sorted(named) == sorted([[], *([lane] for lane in LANES)] if with_broker else [[lane] for lane in LANES])


def test_the_containers_work_every_lane_and_no_other() -> None:
    compose = (Path(__file__).resolve().parents[2] / "docker-compose.yml").read_text()

    assert sorted(re.findall(r"worker -Q (\S+)", compose)) == sorted(LANES)
