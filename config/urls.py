from django.contrib import admin
from django.urls import include, path

from config.healthz import healthz

urlpatterns = [
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("briefs.urls")),
    path("", include("feeds.urls")),
]
