"""What the page of a subscriber's shows accepts: a feed's address, or a list in OPML."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from feeds.polling.adding import feed_address
from feeds.polling.opml import Listed, listed_in
from feeds.reading.errors import SourceError
from feeds.reading.secret_address import Secret, secret_in

MOST_BYTES = 2 * 2**20
LOOKS_OWN = "looks_own"
_LOOKS_OWN = (
    "This address looks like one made for you alone, as paid shows have it; so the box below is ticked now. "
    "Press the button again, or take the tick away if everybody has this address."
)
_WANTED = "Choose an OPML file of at most 2 MiB."


class AddressForm(forms.Form):
    address = forms.CharField(
        max_length=2000,
        error_messages={"required": "Type or paste the address of a feed, or of the show’s page."},
    )

    is_own = forms.BooleanField(required=False)
    # Set where the question below was put, so that a box without a tick means no.
    was_asked = forms.BooleanField(required=False)

    def clean_address(self) -> str:
        try:
            return feed_address(self.cleaned_data["address"])
        except SourceError as error:
            raise forms.ValidationError(f"{error}.") from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        url = cleaned.get("address", "")
        if url and secret_in(url) is not Secret.NONE and not (cleaned["is_own"] or cleaned["was_asked"]):
            self.add_error("address", forms.ValidationError(_LOOKS_OWN, code=LOOKS_OWN))
        return cleaned

    @property
    def asks(self) -> bool:
        """Whether it comes back with the box ticked, for them to say."""
        return self.is_bound and self.has_error("address", LOOKS_OWN)


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
