import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from feeds.models import Episode, Feed, Insight
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.writing import PassageToPrint, Written
from feeds.reading.transcripts.formats import read
from feeds.reading.transcripts.segments import plain_text
from tests.feeds.library.test_process import VTT
from tests.feeds.polling.hostile_server import Hostile
from tests.feeds.reading.insights.test_local import conversation
from tests.feeds.rss import NOW, item, rss

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    def call(name: str, *args: str, **options: Any) -> str:
        out = StringIO()
        call_command(name, *args, stdout=out, **options)
        return out.getvalue()

    return call


@pytest.fixture(autouse=True)
def _small_extractor(settings: Settings, server: Hostile, _fresh_choices: None) -> None:
    settings.EXTRACTOR = "tests.feeds.library.test_process.QuotingExtractor"
    settings.FETCH_ALLOWED = server.allowed


@pytest.mark.django_db
def test_a_list_from_the_web_is_scanned_into_insights(server: Hostile, run: Run) -> None:
    transcript = server.answer("/1.vtt", VTT)
    good = server.answer("/good.xml", rss(item("1", transcript=transcript), item("2")))
    bad = server.answer("/bad.xml", b"<html></html>")
    rows = f'<outline text="Good" xmlUrl="{good}"/><outline text="Bad" xmlUrl="{bad}"/>'
    opml = server.answer("/opml", f"<opml><body>{rows}</body></opml>".encode())
    assert "2 added, 0 already there, 0 failed" in run("import_opml", opml)
    assert "0 added, 2 already there, 0 failed" in run("import_opml", opml)
    summary = run("scan", "--now", NOW.isoformat())
    assert "2 feeds polled: " in summary
    assert "2 new episodes; 2 processed: " in summary
    assert "1 insights, 1 rejected, 0 kept as passages" in summary
    assert Insight.objects.get().episode.guid == "1"
    assert "0 feeds polled" in run("scan", "--now", NOW.isoformat())


@pytest.mark.django_db
def test_the_limit_counts_episodes(server: Hostile, run: Run) -> None:
    url = server.answer("/feed.xml", rss(*[item(str(n), hours_ago=n) for n in range(5)]))
    assert "5 new episodes; 2 processed" in run("scan", "--feed", url, "--limit", "2", "--now", NOW.isoformat())
    assert Episode.objects.filter(state=Episode.State.SILENT).count() == 2


@pytest.mark.django_db
def test_a_scan_that_achieves_nothing_is_an_error(server: Hostile, run: Run) -> None:
    with pytest.raises(CommandError, match="nothing could be done"):
        run("scan", "--feed", server.answer("/feed.xml", status=500))
    with pytest.raises(CommandError, match="not an http or https address"):
        run("scan", "--feed", "nonsense")
    assert Feed.objects.get().error


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--now", "tomorrow", "“tomorrow” is no ISO date and time"),
        ("--now", "9999-12-31", "9999-12-31 is not between 2000 and 2100"),
        ("--limit", "-1", "“-1” is not a whole number of 0 or more"),
        ("--limit", "many", "“many” is not a whole number"),
    ],
)
def test_a_scan_refuses_what_cannot_be_meant(option: str, value: str, named: str, run: Run) -> None:
    with pytest.raises(CommandError, match=named):
        run("scan", f"{option}={value}")


@pytest.mark.django_db
def test_an_empty_address_is_not_every_feed(run: Run) -> None:
    with pytest.raises(CommandError, match="not an http or https address"):
        run("scan", "--feed", "")


