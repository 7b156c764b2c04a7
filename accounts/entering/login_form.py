from __future__ import annotations

from allauth.account.forms import RequestLoginCodeForm
from django import forms
from django.core.exceptions import ValidationError

from accounts.addresses import InvalidAddress, canonical


class LoginCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Finds a subscriber however the address is spelled: browsers write the domain of an e-mail field in Punycode."""

    email = forms.CharField(max_length=254)

    def clean_email(self) -> str:
        try:
            self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error
        return str(super().clean_email())
