from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CALLED = {
    "publisher": "the transcript that the publisher provides",
    "speech": "a transcript that speech recognition made, which can mishear",
}


def call_by_name(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    for kind, called in CALLED.items():
        apps.get_model("feeds", "Transcript").objects.filter(source=kind).update(source=called)


def call_by_kind(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    transcripts = apps.get_model("feeds", "Transcript").objects
    transcripts.filter(source=CALLED["publisher"]).update(source="publisher")
    transcripts.exclude(source="publisher").update(source="speech")


class Migration(migrations.Migration):
    dependencies = [("feeds", "0002_topics")]

    operations = [
        migrations.AlterField(
            "transcript",
            "source",
            models.CharField(
                max_length=200, help_text="what pages call it, in the words of whoever found it"
            ),
        ),
        migrations.RunPython(call_by_name, call_by_kind),
        migrations.AlterField(
            "episode",
            "description",
            models.TextField(blank=True, help_text="what the feed says about it, as plain text"),
        ),
    ]
