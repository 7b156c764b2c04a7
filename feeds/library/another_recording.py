"""A recording that replaces the one that was read: what is no longer said in it leaves the site."""

import datetime as dt

from feeds.models import Episode, Insight, Transcript
from feeds.reading.insights.grounding import Ground


def take_over(episode: Episode, transcript: Transcript, *, now: dt.datetime) -> None:
    """Make `next_recording` the episode's, with its transcript; inside a transaction.

    An insight stays where its quote was said again, at the time where it now stands.
    """
    if transcript.pk is None:
        Transcript.objects.filter(episode=episode).delete()
        transcript.save()
        _ground_again(episode, transcript, now=now)
    move_over(episode)


def move_over(episode: Episode) -> None:
    """The same, where nothing was read of either."""
    Episode.objects.filter(pk=episode.pk).update(**episode.next_recording, next_recording={})


def _ground_again(episode: Episode, transcript: Transcript, *, now: dt.datetime) -> None:
    ground = Ground(transcript.as_segments())
    insights = list(Insight.objects.filter(episode=episode, quote_verified=True))
    for insight in insights:
        place = ground.find(insight.quote, near=insight.start)
        if place is None:
            insight.hidden_at = insight.hidden_at or now
        else:
            insight.quote, insight.start, insight.end = place.quote, place.start_time, place.end_time
            insight.start_is_approximate = place.is_approximate
    Insight.objects.bulk_update(insights, ["hidden_at", "quote", "start", "end", "start_is_approximate"])
