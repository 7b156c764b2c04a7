from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('briefs', '0008_private_shows_to_their_followers'),
    ]

    operations = [
        migrations.AddField(
            model_name='briefitem',
            name='is_quote',
            field=models.BooleanField(default=False, help_text='chosen as a passage, to be set as a quote'),
        ),
    ]
