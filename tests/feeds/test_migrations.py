from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from feeds.models import Transcript
from feeds.polling.transcripts import publisher, speech
from feeds.reading.transcripts.segments import Segment
from tests.factories import make_transcript


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
