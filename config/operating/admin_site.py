"""The admin opens on the operator's page."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from config.operating.page import overview


class OperatorsSite(AdminSite):
    site_header = site_title = "Overheard"
    index_title = "What was read, composed and sent"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**overview(now=timezone.now()), **(extra_context or {})})
