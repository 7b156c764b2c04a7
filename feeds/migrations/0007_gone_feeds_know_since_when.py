from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0006_ready_insights'),
    ]

    operations = [
        migrations.AddField(
            model_name='feed',
            name='gone_at',
            field=models.DateTimeField(blank=True, help_text='since when its followers are told of it', null=True),
        ),
    ]
