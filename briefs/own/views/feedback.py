"""/v/TOKEN/: a vote or a save out of an e-mail. Opening the link does nothing: programs open links, too."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tokens import BadToken
from accounts.views.token_pages import token_page
from briefs.edition.printing.feedback_links import read_feedback_token
from briefs.models import SavedInsight, Vote
from briefs.own import archive, feedback
from feeds.models import Insight


@csrf_exempt  # the token is the authority, and it is good for this one insight only
@require_http_methods(["GET", "HEAD", "POST"])
@token_page
def act(request: HttpRequest, token: str, word: str = "") -> HttpResponse:
    try:
        user_id, insight_id = read_feedback_token(token)
    except BadToken:
        return render(request, "accounts/link_bad.html", status=HTTPStatus.NOT_FOUND)
    insight = get_object_or_404(Insight.objects.standing().select_related("episode__feed"), pk=insight_id)
    done = request.POST.get("do", word) if request.method == "POST" else ""
    if done:
        feedback.act(done, user_id=user_id, insight_id=insight_id, now=timezone.now())
    vote = Vote.objects.filter(user=user_id, insight=insight_id).values_list("value", flat=True).first()
    saved = SavedInsight.objects.filter(user=user_id, insight=insight_id).exists()
    asked = word if word in feedback.WORDS and not done else ""
    context = {"insight": insight, "asked": asked, "done": done, "vote": vote, "saved": saved}
    context["brief_url"] = archive.brief_with(insight_id, user_id=user_id)
    return render(request, "briefs/act.html", context)
