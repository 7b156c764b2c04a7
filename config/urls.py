from django.contrib import admin
from django.urls import include, path

from accounts.urls import sign_in_patterns
from config.healthz import healthz

urlpatterns = [
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("account/", include(sign_in_patterns)),
    path("", include("accounts.urls")),
    path("", include("briefs.urls")),
    path("", include("feeds.urls")),
]
