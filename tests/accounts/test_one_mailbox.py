"""One mailbox, spelled in every way that anybody found, at every door; the mail server's log says what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.forms import modelform_factory
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.adapter import ProviderAdapter
from accounts.admin import UserAdmin
from accounts.entering.signup_form import stamp
from accounts.letters.deliver import deliver_letters, request_letter
from accounts.models import Letter, SignupAttempt, Suppression, User
from accounts.privacy import erase
from accounts.subscription import stop_mail
from tests.accounts.conftest import SAME_ORIGIN
from tests.briefs.smtp_sink import Sink, running_sink
from tests.factories import make_user

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
_INVISIBLE = ["", "", "", "\u00ad", "\u200b", "\u2060", "\ufeff"]
_FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyz"}
_CIRCLED = {ord(letter): 0x24D0 + ord(letter) - ord("a") for letter in "abcdefghijklmnopqrstuvwxyz"}


@st.composite
def domains(draw: st.DrawFn, labels: tuple[str, ...]) -> str:
    written = []
    for label in labels:
        letters = draw(st.sampled_from([label, label.upper(), label.translate(_FULL_WIDTH), label.translate(_CIRCLED)]))
        hidden = draw(st.lists(st.sampled_from(_INVISIBLE), min_size=len(letters), max_size=len(letters)))
        written.append("".join(f"{letter}{sign}" for letter, sign in zip(letters, hidden, strict=True)))
    return draw(st.sampled_from([".", "。", "．", "｡"])).join(written)


@st.composite
def names(draw: st.DrawFn, *, name: str, dots: bool) -> str:
    if dots:
        name = "".join(f"{letter}{draw(st.sampled_from(['', '.']))}" for letter in name[:-1]) + name[-1]
    tagged = name + draw(st.sampled_from(["", "", "+", "+podcasts", "+a+b"]))
    return str(draw(st.sampled_from([tagged, tagged.upper(), f'"{tagged}"', f'"\\{tagged}"'])))


HERS = st.builds("{}@{}".format, names(name="ada", dots=False), domains(("example", "org"))) | st.builds(
    "{}@{}".format, names(name="ada", dots=False), st.just("example.org")
)
AT_GMAIL = st.builds("{}@{}".format, names(name="ada", dots=True), domains(("gmail", "com"))) | st.builds(
    "{}@{}".format, names(name="ada", dots=True), domains(("googlemail", "com"))
)
AT_HOME = st.builds(
    "{}@{}".format,
    names(name="ada", dots=False),
    st.sampled_from(["bücher.example", "bu\u0308cher.example", "BÜCHER.example", "xn--bcher-kva.example"])
    | domains(("bücher", "example")),
)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


def signup(address: str) -> dict[str, object]:
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(seconds=9)):
        return {"email": address, "stamp": stamp(), "as_typed": "1"}


class OneMailbox(RuleBasedStateMachine):
    """Everybody knows the mailbox, in any spelling; nobody answers any letter."""

    sink: Sink
    spellings: st.SearchStrategy[str]

    def __init__(self) -> None:
        super().__init__()
        User.objects.all().delete()
        Suppression.objects.all().delete()
        SignupAttempt.objects.all().delete()
        self.sink.accepted.clear()
        self.now, self.network = NOW, 0
        self.arrived: list[dt.datetime] = []
        self.complained_after: int | None = None

    @rule(data=st.data())
    def sign_up(self, data: st.DataObject) -> None:
        self.network += 1
        where = f"10.{self.network // 250}.{self.network % 250}.1"
        with time_machine.travel(self.now, tick=False):
            fields = signup(data.draw(self.spellings))
            Client(headers=SAME_ORIGIN, REMOTE_ADDR=where).post("/sign-up/", fields)
        self.deliver()

    @rule(data=st.data())
    def ask_for_a_code(self, data: st.DataObject) -> None:
        cache.clear()
        with time_machine.travel(self.now, tick=False):
            Client(headers=SAME_ORIGIN).post("/account/login/code/", {"email": data.draw(self.spellings)})
        self.deliver()

    @rule(hours=st.sampled_from([1, 12, 24, 48]))
    def wait(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)

    @precondition(lambda self: self.arrived and self.complained_after is None)
    @rule()
    def complain(self) -> None:
        """The provider names the address to which the mail went."""
        last = self.sink.messages()[-1]["To"]
        with time_machine.travel(self.now, tick=False):
            event = AnymailTrackingEvent(event_type=EventType.COMPLAINED, recipient=str(last), esp_event={})
            tracking.send(sender=object, event=event, esp_name="any")
        self.complained_after = len(self.arrived)

    def deliver(self) -> None:
        with time_machine.travel(self.now, tick=False):
            deliver_letters(now=self.now)
        self.arrived += [self.now] * (len(self.sink.accepted) - len(self.arrived))

    @invariant()
    def one_letter_a_day_and_three_ever(self) -> None:
        assert len(self.arrived) <= 3
        assert all(later - earlier >= DAY for earlier, later in zip(self.arrived, self.arrived[1:], strict=False))

    @invariant()
    def nothing_after_a_complaint(self) -> None:
        assert self.complained_after in (None, len(self.arrived))

    @invariant()
    def what_is_stored_is_what_was_dialled(self) -> None:
        dialled = {str(message["To"]) for message in self.sink.messages()}
        assert dialled <= set(User.objects.values_list("email", flat=True))


@pytest.mark.parametrize("spellings", [HERS, AT_GMAIL, AT_HOME], ids=["ascii", "gmail", "unicode"])
@pytest.mark.django_db
def test_however_a_mailbox_is_spelled_it_gets_one_letter_a_day_three_ever_and_none_after_a_complaint(
    sink: Sink, spellings: st.SearchStrategy[str]
) -> None:
    machine = type("Spelled", (OneMailbox,), {"sink": sink, "spellings": spellings})
    quick = settings(
        max_examples=10,
        stateful_step_count=15,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=quick)


# Each door by itself ---------------------------------------------------------------------------------------------

ODD = '"ADA"@ｅxam\u00adple。org'


def test_a_code_finds_the_subscriber(reader: Client, sink: Sink) -> None:
    make_user("ada@example.org")
    reader.post("/account/login/code/", {"email": ODD})
    assert Letter.objects.get().recipient == "ada@example.org"


def test_a_change_leads_to_what_is_dialled(reader: Client, alice: User) -> None:
    reader.force_login(alice)
    reader.post("/my-data/address/", {"email": ODD})
    assert Letter.objects.get().recipient == "ada@example.org"


@pytest.mark.django_db
def test_the_admin_keeps_what_is_dialled_and_sees_that_it_is_taken() -> None:
    form = modelform_factory(get_user_model(), fields=["email"])
    bob = make_user("bob@example.org")
    moved = form({"email": "bob@bücher.example"}, instance=bob)
    assert moved.is_valid(), moved.errors
    assert moved.save().email == "bob@xn--bcher-kva.example"
    make_user("ada@example.org")
    assert "already exists" in str(form({"email": "ada@exam\u00adple.org"}, instance=bob).errors["email"])
    assert "not a complete" in str(form({"email": "ada@i❤.ws"}, instance=bob).errors["email"])
    assert "email" not in UserAdmin.readonly_fields


@pytest.mark.django_db
def test_an_operator_adds_what_is_dialled() -> None:
    call_command("add_subscriber", ODD)
    call_command("add_subscriber", "ada@example.org")
    assert User.objects.get().email == "ada@example.org"
    with pytest.raises(CommandError, match="soft hyphen"):
        call_command("add_subscriber", "a\u00adda@example.org")


@pytest.mark.django_db
def test_a_provider_that_spells_it_otherwise_vouches_for_the_same_mailbox() -> None:
    ada = make_user("ada@bücher.example")
    spelled = EmailAddress(email="Ada@BÜCHER.example", verified=True)
    with override_settings(SOCIALACCOUNT_EMAIL_AUTHENTICATION=True):
        adapter = ProviderAdapter()
        adapter.can_authenticate_by_email = lambda *_: True
        assert adapter.authenticate_by_email(SocialLogin(email_addresses=[spelled])) == (ada, ada.email)


@pytest.mark.django_db
def test_a_bounce_stops_its_address_alone_for_tags_can_be_made_up() -> None:
    made_up, ada = make_user("ada+made-up@example.org"), make_user("ada@example.org")
    stop_mail(made_up, Suppression.Reason.BOUNCE, words="no such mailbox", now=NOW)
    assert list(User.objects.receiving()) == [ada]


@pytest.mark.django_db
def test_erasing_one_address_leaves_the_letters_of_another_with_a_tag(sink: Sink) -> None:
    tagged = make_user("ada+podcasts@example.org")
    erase(make_user("ada@example.org"), now=NOW)
    request_letter(tagged, Letter.Kind.SIGN_IN)
    assert deliver_letters(now=dt.datetime.now(dt.UTC)).sent == 1
