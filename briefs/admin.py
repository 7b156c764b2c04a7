"""Operators see what became of every brief and why, and decide about those nobody can be sure of."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from briefs.edition.deliver import send_again
from briefs.models import Brief, BriefItem, Hold


class BriefItemInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = BriefItem
    fields = ("position", "insight", "reason_in_words", "score")
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, *_: object) -> bool:
        return False


@admin.register(Brief)
class BriefAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["user", "day", "kind", "state", "reason", "attempts", "due_at", "sent_at"]
    list_filter = ["state", "kind", "day"]
    list_select_related = ["user"]
    search_fields = ["user__email", "subject", "reason"]
    date_hierarchy = "day"
    raw_id_fields = ["user"]
    readonly_fields = ["considered_until", "subject", "attempts", "composed_at", "sent_at"]
    inlines = [BriefItemInline]
    actions = ["send_again", "take_as_sent"]

    @admin.action(description="Send again: unknown and failed ones, also late, also if they may have arrived")
    def send_again(self, request: HttpRequest, briefs: QuerySet[Brief]) -> None:
        again = send_again([brief.pk for brief in briefs], now=timezone.now())
        self.message_user(request, f"{again} briefs go out with the next tick.")

    @admin.action(description="Take as sent: the unknown ones that did arrive")
    def take_as_sent(self, request: HttpRequest, briefs: QuerySet[Brief]) -> None:
        settled = briefs.filter(state=Brief.State.UNKNOWN).update(state=Brief.State.SENT, reason="settled by a person")
        self.message_user(request, f"{settled} briefs count as sent.")


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Deleting one lets the next brief go out at once."""

    list_display = ["channel", "provider", "reason", "since", "until", "failures"]
    readonly_fields = ["channel", "provider", "reason", "since", "until", "failures"]

    def has_add_permission(self, *_: object) -> bool:
        return False
