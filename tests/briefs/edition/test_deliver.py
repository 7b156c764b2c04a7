import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.keyed_hashes import address_hash
from accounts.models import SoftBounce, Suppression, User
from accounts.soft_bounces import note_soft_bounce
from accounts.subscription import mail_again
from briefs.edition.deliver import Delivered, deliver_due, hold_abandoned
from briefs.edition.heed import ATTEMPTS
from briefs.edition.holds import PROVIDERS_TROUBLE, TROUBLE
from briefs.edition.last_brief import LEASE
from briefs.models import Brief, BriefItem, Hold
from feeds.models import Insight
from tests.briefs.smtp_sink import Sink, running_sink
from tests.cut_database import hang_up_as_the_database
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with running_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


def composed(user: User | None = None, **fields: object) -> Brief:
    now = timezone.now()
    defaults: dict[str, object] = {
        "state": Brief.State.COMPOSED,
        "sent_at": None,
        "due_at": now,
        "next_attempt_at": now,
    }
    return make_brief(user, insights=[make_insight()], **defaults | fields)


def state_of(brief: Brief) -> str:
    brief.refresh_from_db()
    return brief.state


def test_a_composed_brief_is_sent_once(sink: Sink) -> None:
    brief = composed()
    now = timezone.now()
    assert deliver_due(now=now) == {Brief.State.SENT: 1}
    assert deliver_due(now=now) == {}
    assert state_of(brief) == Brief.State.SENT
    assert brief.sent_at
    (message,) = sink.messages()
    assert message["To"] == brief.user.email
    assert message["Subject"] == brief.insights.get().headline


def test_what_was_withheld_since_it_was_composed_is_not_sent(sink: Sink) -> None:
    first, second = make_insight("Trams pay"), make_insight("Ferries do not")
    brief = composed()
    brief.items.all().delete()
    for position, insight in enumerate((first, second), start=1):
        BriefItem.objects.create(
            brief=brief, insight=insight, position=position, reason=BriefItem.Reason.BEST, score=1.0
        )
    Insight.objects.filter(pk=second.pk).update(headline="", text="", ready=0.0)
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    (message,) = sink.messages()
    text = str(message)
    assert "Trams pay" in text
    assert f"/insights/{second.pk}/" not in text


def test_the_connection_is_kept_over_many_briefs(sink: Sink) -> None:
    for _ in range(12):
        composed()
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 12}
    assert len(sink.accepted) == 12
    assert len(sink.clients) == 1


@pytest.mark.parametrize(
    "change", [{"unsubscribed_at": timezone.now()}, {"stopped_at": timezone.now()}, {"is_active": False}]
)
def test_who_stopped_after_composing_gets_no_mail(sink: Sink, change: dict[str, object]) -> None:
    brief = composed()
    User.objects.filter(pk=brief.user_id).update(**change)
    deliver_due(now=timezone.now())
    assert state_of(brief) == Brief.State.SUPPRESSED
    assert not sink.accepted


def test_a_suppressed_address_gets_no_mail(sink: Sink) -> None:
    brief = composed()
    Suppression.objects.create(address_hash=address_hash(brief.user.email), reason=Suppression.Reason.COMPLAINT)
    deliver_due(now=timezone.now())
    assert state_of(brief) == Brief.State.SUPPRESSED
    assert not sink.accepted


@pytest.mark.django_db(transaction=True)
def test_an_unsubscription_that_is_being_committed_is_not_overtaken(sink: Sink) -> None:
    brief = composed()
    with transaction.atomic():
        User.objects.filter(pk=brief.user_id).update(unsubscribed_at=timezone.now())
        sender = threading.Thread(target=_deliver_in_a_connection_of_its_own)
        sender.start()
        sender.join(timeout=20)
    assert not sink.accepted
    deliver_due(now=timezone.now())
    assert state_of(brief) == Brief.State.SUPPRESSED
    assert not sink.accepted


def _deliver_in_a_connection_of_its_own() -> Delivered:
    try:
        return deliver_due(now=timezone.now())
    finally:
        connection.close()


