from django.db import migrations, models



class Migration(migrations.Migration):
    dependencies = [("feeds", "0004_episodes_by_identity")]

    operations = [
        migrations.AddField(
            "feed",
            "last_whole_at",
            models.DateTimeField(blank=True, help_text="when a body came, not just “not modified”", null=True),
        ),
        migrations.AddField(
            "feed",
            "overdue_at",
            models.DateTimeField(blank=True, help_text="by then the next episode should have come", null=True),
        ),
        migrations.AddField(
            "feed",
            "move_doubt",
            models.CharField(blank=True, help_text="why its new address was not taken, or left", max_length=500),
        ),
        migrations.AddField(
            "feed", "former_url", models.URLField(blank=True, db_index=True, help_text="to go back to", max_length=2000)
        ),
        migrations.RunSQL("UPDATE feeds_feed SET last_whole_at = last_checked_at", migrations.RunSQL.noop),
    ]
