"""What somebody tries who has no account. Each takes the port and how often, and returns which tries were held."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db.models import Model
from django.utils import timezone

from accounts.letters.deliver import deliver_letters
from accounts.models import CodeRequest, Letter, SignupAttempt, User
from benchmarks.attacks.sockets import HALF_A_BODY, HALF_A_CHUNK, HALF_A_HEAD, NOTHING, slow_clients
from benchmarks.attacks.visitor import Answer, Visitor
from tests.factories import make_episode, make_feed, make_insight, make_user

_LOGIN, _CONFIRM = "/account/login/code/", "/account/login/code/confirm/"
_PAYLOADS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><svg onload=alert(1)>")


def half_requests(port: int, tries: int) -> Iterator[bool]:
    """Pages asked for while five times as many half-sent heads, bodies, chunks and silent connections are there."""
    for half in (HALF_A_HEAD, HALF_A_BODY, HALF_A_CHUNK, NOTHING):
        with slow_clients(port, 5 * tries, kinds=(half,)):
            yield from (Visitor(port).get("/topics/").status == 200 for _ in range(tries))


def uploads(port: int, tries: int) -> Iterator[bool]:
    """Files where none is taken: small ones nobody keeps, large ones nobody reads."""
    for path in ("/sign-up/", _LOGIN, "/search/", "/"):
        for size in (1000, 250_000, *[3_000_000] * tries):
            yield _is_refused(port, path, size)


def searches(port: int, tries: int) -> Iterator[bool]:
    """Sixteen at once, with another page in between: each is answered or told to come back, and the page comes."""
    with ThreadPoolExecutor(17) as together:
        asked = [together.submit(Visitor(port).get, f"/search/?q=word{number}") for number in range(16 * tries)]
        pages = [together.submit(Visitor(port).get, "/topics/") for _ in range(tries)]
        yield from (answer.result().status in (200, 503) for answer in asked)
        yield from (page.result().status == 200 for page in pages)


def enumeration(port: int, tries: int) -> Iterator[bool]:
    """Whether the boxes answer a subscriber's address as they answer any other."""
    for number in range(tries):
        make_user(f"known{number}@example.org")
        for path in ("/sign-up/", _LOGIN):
            known = _asked(port, path, f"known{number}@example.org")
            yield known == _asked(port, path, f"other{number}@example.org")


def codes_used_up(port: int, tries: int) -> Iterator[bool]:
    """How many letters a stranger has sent to somebody by asking for codes again and again."""
    victim = make_user("victim@example.org")
    for _ in range(tries):
        Visitor(port).post(_LOGIN, {"email": victim.email})
        yield Letter.objects.filter(user=victim).count() <= 5


def codes_guessed(port: int, tries: int) -> Iterator[bool]:
    """The right code after three wrong ones opens nothing, and at once it does."""
    for number in range(tries):
        CodeRequest.objects.all().delete()
        thief, victim = Visitor(port), make_user(f"guessed{number}@example.org")
        thief.post(_LOGIN, {"email": victim.email})
        code = _code(victim)
        for _ in range(3):
            thief.post(_CONFIRM, {"code": "AAAAAA"})
        thief.post(_CONFIRM, {"code": code})
        yield _is_out(thief)
        owner = Visitor(port)
        owner.post(_LOGIN, {"email": victim.email})
        owner.post(_CONFIRM, {"code": _code(victim)})
        yield not _is_out(owner)


def foreign_forms(port: int, tries: int) -> Iterator[bool]:
    """Posts from another site, in the browser of nobody: nothing is written."""
    before = _written()
    for _ in range(tries):
        for path in ("/sign-up/", _LOGIN, _CONFIRM, "/account/logout/", "/preferences/", "/my-data/erase/"):
            answer = Visitor(port).post_from_elsewhere(path, {"email": "carol@example.org"})
            yield answer.status >= 300 and _written() == before


def stored_payloads(port: int, tries: int) -> Iterator[bool]:
    """Titles, names and quotes of a feed that are HTML, on every page that shows them."""
    for payload in _PAYLOADS[:tries]:
        feed = make_feed(f"Show {payload}", author=payload, description=payload)
        insight = make_insight(f"Claim {payload}", episode=make_episode(f"Episode {payload}", feed=feed))
        pages = (f"/insights/{insight.pk}/", f"/shows/{feed.slug}/", f"/episodes/{insight.episode_id}/", "/", "/shows/")
        for page in pages:
            answer = Visitor(port).get(page)
            yield answer.status == 200 and payload not in answer.text


def _is_refused(port: int, path: str, size: int) -> bool:
    try:
        return Visitor(port).upload(path, size=size).status in range(400, 500)
    except ConnectionError:  # hung up on, in the middle of it
        return True


def _asked(port: int, path: str, address: str) -> tuple[int, str, str]:
    SignupAttempt.objects.all().delete()
    CodeRequest.objects.all().delete()
    answer = Visitor(port).post(path, {"email": address})
    return answer.status, answer.location, _without_tokens(answer, address)


def _without_tokens(answer: Answer, address: str) -> str:
    return re.sub(r'value="[^"]*"', "", answer.text).replace(address, "")


def _code(victim: User) -> str:
    """As its owner reads it."""
    letter = Letter.objects.filter(user=victim).latest("pk")
    deliver_letters(now=timezone.now() + dt.timedelta(minutes=1))  # the site may be ahead by a moment
    return str(letter.context["code"])


def _is_out(visitor: Visitor) -> bool:
    return visitor.get("/my-data/").status != 200


def _written() -> list[int]:
    models: tuple[type[Model], ...] = (User, Letter, SignupAttempt, CodeRequest)
    return [model._default_manager.count() for model in models]
