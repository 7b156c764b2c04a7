"""A show whose address carries a secret belongs to one subscriber; where several followed it, each gets their own."""

from django.db import migrations

from feeds.reading.secret_address import Secret, secret_in


def give_to_followers(apps, schema_editor):
    Feed, Follow = apps.get_model("feeds", "Feed"), apps.get_model("briefs", "Follow")
    for feed in Feed.objects.filter(owner=None, url__isnull=False).iterator():
        follows = list(Follow.objects.filter(feed=feed, is_muted=False).order_by("created_at", "pk"))
        if follows and is_theirs(feed, followers=len(follows)):
            Follow.objects.filter(feed=feed, is_muted=True).delete()
            give(feed, follows)


def is_theirs(feed, *, followers):
    """An id that only looks like a secret is one, where nobody else brought it."""
    secret = secret_in(feed.url)
    return feed.is_private or secret is Secret.SURE or (secret is Secret.LIKELY and followers == 1)


def give(feed, follows):
    first, *others = follows
    type(feed).objects.filter(pk=feed.pk).update(is_private=True, owner=first.user_id)
    for number, follow in enumerate(others, start=2):
        own = type(feed).objects.create(
            url=feed.url, owner_id=follow.user_id, is_private=True, title=feed.title, language=feed.language,
            slug=f"{feed.slug[:60]}-{feed.pk}-{number}",
        )
        type(follow).objects.filter(pk=follow.pk).update(feed=own)


class Migration(migrations.Migration):
    dependencies = [("briefs", "0007_gone_shows"), ("feeds", "0009_shows_of_ones_own")]

    operations = [migrations.RunPython(give_to_followers, migrations.RunPython.noop)]
