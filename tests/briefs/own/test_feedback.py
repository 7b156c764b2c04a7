import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.tokens import BadToken
from briefs.edition.printing.feedback_links import act_url, feedback_token, read_feedback_token
from briefs.models import SavedInsight, Vote
from feeds.library.takedown import take_down_show
from tests.factories import make_brief, make_insight, make_user

pytestmark = pytest.mark.django_db


def link(user: User, insight_id: int, word: str = "") -> str:
    url = act_url(user, insight_id)
    return url[url.index("/v/") :] + (f"{word}/" if word else "")


@pytest.mark.parametrize("word", ["more", "less", "save", "", "nonsense"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_does_nothing(client: Client, word: str, method: str) -> None:
    user, insight = make_user(), make_insight()
    response = getattr(client, method)(link(user, insight.pk, word))
    assert response.status_code in (200, 405)
    assert not Vote.objects.exists()
    assert not SavedInsight.objects.exists()
    assert not response.cookies


def test_the_page_asks_with_the_button_that_the_link_was_for(client: Client) -> None:
    page = client.get(link(make_user(), make_insight("Free models buy trust").pk, "less")).content.decode()
    assert "Free models buy trust" in page
    assert '<button class="button" type="submit" name="do" value="less">' in page


@pytest.mark.parametrize(("word", "value"), [("more", 1), ("less", -1)])
def test_posting_votes_and_may_be_repeated_changed_and_taken_back(word: str, value: int) -> None:
    user, insight = make_user(), make_insight()
    # As strict as a browser without a session: no cookie, no token, no Origin.
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(link(user, insight.pk, word), {"do": word}).status_code == 200
    assert Vote.objects.get().value == value
    client.post(link(user, insight.pk), {"do": "less" if value > 0 else "more"})
    assert Vote.objects.get().value == -value
    client.post(link(user, insight.pk), {"do": "no-vote"})
    assert not Vote.objects.exists()


def test_saving_and_removing(client: Client) -> None:
    user, insight = make_user(), make_insight()
    for _ in range(2):
        client.post(link(user, insight.pk, "save"), {"do": "save"})
    assert SavedInsight.objects.get().user == user
    client.post(link(user, insight.pk), {"do": "unsave"})
    assert not SavedInsight.objects.exists()


def test_a_token_is_good_for_one_subscriber_and_one_insight_only() -> None:
    user = make_user()
    token = feedback_token(user.pk, 77, version=user.link_version)
    assert len(token) == 32
    assert read_feedback_token(token) == (user.pk, 77)
    for place in range(32):
        changed = "A" if token[place] != "A" else "B"
        with pytest.raises(BadToken):
            read_feedback_token(token[:place] + changed + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "A", "é", "A" * 32, "A" * 31, "=" * 32, "A" * 400])
def test_what_is_no_token_is_refused(client: Client, token: str) -> None:
    with pytest.raises(BadToken):
        read_feedback_token(token)
    if token:
        assert client.get(f"/v/{token}/").status_code == 404


def test_revoked_links_and_links_of_erased_accounts_do_nothing(client: Client) -> None:
    user, insight = make_user(), make_insight()
    old = link(user, insight.pk)
    User.objects.filter(pk=user.pk).update(link_version=2)
    assert client.post(old, {"do": "more"}).status_code == 404
    user.delete()
    assert client.post(old, {"do": "more"}).status_code == 404
    assert not Vote.objects.exists()


def test_links_survive_a_change_of_the_secret_key(settings: Settings) -> None:
    user = make_user()
    token = feedback_token(user.pk, 77, version=1)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, made for this test"
    assert read_feedback_token(token) == (user.pk, 77)


def test_a_vote_on_what_was_taken_down_finds_nothing(client: Client) -> None:
    user, insight = make_user(), make_insight(hidden_at="2026-01-01T00:00Z")
    assert client.get(link(user, insight.pk)).status_code == 404


def test_a_vote_on_a_show_that_was_taken_down_finds_nothing(client: Client) -> None:
    user, insight = make_user(), make_insight()
    take_down_show(insight.episode.feed, now=timezone.now())
    assert client.get(link(user, insight.pk)).status_code == 404
    assert client.post(link(user, insight.pk, "more")).status_code == 404
    assert not Vote.objects.exists()


def test_the_page_leads_back_to_the_brief_that_held_it(client: Client) -> None:
    user, insight = make_user(), make_insight("Rail pays")
    assert "Back to the brief" not in client.get(link(user, insight.pk)).content.decode()
    make_brief(user, insights=[insight])
    page = client.get(link(user, insight.pk)).content.decode()
    back = page[: page.index('">Back to the brief')].rpartition('href="')[2]
    assert "Rail pays" in client.get(back[back.index("/b/") :]).content.decode()
