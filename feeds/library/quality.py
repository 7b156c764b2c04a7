"""What an insight is worth to a reader who has not heard the episode: that it matters, and that it reads as printed.

Both are chances, that an editor marks the passage and that an editor prints what was made of it: the product is the
chance of a good one.
"""

from django.db.models import F
from django.db.models.expressions import CombinedExpression


def quality(*, salience: float, ready: float) -> float:
    """0 to 1; `quality_expression` says the same to the database."""
    return salience * ready


def quality_expression() -> CombinedExpression:
    return F("salience") * F("ready")
