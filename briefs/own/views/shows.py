"""A subscriber's own shows: followed, muted, added by address or from another app, and taken along."""

from __future__ import annotations

from http import HTTPStatus

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from briefs.own.adding_shows import MOST_A_DAY, Brought, NotFollowed, add_list, add_show
from briefs.own.show_forms import AddressForm, OpmlForm
from briefs.own.shows import followed_feeds, own_shows
from briefs.own.views.subscriber import by_session
from feeds.library.letting_go import let_go
from feeds.polling.opml import export_opml


@require_http_methods(["GET", "HEAD", "POST"])
@by_session
def my_shows(request: HttpRequest, user: User) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            wanted = form.cleaned_data
            is_new = add_show(user, wanted["address"], is_own=wanted["is_own"], now=timezone.now())
        except NotFollowed as refusal:
            form.add_error("address", str(refusal))
        else:
            page = f"{reverse('briefs:my_shows')}?show={'added' if is_new else 'known'}"
            return HttpResponseRedirect(page, status=HTTPStatus.SEE_OTHER)
    return _page(request, user, address_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_session
def import_shows(request: HttpRequest, user: User) -> HttpResponse:
    """The report is the answer itself: a reload imports once more, which adds nothing."""
    if request.method != "POST":
        return redirect("briefs:my_shows")
    # A file too large for memory is dropped as it comes, and not written to the disk.
    request.upload_handlers = [MemoryFileUploadHandler(request)]
    form = OpmlForm(request.POST, request.FILES)
    brought = add_list(user, form.cleaned_data["opml"], now=timezone.now()) if form.is_valid() else None
    return _page(request, user, opml_form=form, brought=brought)


@require_POST
@by_session
def drop_show(request: HttpRequest, user: User, pk: int) -> HttpResponse:  # noqa: ARG001
    """Neither followed nor muted any more."""
    user.follows.filter(feed=pk).delete()
    if own := user.private_shows.filter(pk=pk).first():
        let_go(own)
    return redirect("briefs:my_shows")


@require_safe
@by_session
def export_shows(request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG001
    response = HttpResponse(export_opml(followed_feeds(user)), content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="overheard-shows.opml"'
    return response


def _page(
    request: HttpRequest,
    user: User,
    *,
    address_form: AddressForm | None = None,
    opml_form: OpmlForm | None = None,
    brought: Brought | None = None,
) -> HttpResponse:
    shows = own_shows(user, now=timezone.now())
    context = {
        "address_form": address_form,
        "opml_form": opml_form,
        "brought": brought,
        "followed": [show for show in shows if not show.is_muted],
        "muted": [show for show in shows if show.is_muted],
        "most": {way.value: number for way, number in MOST_A_DAY.items()},
    }
    is_refused = any(form is not None and form.errors for form in (address_form, opml_form))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "briefs/shows.html", context, status=status)
