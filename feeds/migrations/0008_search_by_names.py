import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models

# A generated column sees its own row only, so the titles come to stand in it.
TITLES_INTO_INSIGHTS = """
CREATE FUNCTION feeds_insight_where_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT f.title || ' ' || e.title INTO NEW.where_said
    FROM feeds_episode e JOIN feeds_feed f ON f.id = e.feed_id WHERE e.id = NEW.episode_id;
    NEW.where_said := coalesce(NEW.where_said, '');
    RETURN NEW;
END $$;

CREATE TRIGGER insight_where_said BEFORE INSERT OR UPDATE ON feeds_insight
FOR EACH ROW EXECUTE FUNCTION feeds_insight_where_said();

CREATE FUNCTION feeds_episode_retitled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE feeds_insight SET where_said = '' WHERE episode_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER episode_retitled AFTER UPDATE OF title, feed_id ON feeds_episode FOR EACH ROW
WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.feed_id <> NEW.feed_id) EXECUTE FUNCTION feeds_episode_retitled();

CREATE FUNCTION feeds_feed_retitled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE feeds_insight SET where_said = '' WHERE episode_id IN (SELECT id FROM feeds_episode WHERE feed_id = NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER feed_retitled AFTER UPDATE OF title ON feeds_feed FOR EACH ROW
WHEN (OLD.title IS DISTINCT FROM NEW.title) EXECUTE FUNCTION feeds_feed_retitled();

UPDATE feeds_insight SET where_said = '';
"""
WITHOUT_TITLES = """
DROP TRIGGER feed_retitled ON feeds_feed;
DROP FUNCTION feeds_feed_retitled();
DROP TRIGGER episode_retitled ON feeds_episode;
DROP FUNCTION feeds_episode_retitled();
DROP TRIGGER insight_where_said ON feeds_insight;
DROP FUNCTION feeds_insight_where_said();
"""


def english(field, weight):
    return SearchVector(field, weight=weight, config="english")


def simple(field, weight):
    return SearchVector(field, weight=weight, config="simple")


class Migration(migrations.Migration):
    dependencies = [("feeds", "0007_gone_feeds_know_since_when")]

    operations = [
        migrations.AddField(
            "insight",
            "where_said",
            models.TextField(
                blank=True,
                default="",
                editable=False,
                help_text="the show's and the episode's title; the database keeps it so",
            ),
        ),
        migrations.RunSQL(TITLES_INTO_INSIGHTS, WITHOUT_TITLES),
        migrations.RemoveIndex("insight", "insights_by_words"),
        migrations.RemoveField("insight", "search"),
        migrations.AddField(
            "insight",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=english("headline", "A")
                + english("text", "B")
                + english("quote", "C")
                + english("speaker", "A")
                + english("where_said", "B")
                + simple("speaker", "A")
                + simple("where_said", "B")
                + simple("headline", "D"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "insight", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="insights_by_words")
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=100, primary_key=True, serialize=False)),
                (
                    "stem",
                    models.CharField(blank=True, db_index=True, help_text="as English reads it", max_length=100),
                ),
                ("uses", models.PositiveIntegerField(help_text="insights that hold it")),
                (
                    "trigrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3), help_text="its letters by threes", size=None
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["trigrams"], name="words_by_trigrams")
                ],
            },
        ),
    ]
