"""Turn due briefs into composed ones: candidates once, subscribers by the batch, each brief at most once."""

import dataclasses
import datetime as dt
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Max, Q

from briefs.choosing.audience import History, Remembered, Vocabulary, gather
from briefs.choosing.candidates import COMMIT_LAG, LOOK_BACK, Candidates, load, load_passages
from briefs.choosing.interests import Profile, profiles
from briefs.choosing.places import FIVE
from briefs.choosing.quotes import fill, held
from briefs.choosing.ranking import Floats, Picks, Why, rank
from briefs.choosing.voices import Tellers, tellers, voices
from briefs.choosing.wishes import vocabulary
from briefs.edition.gone_shows import tell_of_gone_shows
from briefs.edition.schedule import LATEST, TOO_LATE
from briefs.models import Brief, BriefItem
from feeds.library.stored_vectors import stored_vectors
from feeds.models import Insight

logger = logging.getLogger(__name__)

BATCH = 2000
ATTEMPTS = 5
# What a subscriber has seen, or may have, or will as long as it can still be sent: nothing of it comes again.
SHOWN = (Brief.State.COMPOSED, Brief.State.SENDING, Brief.State.SENT, Brief.State.UNKNOWN)
REMEMBERED_FOR = dt.timedelta(days=90)
WIDEN_AFTER = 3
WIDEN_AT_MOST_EVERY = dt.timedelta(days=14)
# Holds the last three of a weekly brief, too.
_LOOKED_BACK = dt.timedelta(weeks=4)

_NOTHING_NEW = "nothing new was fit to send since the last brief"
_NOTHING_MATCHED = "nothing new matched what you asked for"


@dataclass(frozen=True, slots=True)
class Item:
    insight_id: int
    reason: str
    detail: str
    score: float
    voices: tuple[int, ...] = ()
    is_quote: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """What a subscriber would get; without items, `why_empty` says why in words."""

    user_id: int
    items: tuple[Item, ...]
    subject: str = ""
    why_empty: str = ""


def compose_due(*, now: dt.datetime, limit: int | None = None) -> Counter[str]:
    """Compose every brief that is due, at most `limit`, and store it; returns how many came to which state.

    Running it twice changes nothing.
    """
    skip_late(now=now)
    _leave_out_those_who_stopped(now)
    waiting = list(Brief.objects.to_compose(now).values_list("user_id", "id")[:limit])
    counts: Counter[str] = Counter()
    if waiting:
        candidates = load(now=now)
        for start in range(0, len(waiting), BATCH):
            counts += _compose_batch(dict(waiting[start : start + BATCH]), candidates, now)
    return counts


def choose(user_ids: Sequence[int], *, now: dt.datetime, candidates: Candidates) -> list[Composed]:
    """What these subscribers would get now, in their order; nothing is recorded."""
    history = _history(user_ids, now)
    people = [_without_surprise_at_first(one, history) for one in profiles(user_ids, now=now)]
    words = vocabulary(people, candidates)
    remembered = _remember(people, history)
    audience = gather(people, candidates, history=history, vocabulary=words, remembered=remembered)
    picks = rank(candidates.pool, audience)
    names = _Names(candidates, words, _names_of(picks, remembered), tellers(candidates))
    quotes = _quotes(people, picks, candidates=candidates, history=history, now=now)
    composed = [
        _composed(one.user_id, picks, row, names=names, groups=audience.groups[row], since=history.since[one.user_id])
        for row, one in enumerate(people)
    ]
    return [_completed(one, quotes.get(one.user_id)) for one in composed]


def _compose_batch(brief_of: Mapping[int, int], candidates: Candidates, now: dt.datetime) -> Counter[str]:
    """Compose and record; one subscriber who cannot be composed is set aside without stopping the others."""
    try:
        return _record(brief_of, choose(list(brief_of), now=now, candidates=candidates), now)
    except Exception:
        if len(brief_of) == 1:
            logger.exception("brief %s could not be composed", *brief_of.values())
            _set_aside(next(iter(brief_of.values())), now)
            return Counter()
        rows = list(brief_of.items())
        halves = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        return sum((_compose_batch(dict(half), candidates, now) for half in halves), Counter())


# What is not composed at all -------------------------------------------------------------------------------------


def skip_late(*, now: dt.datetime) -> int:
    """What can no more be sent, composed or not, is no brief that the next one has to make room for."""
    unsent = Brief.objects.filter(state__in=(Brief.State.DUE, Brief.State.COMPOSED))
    return unsent.filter(due_at__lt=now - LATEST).update(state=Brief.State.SKIPPED, reason=TOO_LATE)


