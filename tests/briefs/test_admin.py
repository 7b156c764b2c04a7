import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.verdict import About, Fate, Verdict
from briefs.edition.claim import Claim
from briefs.edition.heed import heed
from briefs.models import Brief
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def act(client: Client, action: str, *briefs: Brief) -> None:
    data = {"action": action, "_selected_action": [brief.pk for brief in briefs]}
    assert client.post(reverse("admin:briefs_brief_changelist"), data).status_code == 302


def test_an_operator_sees_every_brief_with_its_state_and_reason(operator: Client) -> None:
    brief = make_brief(insights=[make_insight()], state=Brief.State.UNKNOWN, reason="the answer was never heard")
    page = operator.get(reverse("admin:briefs_brief_changelist")).content.decode()
    assert brief.user.email in page
    assert "the answer was never heard" in page
    assert operator.get(reverse("admin:briefs_brief_change", args=[brief.pk])).status_code == 200


def test_an_unknown_brief_is_sent_again_only_when_a_person_says_so(operator: Client) -> None:
    unknown = make_brief(insights=[make_insight()], state=Brief.State.UNKNOWN, composed_at=timezone.now())
    sent = make_brief(insights=[make_insight()], composed_at=timezone.now())
    act(operator, "send_again", unknown, sent)
    unknown.refresh_from_db()
    sent.refresh_from_db()
    assert (unknown.state, sent.state) == (Brief.State.COMPOSED, Brief.State.SENT)


def test_what_is_sent_again_has_all_its_tries_anew(operator: Client) -> None:
    failed = make_brief(insights=[make_insight()], state=Brief.State.FAILED, attempts=5, composed_at=timezone.now())
    act(operator, "send_again", failed)
    failed.refresh_from_db()
    full = Verdict(Fate.LATER, "452 4.2.2 full", About.MAILBOX)
    came_to = []
    for attempt in range(6, 11):
        Brief.objects.filter(pk=failed.pk).update(state=Brief.State.SENDING, attempts=attempt)
        claimed = Claim(failed, failed.user, failed.user.email, attempt)
        came_to.append(heed(claimed, full, others_are_taken=True, now=timezone.now()))
    assert came_to == [Brief.State.COMPOSED] * 4 + [Brief.State.FAILED]


def test_a_brief_that_could_not_be_composed_is_composed_anew_when_a_person_says_so(operator: Client) -> None:
    failed = make_brief(state=Brief.State.FAILED, attempts=5)
    act(operator, "send_again", failed)
    assert Brief.objects.to_compose(timezone.now()).get() == failed


def test_or_counts_as_sent(operator: Client) -> None:
    unknown = make_brief(insights=[make_insight()], state=Brief.State.UNKNOWN)
    act(operator, "take_as_sent", unknown)
    unknown.refresh_from_db()
    assert unknown.state == Brief.State.SENT
