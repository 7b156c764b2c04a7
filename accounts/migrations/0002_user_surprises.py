from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="surprises",
            field=models.BooleanField(default=True, help_text="one from outside their topics where a brief is short"),
        )
    ]
