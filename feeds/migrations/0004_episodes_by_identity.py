from django.db import migrations, models

import feeds.models.episode

# Until now an episode was its guid.
BY_GUID = "UPDATE feeds_episode SET identity = encode(sha256(convert_to(guid, 'UTF8')), 'hex')"
DATED = "UPDATE feeds_episode SET dated_at = published_at"


class Migration(migrations.Migration):
    dependencies = [("feeds", "0003_transcripts_named_by_their_source")]

    operations = [
        migrations.AddField("episode", "identity", models.CharField(default="", editable=False, max_length=64)),
        migrations.AddField(
            "episode",
            "dated_at",
            models.DateTimeField(blank=True, help_text="by the feed, which may change it or say none", null=True),
        ),
        migrations.AddField(
            "episode",
            "next_recording",
            models.JSONField(blank=True, default=dict, help_text="to be read in place of the one above"),
        ),
        migrations.AddField(
            "feed",
            "left_out",
            models.CharField(blank=True, help_text="which items became no episodes, and why", max_length=500),
        ),
        migrations.RunSQL(BY_GUID, migrations.RunSQL.noop),
        migrations.RunSQL(DATED, migrations.RunSQL.noop),
        migrations.AlterField(
            "episode",
            "identity",
            models.CharField(default=feeds.models.episode.new_identity, editable=False, max_length=64),
        ),
        migrations.RemoveConstraint("episode", "one_episode_per_feed_and_guid"),
        migrations.AddConstraint(
            "episode",
            models.UniqueConstraint(fields=("feed", "identity"), name="one_episode_per_feed_and_identity"),
        ),
    ]
