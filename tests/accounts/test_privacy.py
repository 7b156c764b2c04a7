from __future__ import annotations

import io
import json
import subprocess
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from accounts.entering.signup import sign_up
from accounts.keyed_hashes import address_hash
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.links import preferences_url
from accounts.models import Letter, Session, SignupAttempt, Suppression, User
from accounts.privacy import erase, export
from accounts.tokens import unsubscribe_token
from briefs.models import Follow, Interest, SavedInsight, Vote
from config.machine.server_account import PROGRAMS, package_of_the_server
from config.web.networks import network_hash
from tests.factories import make_brief, make_feed, make_insight, make_topic, make_user


@pytest.fixture
def known(alice: User) -> User:
    """A subscriber with something in every table that can name one."""
    insight = make_insight("A claim")
    Interest.objects.create(user=alice, topic=make_topic("Economics"))
    Interest.objects.create(user=alice, text="rail freight")
    Follow.objects.create(user=alice, feed=make_feed())
    Vote.objects.create(user=alice, insight=insight, value=1)
    SavedInsight.objects.create(user=alice, insight=insight)
    make_brief(alice, insights=[insight])
    request_letter(alice, Letter.Kind.SIGN_IN)
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    alice.events.create(kind="signed in")
    return alice


def data_of(user: User) -> dict[str, list[dict[str, object]]]:
    with zipfile.ZipFile(io.BytesIO(export(user, now=timezone.now()))) as archive:
        assert sorted(archive.namelist()) == ["README.txt", "data.json"]
        assert user.email in archive.read("README.txt").decode()
        tables: dict[str, list[dict[str, object]]] = json.loads(archive.read("data.json"))
        return tables


def test_the_export_holds_every_row_about_a_person(known: User) -> None:
    make_brief(make_user(), insights=[make_insight()])
    tables = data_of(known)
    for name in ("account", "interests", "follows", "votes", "saved insights", "briefs", "brief items", "letters"):
        assert tables[name], name
    assert len(tables["interests"]) == 2
    assert tables["votes"][0]["value"] == 1
    assert tables["account"][0]["email"] == "alice@example.org"


def test_the_export_holds_what_is_known_by_the_address_alone(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    sign_up(alice.email, network=network_hash("203.0.113.1"), now=timezone.now())
    Suppression.objects.create(address_hash=address_hash(alice.email), reason="bounce")
    Suppression.objects.create(address_hash=address_hash("other@example.org"), reason="bounce")
    tables = data_of(alice)
    assert [len(tables[name]) for name in ("suppressions", "signup attempts")] == [1, 1]
    assert [sorted(session) for session in tables["sessions"]] == [["expire_date", "user_id"]]


def test_no_table_that_names_a_subscriber_is_forgotten(known: User) -> None:
    """Whoever adds a table that points at a person finds it exported without doing anything."""
    exported = set(data_of(known))
    pointing = {
        str(model._meta.verbose_name_plural)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User and model._meta.app_label != "admin"
    }
    assert pointing <= exported


def test_no_column_that_holds_an_address_is_forgotten() -> None:
    """Whoever adds one outside the account names it in the settings, or gives it a way to the person."""
    elsewhere = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField) and not _belongs_to_a_person(model)
    }
    assert elsewhere == set(settings.ADDRESSES_ELSEWHERE.items())


def _belongs_to_a_person(model: type[models.Model]) -> bool:
    return model is User or any(field.related_model is User for field in model._meta.concrete_fields)


def test_the_address_left_with_a_report_is_exported_and_erased_with_its_account(alice: User) -> None:
    insight = make_insight()
    for contact in ("Alice@Example.org", "bob@example.org"):
        insight.reports.create(reason="speaker", message="That was Ben.", contact=contact)
    (exported,) = data_of(alice)["insight reports"]
    assert (exported["contact"], exported["message"]) == ("Alice@Example.org", "That was Ben.")
    erase(alice, now=timezone.now())
    assert set(insight.reports.values_list("contact", "message")) == {
        ("", "That was Ben."),
        ("bob@example.org", "That was Ben."),
    }


def test_the_export_holds_no_secret_and_nobody_else(known: User) -> None:
    other = make_user("other@example.org")
    Interest.objects.create(user=other, text="something private")
    text = json.dumps(data_of(known))
    assert "something private" not in text
    assert "password" not in text