@pytest.mark.django_db
def test_what_is_no_feed_is_named_by_its_address(server: Hostile, capsys: pytest.CaptureFixture[str], run: Run) -> None:
    url = server.answer("/page", b"<html></html>")
    with pytest.raises(CommandError):
        run("scan", "--feed", url)
    assert f"{url}: a web page came instead of a feed" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_list_that_is_none_is_an_error(server: Hostile, run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not an OPML file"):
        run("import_opml", server.answer("/page", b"<html></html>"))
    with pytest.raises(CommandError, match=r"none\.opml: No such file"):
        run("import_opml", str(tmp_path / "none.opml"))
    with pytest.raises(CommandError, match=r"^http.*/gone answered 404"):
        run("import_opml", f"{server.base}/gone")
    with pytest.raises(CommandError, match=r"“ftp://pod\.example/opml” is not an http"):
        run("import_opml", "ftp://pod.example/opml")


@pytest.mark.django_db
def test_private_shows_are_exported_only_when_asked_for(run: Run) -> None:
    Feed.objects.create(title="Open", slug="open", url="https://x.example/1")
    Feed.objects.create(title="Secret", slug="secret", url="https://x.example/2?token=1", is_private=True)
    assert "Secret" not in run("export_opml")
    assert "Secret" in run("export_opml", "--private")


LINE = {
    "headline": "Queues, not turbines",
    "text": "The queue for the grid is longer than the queue for wind turbines, because upgrades are unpaid.",
    "quote": "Nobody pays for the upgrade.",
    "speaker": "Ada Berg",
    "podcast": "Grid & Weather",
    "episode": "The queue",
    "published_at": "2026-11-22T05:00:00+00:00",
    "url": "https://pod.example/1",
    "start": 12.5,
    "language": "en",
}


@pytest.mark.django_db
def test_imported_insights_come_in_once_and_go_out_the_same(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "insights.jsonl"
    bare = {"text": "Sleep at regular hours lifts the mood.", "podcast": "Resting Rate", "headline": None}
    file.write_text("\n".join([json.dumps(LINE), "", json.dumps(bare), json.dumps(LINE)]))
    assert "2 added, 1 already there, 0 failed" in run("import_insights", str(file))
    assert "0 added, 3 already there, 0 failed" in run("import_insights", str(file))
    first, second = (json.loads(line) for line in run("export_insights").splitlines())
    assert first == LINE
    assert (second["headline"], second["start"], second["url"]) == (bare["text"], None, "")
    assert second["published_at"] is None
    insight = Insight.objects.get(headline="Queues, not turbines")
    assert (insight.extractor, insight.quote_verified) == ("imported", False)
    assert insight.insight_topics.filter(topic__slug="climate-energy").exists()
    assert insight.episode.feed.url is None
    assert not Feed.objects.due(NOW).exists()


@pytest.mark.django_db
def test_bad_lines_are_named_and_the_rest_goes_on(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "insights.jsonl"
    wrong: list[dict[str, Any]] = [
        {"published_at": "soon"},
        {"published_at": "9999-12-31T23:59:59-10:00"},
        {"published_at": "0001-01-01T00:00:00+14:00"},
        {"start": "x"},
        {"start": float("nan")},
        {"start": 10**400},
        {"text": ""},
        {"text": "half \ud83c of it"},
        {"text": "x" * 6000},
        {"podcast": 7},
    ]
    lines = ["{", "[]", "[" * 100_000, *(json.dumps(LINE | change) for change in wrong)]
    file.write_text("\n".join([*lines, json.dumps(LINE)]))
    with pytest.raises(CommandError, match=f"{len(lines)} lines"):
        run("import_insights", str(file))
    told = capsys.readouterr().err
    assert all(f"insights.jsonl:{number}: " in told for number in range(1, len(lines) + 1))
    assert Insight.objects.count() == 1


@pytest.mark.django_db
def test_an_imported_insight_comes_neither_from_the_future_nor_from_somebody_without_a_name(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "insights.jsonl"
    file.write_text(json.dumps(LINE | {"published_at": "2099-01-01", "speaker": "SPEAKER_01"}))
    run("import_insights", str(file))
    insight = Insight.objects.get()
    assert insight.speaker == ""
    assert insight.episode.published_at <= insight.created_at


@pytest.mark.django_db
def test_imported_text_cannot_reorder_the_line_it_stands_on(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "insights.jsonl"
    turned = {key: f"\u202e{LINE[key]}\u2066\u200b" for key in ("text", "headline", "episode")}
    file.write_text(json.dumps(LINE | turned))
    run("import_insights", str(file))
    insight = Insight.objects.get()
    kept = f"{insight.text}{insight}{insight.episode.title}"
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]", kept)


def test_one_transcript_is_extracted_to_standard_output_without_a_database(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "any.name"
    file.write_bytes(VTT)
    for one in json.loads(run("extract", str(file), "--limit", "3")):
        assert set(one) == {"headline", "text", "quote", "speaker", "start", "end", "salience", "ready", "topics"}
        assert one["quote"] in plain_text(read(VTT))


@pytest.mark.usefixtures("_fresh_choices")
def test_what_is_not_ready_has_neither_headline_nor_text_and_all_other_keys(
    run: Run, tmp_path: Path, settings: Settings
) -> None:
    settings.WRITER = f"{__name__}.Doubter"
    rows = json.loads(run("extract", str(talk(tmp_path))))
    assert rows
    for row in rows:
        assert (row["headline"], row["text"], row["ready"]) == (None, None, 0.0)
        assert row["quote"]
        assert row["salience"] > 0


@pytest.mark.usefixtures("_fresh_choices")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "Grid Talk/Why wind waits/Ada Berg+Tom Reyes"),
        (
            ["--show", "Power", "--title", "Queues", "--guests", "Eva  Lund, Ida Holm,"],
            "Power/Queues/Eva Lund+Ida Holm",
        ),
        (["--title", "", "--guests", ""], "Grid Talk//"),
    ],
)
def test_show_title_and_guests_are_those_of_the_options_or_else_of_the_file(
    run: Run, tmp_path: Path, settings: Settings, options: list[str], told: str
) -> None:
    file = talk(tmp_path, podcast="Grid Talk", title="Why wind waits", guests=["Ada Berg", "Tom Reyes"])
    settings.WRITER = f"{__name__}.Teller"
    assert {row["headline"] for row in json.loads(run("extract", str(file), *options))} == {told}


class Doubter:
    """A writer that makes nothing of anything."""

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        return None


class Teller:
    """A writer that writes what it was told of the episode."""

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        return Written(f"{context.show}/{context.title}/{'+'.join(context.guests)}", passage.text, 0.9)


def talk(directory: Path, **about: Any) -> Path:
    """A conversation with a claim in it, as a Podcasting 2.0 JSON file."""
    segments = [{"body": one.body, "startTime": one.start, "endTime": one.end} for one in conversation()]
    file = directory / "talk.json"
    file.write_text(json.dumps({"version": "1.0.0", **about, "segments": segments}))
    return file


def test_several_transcripts_need_a_directory(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.vtt", tmp_path / "bad.json"
    good.write_bytes(VTT)
    bad.write_text("{}")
    with pytest.raises(CommandError, match="--output-dir"):
        run("extract", str(good), str(bad))
    with pytest.raises(CommandError, match="2 of 3 files"):
        run("extract", str(bad), str(good), str(tmp_path / "none.srt"), "--output-dir", str(tmp_path / "out"))
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["good.json"]


def test_transcripts_that_would_overwrite_each_other_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"a\.srt, .*a\.vtt would all be written to .*a\.json"):
        run("extract", str(tmp_path / "a.srt"), str(tmp_path / "a.vtt"), "--output-dir", str(tmp_path / "out"))


def test_an_output_that_cannot_be_written_is_named_and_the_rest_goes_on(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("first.vtt", "second.vtt"):
        (tmp_path / name).write_bytes(VTT)
    (tmp_path / "first.json").mkdir()
    with pytest.raises(CommandError, match="1 of 2 files failed"):
        run("extract", str(tmp_path / "first.vtt"), str(tmp_path / "second.vtt"), "--output-dir", str(tmp_path))
    assert f"{tmp_path / 'first.json'}: Is a directory" in capsys.readouterr().err
    assert (tmp_path / "second.json").is_file()


def test_lines_without_a_text_have_no_topics_and_are_named(tmp_path: Path) -> None:
    file, out = tmp_path / "texts.jsonl", StringIO()
    file.write_bytes(b'{"text": "Sleep at regular hours lifts the mood."}\n\n{"text": 5}\n\xff\xfe\n{"text": ""}\n')
    with pytest.raises(CommandError, match=r"line 2, 3, 4\.$"):
        call_command("classify", str(file), stdout=out)
    first, *rest = [json.loads(line)["topics"] for line in out.getvalue().splitlines()]
    assert first
    assert rest == [[], [], [], []]
