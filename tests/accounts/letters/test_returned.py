"""Postmark's own JSON, posted to where the site has it posted."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from pytest_django import Settings

from accounts.keyed_hashes import address_hash, mailbox_hash
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.letters.returned import Meaning, meaning_of
from accounts.models import AccountEvent, Letter, SoftBounce, Suppression, User
from accounts.subscription import go_weekly, mail_again, resume
from briefs.edition.deliver import deliver_due
from briefs.models import Brief
from config.urls import mail_event_pages
from tests.factories import make_brief, make_insight, make_user

SECRET = "postmark:the-secret-of-the-tests"
PATH = "/anymail/postmark/tracking/"


def bounce(**fields: object) -> dict[str, object]:
    return {
        "RecordType": "Bounce",
        "ID": 692560173,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "ServerID": 3291,
        "MessageStream": "outbound",
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": "Alice@Example.org",
        "From": "brief@example.com",
        "BouncedAt": "2026-11-26T08:30:00.0000000Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "A claim",
        "Metadata": {},
    } | fields


def complaint(**fields: object) -> dict[str, object]:
    spam = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 100001, "Name": "Spam complaint"}
    return bounce(**spam, Description="The subscriber explicitly marked this message as spam.", Details="") | fields


def unsubscription(**fields: object) -> dict[str, object]:
    return {
        "RecordType": "SubscriptionChange",
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "ServerID": 3291,
        "MessageStream": "outbound",
        "ChangedAt": "2026-11-26T08:30:00Z",
        "Recipient": "alice@example.org",
        "Origin": "Recipient",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Tag": "",
        "Metadata": {},
    } | fields


def tell(payload: dict[str, object], *, secret: str = SECRET) -> HttpResponse:
    basic = base64.b64encode(secret.encode()).decode()
    headers = {"Authorization": f"Basic {basic}"} if secret else {}
    client = Client(enforce_csrf_checks=True, headers=headers)
    answer: Any = client.post(PATH, payload, content_type="application/json")
    return answer  # type: ignore[no-any-return]


def nothing_happened() -> bool:
    stopped = User.objects.exclude(stopped_at=None, unsubscribed_at=None)
    return not (stopped.exists() or Suppression.objects.exists() or AccountEvent.objects.exists())


@pytest.mark.parametrize(
    ("payload", "reason", "words"),
    [
        (bounce(), Suppression.Reason.BOUNCE, "550 5.1.1"),
        (bounce(Type="BadEmailAddress", Details=""), Suppression.Reason.BOUNCE, "unable to deliver"),
        (complaint(), Suppression.Reason.COMPLAINT, "marked one as spam"),
        (unsubscription(SuppressionReason="HardBounce"), Suppression.Reason.BOUNCE, "no such mailbox"),
        (unsubscription(SuppressionReason="SpamComplaint"), Suppression.Reason.COMPLAINT, "marked one as spam"),
    ],
)
def test_a_bounce_or_a_complaint_stops_all_mail(
    alice: User, payload: dict[str, object], reason: str, words: str
) -> None:
    assert tell(payload).status_code == 200
    alice.refresh_from_db()
    assert not alice.is_receiving
    assert words in alice.stopped_reason
    assert alice.events.get().kind == "mail stopped"
    listed = Suppression.objects.get()
    assert listed.address_hash in (address_hash("alice@example.org"), mailbox_hash("alice@example.org"))
    assert listed.reason == reason
    request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).failed == 1


@pytest.mark.parametrize("secret", ["", "postmark:another-secret-altogether", "the-secret-of-the-tests"])
def test_who_does_not_know_the_secret_stops_nobodys_mail(alice: User, secret: str) -> None:
    for payload in (bounce(), complaint(), unsubscription()):
        assert tell(payload, secret=secret).status_code == 400
    assert nothing_happened()


@pytest.mark.parametrize("payload", [bounce(), complaint(), unsubscription()])
def test_an_event_that_comes_twice_or_under_another_id_is_one(alice: User, payload: dict[str, object]) -> None:
    for again in (payload, payload, payload | {"ID": 7}, {key: payload[key] for key in payload if key != "ID"}):
        assert tell(again).status_code == 200
    assert alice.events.count() == 1


@pytest.mark.parametrize("address", ["stranger@example.org", "", "nobody", None])
def test_an_address_that_is_nobodys_is_answered_alike_and_changes_nothing(alice: User, address: str | None) -> None:
    for payload in (bounce(Email=address), complaint(Email=address), unsubscription(Recipient=address)):
        assert tell(payload).status_code == 200
    assert nothing_happened()


@pytest.mark.parametrize(
    "payload",
    [
        bounce(Type="SoftBounce", Inactive=False, Details="smtp;452 4.2.2 The mailbox is over quota."),
        bounce(Type="Transient"),
        bounce(Type="DnsError"),
        bounce(Type="AutoResponder"),
        bounce(Type="Blocked", Details="smtp;550 5.7.1 Your network is on our block list."),
        bounce(RecordType="Delivery"),
        bounce(RecordType="Open"),
        bounce(RecordType="SomethingNew"),
        unsubscription(SuppressSending=False, SuppressionReason=None),
    ],
)
def test_what_may_pass_or_is_about_the_sender_stops_nothing(alice: User, payload: dict[str, object]) -> None:
    assert tell(payload).status_code == 200
    assert nothing_happened()


def soft_bounce(*, day: int) -> dict[str, object]:
    return bounce(Type="SoftBounce", TypeCode=4096, Name="Soft bounce", BouncedAt=f"2026-11-{day:02}T08:30:00Z")


def test_a_mailbox_that_sends_back_on_five_days_within_thirty_is_stopped(alice: User) -> None:
    for day in (3, 4, 5, 6):
        tell(soft_bounce(day=day))
    assert nothing_happened()
    tell(soft_bounce(day=7))
    alice.refresh_from_db()
    assert not alice.is_receiving
    assert "refused on 5 days" in alice.stopped_reason


def test_what_came_back_on_one_day_and_is_told_on_many_counts_once(alice: User) -> None:
    for _ in range(8):
        tell(soft_bounce(day=3))
    assert nothing_happened()
    assert SoftBounce.objects.count() == 1


def test_a_brief_that_is_already_composed_is_not_sent_after_a_complaint(alice: User) -> None:
    now = timezone.now()
    waiting = {"state": Brief.State.COMPOSED, "sent_at": None, "due_at": now, "next_attempt_at": now}
    briefs = [make_brief(user, insights=[make_insight()], **waiting) for user in (alice, make_user())]
    tell(complaint())
    assert deliver_due(now=now) == {Brief.State.SUPPRESSED: 1, Brief.State.SENT: 1}
    briefs[0].refresh_from_db()
    assert briefs[0].state == Brief.State.SUPPRESSED


def test_the_suppression_holds_by_the_address_alone(alice: User) -> None:
    tell(complaint())
    alice.delete()
    request_letter(make_user("alice@example.org", confirmed=False), Letter.Kind.CONFIRM, topics=[], time_zone="")
    assert deliver_letters(now=timezone.now()).failed == 1


def test_a_complaint_about_a_letter_to_an_erased_address_stops_what_the_erasure_would_let_through(alice: User) -> None:
    Suppression.objects.create(address_hash=address_hash(alice.email), reason=Suppression.Reason.ERASED)
    tell(complaint())
    request_letter(alice, Letter.Kind.CONFIRM, topics=[], time_zone="")
    assert deliver_letters(now=timezone.now()).failed == 1


def test_an_unsubscription_at_the_provider_stops_the_brief_and_leaves_the_letters(alice: User) -> None:
    tell(unsubscription())
    alice.refresh_from_db()
    assert alice.unsubscribed_at
    assert not alice.stopped_at
    assert alice.events.get().kind == "unsubscribed"
    request_letter(alice, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=timezone.now()).sent == 1


def test_the_preferences_page_says_that_a_complaint_stopped_it_and_lifts_the_stop(reader: Client, alice: User) -> None:
    tell(complaint())
    reader.force_login(alice)
    page = reader.get("/preferences/").content.decode()
    assert "Next brief: none, because mail to you is stopped: your mail provider passed on a complaint" in page
    reader.post("/preferences/start-again/")
    assert User.objects.receiving().get() == alice
    assert not Suppression.objects.exists()


def test_what_happened_before_the_owner_asked_for_mail_again_does_not_stop_it_once_more(alice: User) -> None:
    asked = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
    asks: list[tuple[dict[str, object], Callable[..., None]]] = [
        (complaint(), mail_again),
        (unsubscription(), resume),
        (unsubscription(), go_weekly),
    ]
    for payload, ask in asks:
        tell(payload)
        ask(alice, now=asked)
        tell(payload)
        assert User.objects.receiving().get() == alice
    tell(complaint(BouncedAt="2026-11-26T09:30:00Z"))
    assert not User.objects.receiving().exists()


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        ({"event": "hard_bounce"}, Meaning.GONE),  # Mandrill
        ({"event": "soft_bounce"}, Meaning.REFUSED),
        ({"type": "activity.soft_bounced"}, Meaning.REFUSED),  # MailerSend
        ({"event": "bounce", "hard_bounce": True}, Meaning.GONE),  # Mailjet
        ({"event": "bounce", "hard_bounce": False}, Meaning.REFUSED),
    ],
)
def test_other_providers_say_in_their_own_words_that_a_bounce_is_soft(
    raw: dict[str, object], meaning: Meaning | None
) -> None:
    for reason in ("bounced", None):
        event = AnymailTrackingEvent(event_type="bounced", reject_reason=reason, esp_event=raw)
        assert meaning_of(event) is meaning


@pytest.mark.parametrize(
    ("reason", "meaning"),
    [
        ("bounced", Meaning.GONE),
        ("invalid", Meaning.GONE),
        ("spam", Meaning.COMPLAINT),
        ("unsubscribed", Meaning.UNSUBSCRIBED),
        (None, Meaning.GONE),  # Mandrill
        ("blocked", None),
        ("other", None),
    ],
)
def test_a_refusal_by_the_provider_counts_as_what_put_the_address_on_its_list(
    reason: str | None, meaning: Meaning | None
) -> None:
    assert meaning_of(AnymailTrackingEvent(event_type="rejected", reject_reason=reason, esp_event={})) is meaning


def test_nothing_of_the_provider_is_mounted_but_where_it_tells_of_its_mail() -> None:
    pages = get_resolver().namespace_dict["anymail"][1].url_patterns
    assert [str(page.pattern) for page in pages] == ["postmark/tracking/"]


def test_without_a_secret_nothing_is_mounted(settings: Settings) -> None:
    settings.EMAIL_WEBHOOK_SECRET = ""
    assert mail_event_pages() == []
