from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('briefs', '0006_holds'),
    ]

    operations = [
        migrations.AddField(
            model_name='brief',
            name='gone_shows',
            field=models.JSONField(blank=True, default=list, help_text='titles of followed shows that ended since'),
        ),
    ]
