import pathlib
import stat

import pytest
import redis

from config.machine import embedded_redis

pytestmark = pytest.mark.redis


def test_it_answers_on_a_private_socket_and_is_gone_afterwards(_redis_server: str, tmp_path: pathlib.Path) -> None:
    with embedded_redis.running(tmp_path) as server:
        socket = pathlib.Path(server.url.removeprefix("unix://"))
        with redis.Redis.from_url(server.url) as client:
            assert client.ping()
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert not socket.parent.exists()


def test_a_message_survives_a_restart(_redis_server: str, tmp_path: pathlib.Path) -> None:
    with embedded_redis.running(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        client.rpush("bells", "ding")
    with embedded_redis.running(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.lrange("bells", 0, -1) == [b"ding"]
