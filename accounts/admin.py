from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.keyed_hashes import address_hashes
from accounts.models import AccountEvent, Letter, Suppression, User
from accounts.privacy import erase

# The same way in as for everybody, second factor included; a password alone opens nothing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = (
        "email",
        "confirmed_at",
        "time_zone",
        "brief_hour",
        "next_brief_at",
        "schedule_error",
        "unsubscribed_at",
        "stopped_at",
    )
    list_filter = ("cadence", "is_staff", "is_active", ("schedule_error", admin.EmptyFieldListFilter))
    search_fields = ("email",)
    date_hierarchy = "joined_at"
    exclude = ("password",)
    readonly_fields = ("last_login", "joined_at", "confirmed_at", "link_version", "active_at", "schedule_error")
    filter_horizontal = ("groups", "user_permissions")

    def view_on_site(self, obj: User) -> str:
        """The story, which is also where one that was added here is confirmed."""
        return reverse("admin:subscriber", args=[obj.pk])

    def delete_model(self, request: HttpRequest, obj: User) -> None:  # noqa: ARG002
        erase(obj, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self.delete_model(request, user)


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Every failure with its reason; a retry is one action."""

    list_display = ("kind", "user", "state", "attempts", "next_attempt_at", "error")
    list_filter = ("state", "kind")
    search_fields = ("user__email",)
    # A code that waits to be sent is nobody's business.
    exclude = ("context",)
    actions = ("try_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.action(description="Try again now", permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        # A failed letter has lost its context; only those still waiting can be hurried.
        hurried = queryset.filter(state=Letter.State.WAITING).update(next_attempt_at=timezone.now())
        self.message_user(request, f"{hurried} letters are due now.")


@admin.register(AccountEvent)
class AccountEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("created_at", "user", "kind", "detail")
    list_filter = ("kind",)
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccountEvent | None = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("address_hash", "reason", "created_at")
    list_filter = ("reason",)
    search_fields = ("address_hash",)
    search_help_text = "a whole address"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        if "@" in search_term:
            return queryset.filter(address_hash__in=address_hashes(search_term)), False
        return super().get_search_results(request, queryset, search_term)