def test_a_paused_day_brings_no_mail(sink: Sink) -> None:
    brief = composed(make_user(paused_until=timezone.now().date() + dt.timedelta(days=3)))
    deliver_due(now=timezone.now())
    assert state_of(brief) == Brief.State.SKIPPED
    assert not sink.accepted


def test_a_missing_mailbox_stops_the_address(sink: Sink) -> None:
    missing = composed()
    sink.at_recipient = lambda _: "550 5.1.1 No such user"
    assert deliver_due(now=timezone.now()) == {Brief.State.FAILED: 1}
    stopped = User.objects.get(pk=missing.user_id)
    assert not stopped.is_receiving
    assert "No such user" in stopped.stopped_reason
    assert stopped.events.get().kind == "mail stopped"
    assert Suppression.objects.get().address_hash == address_hash(stopped.email)


def test_a_mailbox_that_is_busy_is_tried_again_later_and_given_up_in_the_end(sink: Sink) -> None:
    brief = composed()
    sink.at_recipient = lambda _: "452 4.2.2 Later, please"
    now = timezone.now()
    for attempt in range(1, ATTEMPTS):
        deliver_due(now=now)
        assert state_of(brief) == Brief.State.COMPOSED
        assert brief.attempts == attempt
        assert brief.next_attempt_at > now
        now = brief.next_attempt_at
    deliver_due(now=now)
    assert state_of(brief) == Brief.State.FAILED
    assert "Later, please" in brief.reason
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("at_sender", "550 5.7.1 Not you"),
        ("at_sender", "451 4.7.1 Slowly"),
        ("at_recipient", "550 5.7.1 Not from you"),
        ("at_data", "451 4.3.0 Trouble"),
        ("at_data", "554 5.7.1 Looks like spam"),
    ],
)
def test_what_is_no_fault_of_the_briefs_is_tried_for_as_long_as_it_can_be_sent(
    sink: Sink, where: str, answer: str
) -> None:
    now = timezone.now()
    brief = composed(due_at=now)
    setattr(sink, where, lambda *_: answer)
    for minutes in range(0, 360, 20):
        deliver_due(now=now + minutes * MINUTE)
        assert state_of(brief) == Brief.State.COMPOSED
    setattr(sink, where, lambda *_: None)
    assert deliver_due(now=now + 6 * HOUR - 5 * SECOND) == {Brief.State.SENT: 1}
    assert not Suppression.objects.exists()


def test_a_refusal_of_the_sender_stops_the_run_and_fails_no_brief(sink: Sink) -> None:
    for _ in range(30):
        composed()
    now = timezone.now()
    sink.at_sender = lambda: "550 5.7.1 You are not who you say you are"
    assert deliver_due(now=now) == {Brief.State.COMPOSED: 1}
    hold = Hold.objects.get()
    assert (hold.provider, hold.since) == ("", hold.until - 30 * SECOND)
    assert "not who you say" in hold.reason
    # Until then nobody is asked; then one brief is, and the next wait is longer.
    sink.heard.clear()
    assert deliver_due(now=hold.until - SECOND) == {}
    assert sink.heard == []
    assert deliver_due(now=hold.until) == {Brief.State.COMPOSED: 1}
    again = Hold.objects.get()
    assert again.until - hold.until >= 60 * SECOND
    assert (again.failures, again.since) == (2, hold.since)
    # The sender is mended.
    sink.at_sender = lambda: None
    assert deliver_due(now=again.until + 5 * MINUTE) == {Brief.State.SENT: 30}
    assert not Hold.objects.exists()
    assert len({message["To"] for message in sink.messages()}) == 30


