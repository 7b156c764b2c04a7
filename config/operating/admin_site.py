"""The admin opens on the operator's page, and has pages of its own beside those of the models."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils import timezone

from config.operating import subscriber_pages
from config.operating.page import overview


class OperatorsSite(AdminSite):
    site_header = site_title = "Overheard"
    index_title = "What was read, composed and sent"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**overview(now=timezone.now()), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        about = subscriber_pages
        act = r"^subscriber/(?P<pk>\d+)/(?P<action>confirm|allow-mail|erase)/$"
        return [
            path("subscriber/", self.admin_view(about.find), name="find_subscriber"),
            path("subscriber/unsuppress/", self.admin_view(about.unsuppress), name="unsuppress"),
            path("subscriber/<int:pk>/", self.admin_view(about.subscriber), name="subscriber"),
            re_path(act, self.admin_view(about.act), name="subscriber_act"),
            *super().get_urls(),
        ]
