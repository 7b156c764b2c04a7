from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError

from accounts.addresses import InvalidAddress, canonical
from accounts.entering.code_requests import may_try

# Where a session keeps which request its code belongs to.
REQUEST = "code_request"
_ENOUGH = (
    "Enough codes were asked for by e-mail for now. If it was not you: the preferences link in any brief has a button "
    "for a code that nobody else can use up. Otherwise, try again in an hour."
)


class LoginCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Finds a subscriber however the address is spelled: browsers write the domain of an e-mail field in Punycode."""

    email = forms.CharField(max_length=254)

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:
        """`is_known`: who asks has shown already that they read the mailbox."""
        self._is_known = is_known
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        try:
            self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        except InvalidAddress as error:
            raise ValidationError(str(error)) from error
        address = str(super().clean_email())
        request_id = get_adapter().admit_code(address, is_known=self._is_known)
        if request_id is None:
            raise ValidationError(_ENOUGH)
        context.request.session[REQUEST] = request_id
        return address


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        """Asked before the code is looked at, so that a try that was not counted is not judged."""
        if not may_try(context.request.session.get(REQUEST, 0)):
            raise get_adapter().validation_error("incorrect_code")
        return str(super().clean_code())
