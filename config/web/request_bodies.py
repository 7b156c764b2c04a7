"""How much a request may bring: little, but for the pages that are named here, and files on one of them alone."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_MOST = 256 * 1024
# By the start of the path: files, whose page says more kindly which is too large, and a provider’s many events at once.
_MORE = {"/shows/mine/import/": 8 * 2**20, "/anymail/": 2 * 2**20}


def bounded(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 413 before anything of it is read. Of a body without a length Django reads nothing."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if _length(request) > most_bytes(request.path):
            words = f"Too much at once: this page takes {most_bytes(request.path) // 1024} KiB at most.\n"
            too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return HttpResponse(words, status=too_large, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def most_bytes(path: str) -> int:
    return next((most for start, most in _MORE.items() if path.startswith(start)), _MOST)


class NoFiles(FileUploadHandler):
    """For all pages: one that takes files names a handler of its own. Nothing is written to the disk."""

    def new_file(self, *args: object, **kwargs: object) -> None:  # noqa: ARG002
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        return None

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdigit() else 0