def test_a_provider_that_wants_no_mail_of_ours_is_left_alone_and_others_get_theirs(sink: Sink) -> None:
    theirs = [composed(make_user(f"reader{number}@big.example.org")) for number in range(8)]
    others = [composed() for _ in range(8)]
    sink.at_recipient = lambda address: "550 5.7.1 Not from you" if "@big." in address else None
    now = timezone.now()
    assert deliver_due(now=now) == {Brief.State.COMPOSED: PROVIDERS_TROUBLE, Brief.State.SENT: 8}
    assert Hold.objects.get().provider == "big.example.org"
    assert {state_of(brief) for brief in others} == {Brief.State.SENT}
    assert {state_of(brief) for brief in theirs} == {Brief.State.COMPOSED}
    later = Hold.objects.get().until
    composed()
    assert deliver_due(now=later - SECOND) == {Brief.State.SENT: 1}
    sink.at_recipient = lambda _: None
    assert deliver_due(now=later + 5 * MINUTE) == {Brief.State.SENT: 8}
    assert not Hold.objects.exists()


def test_a_refusal_that_says_nothing_is_the_mailboxes_only_where_others_are_taken(sink: Sink) -> None:
    odd = composed()
    sink.at_recipient = lambda address: "550 No" if address == odd.user.email else None
    now = timezone.now()
    assert deliver_due(now=now) == {Brief.State.COMPOSED: 1}
    composed(next_attempt_at=now)
    assert deliver_due(now=now + HOUR) == {Brief.State.SENT: 1, Brief.State.FAILED: 1}
    assert state_of(odd) == Brief.State.FAILED
    assert User.objects.get(pk=odd.user_id).is_receiving


def test_refusals_that_say_nothing_to_everybody_fail_nobody(sink: Sink) -> None:
    for _ in range(TROUBLE + 5):
        composed()
    sink.at_recipient = lambda _: "550 No"
    now = timezone.now()
    assert deliver_due(now=now) == {Brief.State.COMPOSED: TROUBLE}
    assert Hold.objects.get().provider == ""
    sink.at_recipient = lambda _: None
    assert deliver_due(now=now + HOUR) == {Brief.State.SENT: TROUBLE + 5}


def test_a_brief_that_is_too_large_fails_alone(sink: Sink) -> None:
    large, other = composed(), composed()
    answers = iter(["552 5.3.4 Too large"])
    sink.at_data = lambda: next(answers, None)
    assert deliver_due(now=timezone.now()) == {Brief.State.FAILED: 1, Brief.State.SENT: 1}
    assert (state_of(large), state_of(other)) == (Brief.State.FAILED, Brief.State.SENT)
    assert not SoftBounce.objects.exists()


def test_a_mailbox_that_is_full_on_five_days_within_thirty_gets_no_more_mail(sink: Sink) -> None:
    user, now = make_user(), timezone.now()
    sink.at_recipient = lambda _: "552 5.2.2 Mailbox full"
    for number, day in enumerate((0, 1, 31, 33, 35, 38), start=1):
        at = now + day * DAY
        brief = composed(user, day=at.date(), due_at=at, next_attempt_at=at)
        assert deliver_due(now=at) == {Brief.State.FAILED: 1}
        assert "Mailbox full" in Brief.objects.get(pk=brief.pk).reason
        assert User.objects.get(pk=user.pk).is_receiving, number
    at = now + 40 * DAY
    composed(user, day=at.date(), due_at=at, next_attempt_at=at)
    assert deliver_due(now=at) == {Brief.State.FAILED: 1}
    user.refresh_from_db()
    assert not user.is_receiving
    assert "refused on 5 days within 30" in user.stopped_reason
    assert Suppression.objects.get().reason == Suppression.Reason.BOUNCE


def test_two_refusals_on_one_day_count_once(sink: Sink) -> None:
    user, now = make_user(), timezone.now()
    for number in range(6):
        note_soft_bounce(user.email, user, words="Mailbox full", now=now + number * SECOND)
    assert SoftBounce.objects.count() == 1
    assert User.objects.get(pk=user.pk).is_receiving


def test_who_says_that_mail_is_wanted_begins_anew() -> None:
    user, now = make_user(), timezone.now()
    for day in range(5):
        note_soft_bounce(user.email, user, words="Mailbox full", now=now + day * DAY)
    user.refresh_from_db()
    assert not user.is_receiving
    mail_again(user, now=now)
    note_soft_bounce(user.email, user, words="Mailbox full", now=now + 6 * DAY)
    assert User.objects.get(pk=user.pk).is_receiving


