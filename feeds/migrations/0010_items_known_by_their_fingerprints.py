from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0009_shows_of_ones_own'),
    ]

    operations = [
        migrations.AddField(
            model_name='episode',
            name='fingerprint',
            field=models.CharField(blank=True, editable=False, help_text='of the item as it came: while it is the same, nothing is new', max_length=32),
        ),
    ]
