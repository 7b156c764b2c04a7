from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def trivial(_: HttpRequest) -> HttpResponse:
    return HttpResponse("Nothing was asked of anything.")


urlpatterns = [path("trivial/", trivial), path("", include("config.urls"))]