def test_it_goes_out_when_the_server_recovers(sink: Sink) -> None:
    brief = composed()
    sink.at_recipient = lambda _: "421 Come back"
    deliver_due(now=timezone.now())
    sink.at_recipient = lambda _: None
    deliver_due(now=timezone.now() + HOUR)
    assert state_of(brief) == Brief.State.SENT
    assert len(sink.accepted) == 1


def test_a_connection_lost_after_the_last_dot_is_held_for_a_person(sink: Sink) -> None:
    lost, other = composed(), composed()
    answers = iter(["drop"])
    sink.at_data = lambda: next(answers, None)
    deliver_due(now=timezone.now())
    assert state_of(lost) == Brief.State.UNKNOWN
    assert state_of(other) == Brief.State.SENT
    deliver_due(now=timezone.now() + HOUR)
    assert len(sink.accepted) == 2


@pytest.mark.parametrize("where", ["at_sender", "at_recipient", "at_content"])
@pytest.mark.parametrize("answer", ["drop", "421 Closing"])
def test_a_connection_lost_before_the_last_dot_leaves_no_doubt(sink: Sink, where: str, answer: str) -> None:
    brief = composed()
    setattr(sink, where, lambda *_: answer)
    assert deliver_due(now=timezone.now()) == {Brief.State.COMPOSED: 1}
    setattr(sink, where, lambda *_: None)
    assert deliver_due(now=timezone.now() + HOUR) == {Brief.State.SENT: 1}
    assert state_of(brief) == Brief.State.SENT
    assert len(sink.accepted) == 1


def test_a_server_that_hangs_up_after_so_many_mails_gets_them_all_in_one_run(sink: Sink) -> None:
    for _ in range(30):
        composed()
    mails = itertools.count()
    sink.at_sender = lambda: "drop" if next(mails) % 8 == 7 else None
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 30}
    assert len({message["To"] for message in sink.messages()}) == len(sink.accepted) == 30


# The database hangs up while the sender holds the answer -----------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rate", [0, 1000])
def test_a_database_that_hangs_up_before_the_answer_is_recorded_is_told_again(
    sink: Sink, settings: Settings, rate: int
) -> None:
    settings.BRIEFS_PER_SECOND = rate
    briefs = [composed() for _ in range(4)]
    sink.at_data = hang_up_as_the_database
    for _ in briefs:
        assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    assert deliver_due(now=timezone.now()) == {}
    assert [state_of(brief) for brief in briefs] == [Brief.State.SENT] * 4
    assert len({message["To"] for message in sink.messages()}) == len(sink.accepted) == 4


@pytest.mark.django_db(transaction=True)
def test_a_refusal_survives_the_database_as_well(sink: Sink) -> None:
    brief = composed()

    def refuse(_: str) -> str:
        hang_up_as_the_database()
        return "550 5.1.1 No such user"

    sink.at_recipient = refuse
    assert deliver_due(now=timezone.now()) == {Brief.State.FAILED: 1}
    assert state_of(brief) == Brief.State.FAILED
    assert not User.objects.get(pk=brief.user_id).is_receiving


@pytest.fixture
def hangs_up_at_second_claim() -> Iterator[None]:
    """A trigger by which the database ends the connection that claims the second of two briefs."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW;
            END $$;
            CREATE TRIGGER hang_up BEFORE UPDATE ON briefs_brief FOR EACH ROW
            WHEN (NEW.state = 'sending' AND NEW.reason = '' AND OLD.reason = 'the second') EXECUTE FUNCTION hang_up()
            """)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS hang_up CASCADE")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_up_at_a_claim_puts_no_brief_in_doubt(sink: Sink, hangs_up_at_second_claim: None) -> None:
    first, second = composed(), composed(reason="the second")
    with pytest.raises(OperationalError):
        deliver_due(now=timezone.now())
    assert (state_of(first), state_of(second)) == (Brief.State.SENT, Brief.State.COMPOSED)
    Brief.objects.filter(pk=second.pk).update(reason="")
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    assert len(sink.accepted) == 2


