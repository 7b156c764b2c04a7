from anymail.urls import urlpatterns as anymail_pages
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, include, path

from accounts.urls import sign_in_patterns
from config.operating.healthz import healthz
from config.operating.page import metrics


def mail_event_pages() -> list[URLPattern]:
    """Where the provider in use tells of bounces and complaints: none without a secret, or anybody could stop mail."""
    wanted = {f"{name}_tracking_webhook" for name in settings.EMAIL_PROVIDER if settings.EMAIL_WEBHOOK_SECRET}
    return [page for page in anymail_pages if page.name in wanted]


urlpatterns = [
    path("healthz", healthz),
    path("metrics", metrics),
    path("admin/", admin.site.urls),
    path("account/", include(sign_in_patterns)),
    path("anymail/", include((mail_event_pages(), "anymail"))),
    path("", include("accounts.urls")),
    path("", include("briefs.urls")),
    path("", include("feeds.urls")),
]
