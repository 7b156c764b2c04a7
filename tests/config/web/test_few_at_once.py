from __future__ import annotations

import threading

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.web.few_at_once import few_at_once


def test_past_the_places_others_are_told_to_come_back_and_then_they_may() -> None:
    inside, leave = threading.Semaphore(0), threading.Event()

    @few_at_once(2, wait_seconds=0)
    def slow(_: HttpRequest) -> HttpResponse:
        inside.release()
        leave.wait()
        return HttpResponse("found")

    request = RequestFactory().get("/search/")
    working = [threading.Thread(target=slow, args=[request]) for _ in range(2)]
    for thread in working:
        thread.start()
        inside.acquire()
    refused = slow(request)
    assert (refused.status_code, refused["Retry-After"], refused["Cache-Control"]) == (503, "5", "no-store")
    leave.set()
    for thread in working:
        thread.join()
    assert slow(request).status_code == 200


def test_a_page_that_fails_gives_its_place_back() -> None:
    @few_at_once(1, wait_seconds=0)
    def failing(_: HttpRequest) -> HttpResponse:
        raise RuntimeError

    for _ in range(3):
        try:
            failing(RequestFactory().get("/"))
        except RuntimeError:
            continue
        raise AssertionError
