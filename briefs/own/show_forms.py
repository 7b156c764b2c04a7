"""What the page of a subscriber's shows accepts: a feed's address, or a list in OPML."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from feeds.polling.adding import feed_address
from feeds.polling.opml import Listed, listed_in
from feeds.reading.errors import SourceError

MOST_BYTES = 2 * 2**20
_WANTED = "Choose an OPML file of at most 2 MiB."


class AddressForm(forms.Form):
    address = forms.CharField(
        max_length=2000,
        error_messages={"required": "Type or paste the address of a feed, or of the show’s page."},
    )

    def clean_address(self) -> str:
        try:
            return feed_address(self.cleaned_data["address"])
        except SourceError as error:
            raise forms.ValidationError(f"{error}.") from error


class OpmlForm(forms.Form):
    opml = forms.FileField(error_messages={"required": _WANTED, "empty": "This file is empty."})

    def clean_opml(self) -> Listed:
        file: UploadedFile[bytes] = self.cleaned_data["opml"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_WANTED)
        try:
            listed = listed_in(file.read())
        except SourceError as error:
            raise forms.ValidationError(f"{file.name}: {error}.") from error
        if not listed.titles and not listed.failed:
            raise forms.ValidationError(f"{file.name} names no show.")
        return listed