def test_a_brief_whose_sender_died_is_held_and_never_sent_again(sink: Sink) -> None:
    now = timezone.now()
    brief = composed(state=Brief.State.SENDING, next_attempt_at=now + LEASE)
    assert hold_abandoned(now=now) == 0
    deliver_due(now=now + 2 * LEASE)
    assert state_of(brief) == Brief.State.UNKNOWN
    assert "before the server's answer" in brief.reason
    assert not sink.accepted


def test_a_server_that_is_down_leaves_everything_as_it_was(sink: Sink, settings: Settings) -> None:
    brief = composed()
    settings.EMAIL_PORT = 9
    assert deliver_due(now=timezone.now()) == {}
    assert state_of(brief) == Brief.State.COMPOSED
    assert brief.attempts == 0


def test_a_server_in_trouble_is_left_alone(sink: Sink) -> None:
    for _ in range(15):
        composed()
    sink.at_data = lambda: "451 Trouble"
    assert deliver_due(now=timezone.now()) == {Brief.State.COMPOSED: 10}


def test_more_than_six_hours_late_is_skipped(sink: Sink) -> None:
    brief = composed(due_at=timezone.now() - 7 * HOUR)
    deliver_due(now=timezone.now())
    assert state_of(brief) == Brief.State.SKIPPED
    assert not sink.accepted


def test_two_briefs_are_never_less_than_twelve_hours_apart(sink: Sink) -> None:
    user = make_user()
    now = timezone.now()
    make_brief(user, day=now.date() - dt.timedelta(days=1), sent_at=now - 11 * HOUR)
    brief = composed(user, next_attempt_at=now)
    deliver_due(now=now)
    assert state_of(brief) == Brief.State.SKIPPED
    assert "twelve hours" in brief.reason
    assert not sink.accepted


def test_what_was_taken_down_after_composing_is_left_out(sink: Sink) -> None:
    kept, hidden = make_insight("Kept"), make_insight("Hidden")
    both = make_brief(insights=[hidden, kept], state=Brief.State.COMPOSED, sent_at=None, due_at=timezone.now())
    alone = make_brief(insights=[hidden], state=Brief.State.COMPOSED, sent_at=None, due_at=timezone.now())
    hidden.hidden_at = timezone.now()
    hidden.save(update_fields=["hidden_at"])
    deliver_due(now=timezone.now())
    assert state_of(both) == Brief.State.SENT
    assert state_of(alone) == Brief.State.EMPTY
    (message,) = sink.messages()
    assert message["Subject"] == "Kept"
    assert "Hidden" not in sink.accepted[0].decode()


def test_the_widen_note_goes_out_with_the_same_headers(sink: Sink) -> None:
    now = timezone.now()
    make_brief(state=Brief.State.COMPOSED, kind=Brief.Kind.WIDEN, sent_at=None, due_at=now, next_attempt_at=now)
    deliver_due(now=now)
    (message,) = sink.messages()
    assert "widen" in message["Subject"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = message.get_body(("plain",))
    assert body
    assert "no brief came" in body.get_content()


def test_with_a_rate_one_run_sends_no_more_than_fits_before_the_next(sink: Sink, settings: Settings) -> None:
    settings.BRIEFS_PER_SECOND = 0.04
    composed()
    composed()
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
    assert len(sink.accepted) == 2


@pytest.mark.django_db(transaction=True)
def test_with_a_rate_there_is_one_sender_at_a_time(sink: Sink, settings: Settings) -> None:
    settings.BRIEFS_PER_SECOND = 1000
    composed()
    composed()
    meanwhile: list[Delivered] = []

    def at_data() -> None:
        if not meanwhile:
            with ThreadPoolExecutor() as other:  # the sink's own thread runs an event loop
                meanwhile.append(other.submit(_deliver_in_a_connection_of_its_own).result())

    sink.at_data = at_data
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 2}
    assert meanwhile == [Delivered()]
    composed()
    assert deliver_due(now=timezone.now()) == {Brief.State.SENT: 1}
