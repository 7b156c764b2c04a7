from __future__ import annotations

from django import template

from accounts.entering.signup_form import stamp

register = template.Library()


@register.simple_tag
def signup_stamp() -> str:
    """The signed moment at which the box was drawn: whoever answers it at once is no person."""
    return stamp()
