"""What becomes of addresses that were kept before every spelling of a mailbox was one."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.utils.crypto import salted_hmac

from accounts.keyed_hashes import address_hash, address_hashes, mailbox_hash
from accounts.models import Suppression, User
from briefs.models import Interest

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def kept_before(email: str, *, days_ago: int | None = 1, **fields: object) -> User:
    """A row under the spelling that was typed; not confirmed where `days_ago` is None."""
    confirmed_at = None if days_ago is None else NOW - dt.timedelta(days=days_ago)
    return User.objects.create(email=email, confirmed_at=confirmed_at, **fields)


def former_hash(spelling: str) -> str:
    from django.conf import settings

    return salted_hmac("overheard.address", spelling, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def fold() -> None:
    importlib.import_module("accounts.migrations.0003_one_spelling_for_a_mailbox").fold(apps, None)


def test_addresses_become_what_was_dialled_for_them() -> None:
    for spelling in ("ada@bücher.example", "bob@straße.de", "eve@exam\u00adple.org", "ivy@example.org"):
        kept_before(spelling)
    fold()
    dialled = {"ada@xn--bcher-kva.example", "bob@strasse.de", "eve@example.org", "ivy@example.org"}
    assert set(User.objects.values_list("email", flat=True)) == dialled


def test_of_two_rows_for_one_mailbox_the_older_confirmed_one_stays() -> None:
    kept_before("ada@example.org", days_ago=None)
    kept_before("ada@ex\u200bample.org", days_ago=2)
    oldest = kept_before("ada@exam\u00adple.org", days_ago=9)
    Interest.objects.create(user=kept_before("ada@ｅxample.org", days_ago=1), text="tea")
    fold()
    ada = User.objects.get()
    assert (ada.pk, ada.email) == (oldest.pk, "ada@example.org")
    assert not Interest.objects.exists()


def test_a_stop_that_one_spelling_earned_holds_for_what_stays() -> None:
    kept_before("ada@exam\u00adple.org", days_ago=9)
    kept_before("ada@ex\u200bample.org", days_ago=2, stopped_at=NOW, stopped_reason="sent back")
    Suppression.objects.create(address_hash=former_hash("ada@ex\u200bample.org"), reason=Suppression.Reason.BOUNCE)
    fold()
    ada = User.objects.get()
    assert (ada.stopped_at, ada.stopped_reason) == (NOW, "sent back")
    assert Suppression.objects.get(address_hash=address_hash("ada@example.org")).reason == Suppression.Reason.BOUNCE


def test_a_complaint_stops_all_addresses_of_the_mailbox() -> None:
    kept_before("ada+podcasts@example.org", stopped_at=NOW, stopped_reason="marked as spam")
    kept_before("ada@example.org")
    kept_before("bob@example.org")
    former = former_hash("ada+podcasts@example.org")
    Suppression.objects.create(address_hash=former, reason=Suppression.Reason.COMPLAINT)
    fold()
    assert set(User.objects.filter(stopped_at=None).values_list("email", flat=True)) == {"bob@example.org"}
    assert Suppression.objects.filter(address_hash=mailbox_hash("ada+more@example.org")).exists()


def test_what_no_server_takes_is_stopped_where_it_was_confirmed_and_gone_where_it_was_not() -> None:
    jorg = kept_before("jörg@example.org")
    kept_before("jürgen@example.org", days_ago=None)
    fold()
    assert User.objects.get() == jorg
    assert "no mail server" in User.objects.get().stopped_reason


def test_a_hash_of_the_former_spelling_is_still_found() -> None:
    assert former_hash("ada@bücher.example") in address_hashes("ada@xn--bcher-kva.example")
    assert former_hash("ada+x@example.org") in address_hashes("ada+x@example.org")
