from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_why_nothing_is_scheduled'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='quotes',
            field=models.BooleanField(default=False, help_text='passages fill a brief where fewer than five are ready'),
        ),
    ]
