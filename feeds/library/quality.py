"""What an insight is worth to a reader who has not heard the episode: that it matters, and can be read alone."""

from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Least

# From here on a write-up is as clear as a reader needs.
_CLEAR = 0.5
# What the weightiest insight is still worth if nobody understands it alone.
_UNCLEAR = 0.25


def quality(*, salience: float, clarity: float) -> float:
    """0 to 1; `quality_expression` says the same to the database."""
    return salience * (_UNCLEAR + (1 - _UNCLEAR) * min(1.0, clarity / _CLEAR))


def quality_expression() -> CombinedExpression:
    return F("salience") * (_UNCLEAR + (1 - _UNCLEAR) * Least(1.0, F("clarity") / _CLEAR))