def test_erasing_leaves_no_row_and_stops_mail_in_flight(known: User) -> None:
    sign_up("alice@example.org", network=network_hash("203.0.113.1"), now=timezone.now())
    Client().post("/account/login/code/", {"email": "alice@example.org"})
    pk = known.pk
    erase(known, now=timezone.now())
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User:
                assert not model._base_manager.filter(**{field.attname: pk}).exists(), model
    assert not SignupAttempt.objects.exists()
    assert not Session.objects.exists()
    deliver_letters(now=timezone.now())
    assert mail.outbox == []
    assert Suppression.objects.get().address_hash == address_hash("alice@example.org")


@pytest.mark.django_db(transaction=True)
def test_a_dump_after_erasing_knows_the_address_no_more(reader: Client) -> None:
    alice = make_user("alice.unmistakable@example.org")
    reader.force_login(alice)
    reader.get("/preferences/")
    request_letter(alice, Letter.Kind.CONFIRM_ADDRESS, to="alice.other@example.org")
    sign_up("alice.unmistakable@example.org", network=network_hash("203.0.113.1"), now=timezone.now())
    bob = make_user("bob@example.org", is_staff=True)
    LogEntry.objects.log_actions(bob.pk, [alice], CHANGE, change_message="", single_object=True)
    request_letter(bob, Letter.Kind.CONFIRM_ADDRESS, to="alice.unmistakable@example.org")
    make_insight().reports.create(reason="owner", contact="alice.unmistakable@example.org")
    assert b"alice.unmistakable" in _dump()
    reader.post("/my-data/erase/")
    after = _dump()
    assert b"alice.unmistakable" not in after
    assert b"alice.other" not in after
    assert address_hash("alice.unmistakable@example.org").encode() in after


@pytest.mark.parametrize("way", ["delete one", "delete selected", "command"])
def test_an_operator_who_deletes_a_subscriber_erases_them(known: User, way: str) -> None:
    operator = make_user("operator@example.org", is_staff=True, is_superuser=True)
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(operator)
    match way:
        case "delete one":
            client.post(f"/admin/accounts/user/{known.pk}/delete/", {"post": "yes"})
        case "delete selected":
            chosen = {"action": "delete_selected", "_selected_action": known.pk, "post": "yes"}
            client.post("/admin/accounts/user/", chosen)
        case "command":
            call_command("erase_subscriber", "Alice@Example.org", stdout=io.StringIO())
    assert list(User.objects.all()) == [operator]
    assert Suppression.objects.get().address_hash == address_hash("alice@example.org")
    assert {entry.object_repr for entry in LogEntry.objects.all()} <= {"erased"}


@pytest.mark.django_db
def test_erasing_a_stranger_is_refused_by_name() -> None:
    with pytest.raises(CommandError, match=r"There is no subscriber nobody@example\.org"):
        call_command("erase_subscriber", "nobody@example.org")


def _dump() -> bytes:
    params = connection.get_connection_params()
    binary = package_of_the_server() / PROGRAMS / "pg_dump"
    command = [binary, "--host", params["host"], "--username", params["user"], "--dbname", params["dbname"]]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  # our own server's dump


def test_leaving_is_one_button_and_signs_out(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    page = reader.get("/my-data/erase/").content.decode()
    assert "keyed hash" in page
    assert "download my data" in page
    assert User.objects.exists()
    answer = reader.post("/my-data/erase/", follow=True)
    assert "Everything is erased" in answer.content.decode()
    assert not User.objects.exists()
    assert "_auth_user_id" not in reader.session


def test_the_links_of_old_briefs_answer_politely_after_erasing(reader: Client, alice: User) -> None:
    path = preferences_url(alice).removeprefix("http://127.0.0.1:8000")
    stop = f"/u/{unsubscribe_token(alice)}/"
    erase(alice, now=timezone.now())
    assert reader.get(path).status_code == 404
    assert reader.get(stop).status_code == reader.post(stop).status_code == 200


def test_the_download_is_a_zip_that_no_cache_keeps(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    answer = reader.post("/my-data/export/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    assert alice.events.filter(kind="data exported").exists()
    assert reader.get("/my-data/export/").status_code == 405


def test_what_happened_to_the_account_is_shown_to_its_owner_only(reader: Client, alice: User) -> None:
    alice.events.create(kind="address changed")
    make_user("bob@example.org").events.create(kind="confirmed", detail="bob's own")
    reader.force_login(alice)
    page = reader.get("/my-data/").content.decode()
    assert "address changed" in page
    assert "bob&#x27;s own" not in page


def test_the_privacy_page_sets_no_cookie_and_asks_nobody_else(reader: Client, db: None) -> None:
    answer = reader.get("/privacy/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "https://" not in answer.content.decode().replace("https://schema.org", "")
