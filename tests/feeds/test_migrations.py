from __future__ import annotations

from hashlib import sha256
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from feeds.models import Transcript
from feeds.polling.transcripts import publisher, speech
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_episode, make_feed, make_transcript


@pytest.mark.django_db
def test_transcripts_of_a_kind_are_called_what_their_source_calls_them_and_back() -> None:
    kinds = {make_transcript(segments=[Segment("Said.")], source=kind).pk: kind for kind in ("publisher", "speech")}
    migration = import_module("feeds.migrations.0003_transcripts_named_by_their_source")
    with connection.schema_editor() as editor:
        migration.call_by_name(apps, editor)
        called = dict(Transcript.objects.values_list("pk", "source"))
        migration.call_by_kind(apps, editor)
    assert called == dict(zip(kinds, [publisher.CALLED, speech.CALLED], strict=True))
    assert dict(Transcript.objects.values_list("pk", "source")) == kinds


@pytest.mark.django_db
def test_episodes_from_before_have_an_identity_each_and_the_date_of_their_feed() -> None:
    feed = make_feed()
    rows = [make_episode(feed=feed, guid=guid) for guid in ("a", "https://x.example/ü", "a" * 500)]
    migration = import_module("feeds.migrations.0004_episodes_by_identity")
    with connection.cursor() as cursor:
        cursor.execute(migration.BY_GUID)
        cursor.execute(migration.DATED)
    for row in rows:
        row.refresh_from_db()
        assert row.dated_at == row.published_at
    assert [row.identity for row in rows] == [sha256(row.guid.encode()).hexdigest() for row in rows]
