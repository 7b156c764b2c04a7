from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_soft_bounces")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="schedule_error",
            field=models.CharField(
                blank=True, default="", help_text="why no brief can be scheduled", max_length=300
            ),
            preserve_default=False,
        ),
    ]
