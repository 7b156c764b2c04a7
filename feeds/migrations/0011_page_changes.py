from django.db import migrations, models

# A statement that changes what pages show leaves a row. No row is ever updated, so that nobody waits for another; which
# episode is asked for next, and how often a feed failed, no page shows.
NOTE_CHANGES = """
CREATE FUNCTION feeds_pages_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO feeds_pagechange DEFAULT VALUES;
    RETURN NULL;
END $$;

CREATE TRIGGER pages_changed AFTER INSERT OR DELETE
OR UPDATE OF episode_id, headline, text, quote, speaker, start, start_is_approximate, salience, language,
    quote_verified, source_url, hidden_at
ON feeds_insight FOR EACH STATEMENT EXECUTE FUNCTION feeds_pages_changed();

CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE ON feeds_insighttopic
FOR EACH STATEMENT EXECUTE FUNCTION feeds_pages_changed();

CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE ON feeds_topic
FOR EACH STATEMENT EXECUTE FUNCTION feeds_pages_changed();

CREATE TRIGGER pages_changed AFTER INSERT OR UPDATE OR DELETE ON feeds_relatedstances
FOR EACH STATEMENT EXECUTE FUNCTION feeds_pages_changed();

CREATE TRIGGER pages_changed AFTER UPDATE ON feeds_episode FOR EACH ROW
WHEN ((OLD.feed_id, OLD.title, OLD.link, OLD.description, OLD.published_at, OLD.duration_seconds, OLD.audio_url,
       OLD.language, OLD.people, OLD.state)
      IS DISTINCT FROM
      (NEW.feed_id, NEW.title, NEW.link, NEW.description, NEW.published_at, NEW.duration_seconds, NEW.audio_url,
       NEW.language, NEW.people, NEW.state))
EXECUTE FUNCTION feeds_pages_changed();

CREATE TRIGGER pages_changed AFTER UPDATE ON feeds_feed FOR EACH ROW
WHEN ((OLD.slug, OLD.title, OLD.author, OLD.description, OLD.site_url, OLD.image_url, OLD.language, OLD.is_private,
       OLD.is_listed, OLD.is_blocked, OLD.taken_down_at, OLD.gone_at, OLD.state)
      IS DISTINCT FROM
      (NEW.slug, NEW.title, NEW.author, NEW.description, NEW.site_url, NEW.image_url, NEW.language, NEW.is_private,
       NEW.is_listed, NEW.is_blocked, NEW.taken_down_at, NEW.gone_at, NEW.state))
EXECUTE FUNCTION feeds_pages_changed();
"""
FORGET_CHANGES = """
DROP TRIGGER pages_changed ON feeds_feed;
DROP TRIGGER pages_changed ON feeds_episode;
DROP TRIGGER pages_changed ON feeds_relatedstances;
DROP TRIGGER pages_changed ON feeds_topic;
DROP TRIGGER pages_changed ON feeds_insighttopic;
DROP TRIGGER pages_changed ON feeds_insight;
DROP FUNCTION feeds_pages_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0010_items_known_by_their_fingerprints")]

    operations = [
        migrations.CreateModel(
            name="PageChange",
            fields=[("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))],
            options={
                "verbose_name": "change of what pages show",
                "verbose_name_plural": "changes of what pages show",
            },
        ),
        migrations.RunSQL(NOTE_CHANGES, FORGET_CHANGES),
    ]
