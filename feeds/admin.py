"""Operators see what failed and why, and try again with one action."""

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from feeds.library.takedown import put_back_show, take_down_insight, take_down_show
from feeds.models import Episode, Feed, Insight, InsightReport, LlmCall, Topic, Transcript


class _Admin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Feed)
class FeedAdmin(_Admin):
    list_display = ["title", "state", "failures", "error", "left_out", "last_checked_at", "next_check_at", "is_private"]
    list_filter = [
        "state", ("error", admin.EmptyFieldListFilter), ("left_out", admin.EmptyFieldListFilter), "is_private",
        "is_blocked", "is_listed",
    ]  # fmt: skip
    search_fields = ["title", "url", "error"]
    readonly_fields = [
        "etag", "last_modified", "body_hash", "last_checked_at", "last_changed_at", "failures", "error", "left_out",
        "moved_to", "moved_first_seen_at", "moved_sightings", "move_doubt", "former_url",
        "last_whole_at", "overdue_at", "gone_at", "created_at", "taken_down_at",
    ]  # fmt: skip
    raw_id_fields = ["owner"]
    actions = ["poll_again", "list_now", "take_down", "put_back"]

    @admin.action(description="Poll again now, also those that are gone or off")
    def poll_again(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        again = feeds.filter(taken_down_at=None).update(state=Feed.State.ACTIVE, next_check_at=timezone.now())
        self.message_user(request, f"{again} feeds are due now.")

    @admin.action(description="List now: everybody may hear of it, however few follow it")
    def list_now(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        listed = feeds.filter(is_private=False).update(is_listed=True)
        self.message_user(request, f"{listed} shows are listed; private ones never are.")

    @admin.action(description="Take down: off the site, the briefs and the poll")
    def take_down(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        for feed in feeds:
            take_down_show(feed, now=timezone.now())
        self.message_user(request, f"{len(feeds)} shows are off the site.")

    @admin.action(description="Put back after a take-down")
    def put_back(self, request: HttpRequest, feeds: QuerySet[Feed]) -> None:
        for feed in feeds:
            put_back_show(feed)
        self.message_user(request, f"{len(feeds)} shows are back.")


@admin.register(Episode)
class EpisodeAdmin(_Admin):
    list_display = ["title", "feed", "state", "attempts", "error", "published_at", "next_attempt_at"]
    list_filter = ["state", ("error", admin.EmptyFieldListFilter)]
    list_select_related = ["feed"]
    search_fields = ["title", "feed__title", "error"]
    date_hierarchy = "published_at"
    raw_id_fields = ["feed"]
    readonly_fields = ["attempts", "processed_at", "error", "created_at", "dated_at", "next_recording"]
    actions = ["process_again"]

    @admin.action(description="Process again: what was done stays, what failed is tried anew")
    def process_again(self, request: HttpRequest, episodes: QuerySet[Episode]) -> None:
        again = episodes.exclude(state=Episode.State.DONE).update(
            state=Episode.State.WAITING, attempts=0, next_attempt_at=timezone.now(), error=""
        )
        self.message_user(request, f"{again} episodes wait to be processed.")


@admin.register(Transcript)
class TranscriptAdmin(_Admin):
    list_display = ["episode", "source", "language", "created_at"]
    list_filter = ["source", "language"]
    list_select_related = ["episode"]
    search_fields = ["episode__title"]
    raw_id_fields = ["episode"]
    readonly_fields = ["sha256", "created_at"]


@admin.register(Topic)
class TopicAdmin(_Admin):
    list_display = ["name", "slug", "position"]


@admin.register(Insight)
class InsightAdmin(_Admin):
    list_display = ["__str__", "episode", "speaker", "salience", "ready", "extractor", "quote_verified", "hidden_at"]
    list_filter = [
        ("headline", admin.EmptyFieldListFilter),
        "extractor",
        "quote_verified",
        ("hidden_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["episode"]
    search_fields = ["headline", "text", "quote", "speaker"]
    raw_id_fields = ["episode"]
    exclude = ["embedding"]
    readonly_fields = ["fingerprint", "embedding_model", "quote_verified", "created_at", "written_at"]
    actions = ["hide"]

    @admin.action(description="Take down: the page answers 410")
    def hide(self, request: HttpRequest, insights: QuerySet[Insight]) -> None:
        for insight in insights:
            take_down_insight(insight, now=timezone.now())
        self.message_user(request, f"{len(insights)} insights are off the site.")


@admin.register(InsightReport)
class InsightReportAdmin(_Admin):
    list_display = ["reason", "insight", "message", "contact", "created_at", "resolved_at"]
    list_filter = ["reason", ("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ["insight"]
    raw_id_fields = ["insight"]
    exclude = ["network_hash"]
    actions = ["resolve"]

    @admin.action(description="Mark as resolved")
    def resolve(self, request: HttpRequest, reports: QuerySet[InsightReport]) -> None:
        resolved = reports.update(resolved_at=timezone.now())
        self.message_user(request, f"{resolved} reports are resolved.")


@admin.register(LlmCall)
class LlmCallAdmin(_Admin):
    """To be looked at: the budgets are held by these rows, so nobody changes or deletes one here."""

    list_display = ["asked_at", "model", "part", "state", "cost", "input_tokens", "output_tokens", "attempts", "error"]
    list_filter = ["state", "model"]
    search_fields = ["source_sha256", "error"]
    date_hierarchy = "asked_at"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return False
