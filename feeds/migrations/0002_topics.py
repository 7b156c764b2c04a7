from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from feeds.topics.catalogue import TOPICS


def add_topics(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    topics = apps.get_model("feeds", "Topic").objects
    for position, topic in enumerate(TOPICS):
        row = {"name": topic.name, "description": topic.description, "position": position}
        topics.update_or_create(slug=topic.slug, defaults=row)


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial")]

    operations = [migrations.RunPython(add_topics, migrations.RunPython.noop)]
