"""What related insights say to an insight: a language model judges it once, and pages show what it found.

Only where a model is configured. Its judgements come with a sweep, never with a page; a third of the day's budget is
the most that they may leave spent, so that they never take what extraction needs.
"""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from feeds.asking.asker import Asker, Unanswered, configured_asker
from feeds.asking.question import Question, marked, source_sha256
from feeds.asking.schema import InvalidAnswer, list_of, rows, text_of, whole_of
from feeds.library.related.retrieve import related_ids
from feeds.models import Insight, InsightQuerySet, KeptWays, RelatedStances, Stance

MOST_CANDIDATES = 6
# Older ones are hardly read any more.
JUDGED_WITHIN = dt.timedelta(days=3)
_SECONDS = 240.0
# So that extraction never lacks what it needs.
_MOST_OF_DAY = Decimal(1) / 3
_PROMPT = (Path(__file__).parent / "stance_prompt.txt").read_text()
_SCHEMA = list_of(
    MOST_CANDIDATES,
    {
        "candidate": {"type": "integer", "minimum": 1, "maximum": MOST_CANDIDATES},
        "stance": {"type": "string", "enum": list(Stance.values)},
    },
)
_TOKENS_OF_A_STANCE = 40


def judge_waiting(*, now: dt.datetime, limit: int, asker: Asker | None = None) -> int:
    """Judge what stands beside the newest insights; return how many were judged. Ends early when nobody answers."""
    if asker is None and not settings.LLM_BASE_URL:
        return 0
    asker = asker or configured_asker(most_of_day=_MOST_OF_DAY)
    until = time.monotonic() + _SECONDS
    done = 0
    for insight in waiting(now)[:limit]:
        try:
            judge(insight, asker=asker, now=now, until=until)
        except Unanswered as error:
            if not error.is_final:
                break
            _keep(insight, {}, now=now)
        else:
            done += 1
    return done


def waiting(now: dt.datetime) -> InsightQuerySet:
    """The insights to be judged, the most salient first."""
    fresh = Insight.objects.public().ready().filter(related_stances=None, created_at__gt=now - JUDGED_WITHIN)
    return fresh.select_related("episode__feed").order_by("-salience", "pk")


def judge(insight: Insight, *, asker: Asker, now: dt.datetime, until: float) -> None:
    """Store a stance for each of the best candidates; raise Unanswered."""
    ids = [related.id for related in related_ids(insight, limit=MOST_CANDIDATES)]
    found = Insight.objects.in_bulk(ids)
    candidates = [found[pk] for pk in ids if pk in found]
    stances = _asked(insight, candidates, asker=asker, until=until) if candidates else {}
    _keep(insight, stances, now=now)


def _keep(insight: Insight, stances: Mapping[int, Stance], *, now: dt.datetime) -> None:
    RelatedStances.objects.get_or_create(insight=insight, defaults={"stances": stances, "judged_at": now})
    KeptWays.objects.filter(insight=insight).delete()


def _asked(insight: Insight, candidates: Sequence[Insight], *, asker: Asker, until: float) -> dict[int, Stance]:
    answer = asker.answer(_question(insight, candidates), _read, until=until)
    return {
        int(answer.asked_about[number - 1]): stance for number, stance in answer.content if number <= len(candidates)
    }


def _question(insight: Insight, candidates: Sequence[Insight]) -> Question:
    told = [f"the insight\n{_told(insight)}"]
    told += [f"candidate {number}\n{_told(other)}" for number, other in enumerate(candidates, start=1)]
    text = "\n\n".join(told)
    sha256 = source_sha256(text)
    return Question(
        source_sha256=sha256,
        part="stances",
        prompt=_PROMPT,
        material=marked("insights", text, sha256),
        schema=_SCHEMA,
        most_output_tokens=MOST_CANDIDATES * _TOKENS_OF_A_STANCE,
        asked_about=tuple(str(other.pk) for other in candidates),
    )


def _told(insight: Insight) -> str:
    return " ".join(f"{insight.headline}. {insight.text}".split())


def _read(answer: str) -> list[tuple[int, Stance]]:
    found = rows(answer)
    return [(whole_of(row, "candidate", most=MOST_CANDIDATES), _stance(text_of(row, "stance"))) for row in found]


def _stance(name: str) -> Stance:
    try:
        return Stance(name)
    except ValueError as error:
        raise InvalidAnswer("no such stance") from error
