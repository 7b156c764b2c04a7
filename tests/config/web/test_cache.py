import secrets
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.test import Client
from pytest_django import Settings

from accounts.models import Letter
from tests.factories import make_user

BACKEND = "config.web.cache.RedisOrMemory"


@pytest.fixture
def no_redis(settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    settings.CACHES = {"default": {"BACKEND": BACKEND, "LOCATION": settings.REDIS_URL}}


@pytest.mark.django_db
@pytest.mark.usefixtures("no_redis")
def test_a_sign_in_code_can_be_asked_for_while_redis_is_away() -> None:
    make_user("ada@example.org")
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})

    answer = client.post("/account/login/code/", {"email": "ada@example.org"})

    assert answer.status_code == 302
    assert Letter.objects.get().kind == Letter.Kind.LOGIN_CODE


@pytest.mark.usefixtures("no_redis")
def test_limits_go_on_within_a_process_while_redis_is_away() -> None:
    key = secrets.token_hex()
    assert cache.add(key, 1)
    assert not cache.add(key, 2)
    assert cache.incr(key) == 2
    assert cache.get(key) == 2
    cache.set_many({f"{key}-a": 1, f"{key}-b": 2})
    assert cache.get_many([f"{key}-a", f"{key}-b"]) == {f"{key}-a": 1, f"{key}-b": 2}
    cache.delete(key)
    assert cache.get(key) is None


@pytest.mark.redis
def test_while_there_is_a_redis_all_processes_remember_the_same(redis_url: str, settings: Settings) -> None:
    settings.CACHES = {
        name: {"BACKEND": backend, "LOCATION": redis_url}
        for name, backend in {"default": BACKEND, "plain": "django.core.cache.backends.redis.RedisCache"}.items()
    }
    cache.set("key", "a value")

    assert caches["plain"].get("key") == "a value"
