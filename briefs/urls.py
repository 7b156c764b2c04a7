import datetime as dt

from django.urls import path, register_converter

from briefs.views import feedback, preferences, reading, saved


class LocalDayConverter:
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(LocalDayConverter, "local_day")

app_name = "briefs"
urlpatterns = [
    path("brief/", reading.today, name="today"),
    path("brief/archive/", reading.past, name="archive"),
    path("brief/feed/", reading.private_feed, name="private_feed"),
    path("brief/feed/<str:key>/rss.xml", reading.private_rss, name="private_rss"),
    path("brief/feed/<str:key>/feed.json", reading.private_json, name="private_json"),
    path("brief/<local_day:day>/", reading.brief, name="brief"),
    path("brief/<local_day:day>.json", reading.brief_json, name="brief_json"),
    path("v/<str:token>/", feedback.act, name="act"),
    path("v/<str:token>/<slug:word>/", feedback.act, name="act"),
    path("welcome/", preferences.welcome, name="welcome"),
    path("welcome/sample/", preferences.sample_brief, name="sample"),
    path("preferences/", preferences.preferences_page, name="preferences"),
    path("preferences/test/", preferences.test_brief, name="test_brief"),
    path("preferences/start-again/", preferences.start_again, name="start_again"),
    path("preferences/<str:token>/", preferences.preferences_page, name="preferences"),
    path("preferences/<str:token>/start-again/", preferences.start_again, name="start_again"),
    path("profile/", saved.profile, name="profile"),
    path("saved/", saved.saved, name="saved"),
    path("saved/<int:pk>/", saved.save, name="save"),
    path("saved/<int:pk>/remove/", saved.unsave, name="unsave"),
    path("saved/export/<str:form>/", saved.export_saved, name="export_saved"),
]
