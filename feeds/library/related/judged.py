"""How the related insights of one stand to it, as far as that was judged."""

from feeds.models import Insight, RelatedStances, Stance


def stances_beside(insight: Insight) -> dict[int, Stance]:
    """By the ids of the related insights."""
    known = RelatedStances.objects.filter(insight=insight).first()
    return {int(pk): Stance(stance) for pk, stance in known.stances.items()} if known else {}