def _leave_out_those_who_stopped(now: dt.datetime) -> None:
    due = Brief.objects.to_compose(now).order_by()
    due.filter(user__paused_until__gt=F("day")).update(state=Brief.State.SKIPPED, reason="paused")
    stopped = Q(user__is_active=False) | Q(user__unsubscribed_at__isnull=False) | Q(user__stopped_at__isnull=False)
    due.filter(stopped).update(state=Brief.State.SUPPRESSED, reason="unsubscribed or stopped before it was composed")


def _set_aside(brief_id: int, now: dt.datetime) -> None:
    Brief.objects.filter(pk=brief_id, state=Brief.State.DUE).update(
        attempts=F("attempts") + 1, next_attempt_at=now + dt.timedelta(minutes=10)
    )
    Brief.objects.filter(pk=brief_id, state=Brief.State.DUE, attempts__gte=ATTEMPTS).update(
        state=Brief.State.FAILED, reason="could not be composed; the log has the reason"
    )


# What was sent before --------------------------------------------------------------------------------------------


def _history(user_ids: Sequence[int], now: dt.datetime) -> History:
    shown = Brief.objects.filter(user__in=user_ids, state__in=SHOWN)
    until = dict(shown.order_by().values_list("user_id").annotate(Max("considered_until")))
    earliest = now - LOOK_BACK
    sent: dict[int, set[int]] = defaultdict(set)
    items = BriefItem.objects.filter(brief__in=shown.filter(due_at__gt=now - REMEMBERED_FOR))
    for user_id, insight_id in items.order_by().values_list("brief__user_id", "insight_id"):
        sent[user_id].add(insight_id)
    return History(
        since={one: max(until[one] - COMMIT_LAG, earliest) if until.get(one) else earliest for one in user_ids},
        sent={user_id: frozenset(found) for user_id, found in sent.items()},
    )


def _without_surprise_at_first(profile: Profile, history: History) -> Profile:
    """The first brief holds exactly what was asked for."""
    return profile if profile.user_id in history.sent else dataclasses.replace(profile, surprises=False)


def _remember(people: Iterable[Profile], history: History) -> Remembered:
    wanted = {one.insight_id for profile in people for one in profile.opinions}.union(*history.sent.values())
    found, vectors = stored_vectors(wanted)
    return Remembered({pk: row for row, pk in enumerate(found)}, vectors)


# From numbers back to words --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """What the numbers in the picks stand for."""

    candidates: Candidates
    words: Vocabulary
    liked: Mapping[int, str]
    told_by: Tellers

    def detail(self, why: Why, number: int) -> str:
        match why:
            case Why.TOPIC:
                return self.candidates.topic_names[number]
            case Why.INTEREST:
                return self.words.wishes[number].text
            case Why.SHOW:
                return self.candidates.show_names[self.candidates.groups[number][0]]
            case Why.VOTES:
                return self.liked[number]
            case _:
                return ""


def _composed(user_id: int, picks: Picks, row: int, *, names: _Names, groups: Floats, since: dt.datetime) -> Composed:
    columns = [int(column) for column in picks.columns[row] if column >= 0]
    pool = names.candidates.pool
    if not columns:
        is_new = len(pool.ids) and pool.arrived[-1] > since.timestamp()
        return Composed(user_id, (), why_empty=_NOTHING_MATCHED if is_new else _NOTHING_NEW)
    items = []
    for place, column in enumerate(columns):
        why = Why(picks.why[row, place])
        detail = names.detail(why, int(picks.details[row, place]))
        also = voices(column, names.candidates, names.told_by, groups=groups)
        items.append(Item(int(pool.ids[column]), why.name.lower(), detail, float(picks.scores[row, place]), also))
    return Composed(user_id, tuple(items), subject=names.candidates.headlines[columns[0]])


def _names_of(picks: Picks, remembered: Remembered) -> dict[int, str]:
    """Names of the liked insights that are named as reasons, by their row in `remembered`."""
    rows = set(picks.details[picks.why == Why.VOTES].tolist())
    ids = {insight_id: row for insight_id, row in remembered.row_of.items() if row in rows}
    found = Insight.objects.filter(pk__in=ids).select_related("episode__feed").defer("embedding", "search")
    return {ids[insight.pk]: insight.title for insight in found}


# Passages where insights are few ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Quotes:
    """The passages that complete one brief; `name` is that of the first."""

    items: tuple[Item, ...]
    name: str


def _quotes(
    people: Sequence[Profile], picks: Picks, *, candidates: Candidates, history: History, now: dt.datetime
) -> dict[int, _Quotes]:
    """By subscriber, for those who want passages and got fewer than five insights."""
    rows = [row for row, one in enumerate(people) if one.quotes and (picks.columns[row] < 0).any()]
    if not rows:
        return {}
    short, passages = [people[row] for row in rows], load_passages(now=now)
    words, remembered = vocabulary(short, passages), _remember(short, history)
    audience = gather(short, passages, history=history, vocabulary=words, remembered=remembered)
    chosen = fill(passages, audience, [held(picks.columns[row], candidates) for row in rows])
    names = _Names(passages, words, {}, {})
    found = {one.user_id: _quoted(chosen, row, names) for row, one in enumerate(short)}
    return {user_id: quotes for user_id, quotes in found.items() if quotes.items}


