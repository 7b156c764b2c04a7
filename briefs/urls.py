from django.urls import path

from briefs.own.views import feedback, following, preferences, reading, saved, shows
from config.web import day_in_path  # noqa: F401  # registers <day:…>

app_name = "briefs"
urlpatterns = [
    path("brief/", reading.today, name="today"),
    path("brief/archive/", reading.past, name="archive"),
    path("brief/feed/", reading.private_feed, name="private_feed"),
    path("brief/feed/<str:key>/rss.xml", reading.private_rss, name="private_rss"),
    path("brief/feed/<str:key>/feed.json", reading.private_json, name="private_json"),
    path("brief/<day:day>/", reading.brief, name="brief"),
    path("brief/<day:day>.json", reading.brief_json, name="brief_json"),
    path("b/<str:token>/", reading.brief_by_link, name="brief_by_link"),
    path("v/<str:token>/", feedback.act, name="act"),
    path("v/<str:token>/<slug:word>/", feedback.act, name="act"),
    path("welcome/", preferences.welcome, name="welcome"),
    path("welcome/sample/", preferences.sample_brief, name="sample"),
    path("preferences/", preferences.preferences_page, name="preferences"),
    path("preferences/test/", preferences.test_brief, name="test_brief"),
    path("preferences/start-again/", preferences.start_again, name="start_again"),
    path("preferences/<str:token>/", preferences.preferences_page, name="preferences"),
    path("preferences/<str:token>/start-again/", preferences.start_again, name="start_again"),
    path("follow/topics/<slug:slug>/", following.follow_topic, name="follow_topic"),
    path("follow/shows/<slug:slug>/", following.follow_show, name="follow_show"),
    path("profile/", saved.profile, name="profile"),
    path("shows/mine/", shows.my_shows, name="my_shows"),
    path("shows/mine/import/", shows.import_shows, name="import_shows"),
    path("shows/mine/<int:pk>/drop/", shows.drop_show, name="drop_show"),
    path("shows/mine.opml", shows.export_shows, name="export_shows"),
    path("saved/", saved.saved, name="saved"),
    path("saved/<int:pk>/", saved.save, name="save"),
    path("saved/<int:pk>/remove/", saved.unsave, name="unsave"),
    path("saved/export/<str:form>/", saved.export_saved, name="export_saved"),
]