def _quoted(chosen: Picks, row: int, names: _Names) -> _Quotes:
    columns = [int(column) for column in chosen.columns[row] if column >= 0]
    items = []
    for place, column in enumerate(columns):
        why, pk = Why(chosen.why[row, place]), int(names.candidates.pool.ids[column])
        detail = names.detail(why, int(chosen.details[row, place]))
        items.append(Item(pk, why.name.lower(), detail, float(chosen.scores[row, place]), is_quote=True))
    return _Quotes(tuple(items), names.candidates.headlines[columns[0]] if columns else "")


def _completed(one: Composed, quotes: _Quotes | None) -> Composed:
    if quotes is None:
        return one
    items, first = one.items + quotes.items, one.subject or quotes.name
    return Composed(one.user_id, items[:FIVE], subject=first[:200])


# Recording -------------------------------------------------------------------------------------------------------


def _record(brief_of: Mapping[int, int], composed: Sequence[Composed], now: dt.datetime) -> Counter[str]:
    """Store in one transaction; a brief that somebody else composed meanwhile is left alone."""
    widen = _to_widen([one.user_id for one in composed if not one.items], now)
    with transaction.atomic():
        became = _move(brief_of, composed, widen, now)
        with_items = {one.user_id: brief_of[one.user_id] for one in composed if one.items}
        ours = {user_id: brief_id for user_id, brief_id in with_items.items() if brief_id in became}
        tell_of_gone_shows(ours, now=now, told=SHOWN)
        _write_items((brief_of[one.user_id], one) for one in composed if brief_of[one.user_id] in became)
    return Counter(became.values())


def _move(
    brief_of: Mapping[int, int], composed: Sequence[Composed], widen: frozenset[int], now: dt.datetime
) -> dict[int, str]:
    """Set what each brief became; returns the states of those that were still due, by id."""
    states = [Brief.State.COMPOSED if one.items or one.user_id in widen else Brief.State.EMPTY for one in composed]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE briefs_brief SET state = new.state, subject = new.subject, reason = new.reason,
                   kind = CASE WHEN new.widen THEN 'widen' ELSE kind END,
                   considered_until = %s, composed_at = %s, next_attempt_at = %s, attempts = 0
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bool[])
                 AS new(id, state, subject, reason, widen)
            WHERE briefs_brief.id = new.id AND briefs_brief.state = 'due'
            RETURNING briefs_brief.id, briefs_brief.state
            """,
            [
                now,
                now,
                now,
                [brief_of[one.user_id] for one in composed],
                [str(state) for state in states],
                [one.subject for one in composed],
                [one.why_empty for one in composed],
                [one.user_id in widen for one in composed],
            ],
        )
        return dict(cursor.fetchall())


def _write_items(composed: Iterable[tuple[int, Composed]]) -> None:
    columns = "(brief_id, insight_id, position, reason, reason_detail, score, is_quote, voices)"
    with connection.cursor() as cursor, cursor.copy(f"COPY briefs_briefitem {columns} FROM STDIN") as copy:
        for brief_id, one in composed:
            for position, item in enumerate(one.items, start=1):
                detail, voices = item.detail[:300], json.dumps(item.voices)
                copy.write_row(
                    (brief_id, item.insight_id, position, item.reason, detail, item.score, item.is_quote, voices)
                )


def _to_widen(user_ids: Sequence[int], now: dt.datetime) -> frozenset[int]:
    """Those whose last briefs were all empty, this one included, and who were not asked within a fortnight.

    A skipped brief tells nothing: neither what it would have held, nor that anybody was asked.
    """
    recent = Brief.objects.filter(user__in=user_ids, due_at__gt=now - _LOOKED_BACK).order_by("user_id", "-day")
    states: dict[int, list[str]] = defaultdict(list)
    asked: set[int] = set()
    untold = (Brief.State.DUE, Brief.State.SKIPPED)
    known = recent.exclude(state__in=untold).values_list("user_id", "state", "kind", "due_at")
    for user_id, state, kind, due_at in known:
        states[user_id].append(state)
        if kind == Brief.Kind.WIDEN and due_at > now - WIDEN_AT_MOST_EVERY:
            asked.add(user_id)
    quiet = [Brief.State.EMPTY] * (WIDEN_AFTER - 1)
    return frozenset(one for one in user_ids if one not in asked and states[one][: WIDEN_AFTER - 1] == quiet)
