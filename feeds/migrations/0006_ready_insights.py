import django.db.models.deletion
import django.utils.timezone
import pgvector.django.indexes
from django.db import migrations, models


# Whoever made them vouched for them.
IMPORTED_ARE_READY = "UPDATE feeds_insight SET ready = 1.0 WHERE extractor = 'imported'"


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0005_feeds_are_asked_for_whole_and_move_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='EarlierWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('headline', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('replaced_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['replaced_at'],
            },
        ),
        migrations.RemoveIndex(
            model_name='insight',
            name='insights_by_meaning',
        ),
        migrations.RenameField('insight', 'clarity', 'ready'),
        migrations.AlterField(
            model_name='insight',
            name='ready',
            field=models.FloatField(default=1.0, help_text='0 to 1: the chance that an editor would publish it'),
        ),
        migrations.RunSQL(IMPORTED_ARE_READY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='insight',
            name='start_is_approximate',
            field=models.BooleanField(default=False, help_text='it may be a minute or two off'),
        ),
        migrations.AddField(
            model_name='insight',
            name='written_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='when a writer last worked on it'),
        ),
        migrations.AlterField(
            model_name='insight',
            name='fingerprint',
            field=models.CharField(help_text="sha256 of the text, or of a passage's quote", max_length=64),
        ),
        migrations.AlterField(
            model_name='insight',
            name='headline',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='insight',
            name='text',
            field=models.TextField(blank=True),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=pgvector.django.indexes.HnswIndex(condition=models.Q(('headline', ''), _negated=True), fields=['embedding'], name='insights_by_meaning', opclasses=['vector_cosine_ops']),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=pgvector.django.indexes.HnswIndex(condition=models.Q(('headline', '')), fields=['embedding'], name='passages_by_meaning', opclasses=['vector_cosine_ops']),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=models.Index(condition=models.Q(('headline', ''), _negated=True), fields=['episode'], name='ready_insights'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.CheckConstraint(condition=models.Q(('headline', ''), ('quote', ''), _negated=True), name='a_passage_has_a_quote'),
        ),
        migrations.AddField(
            model_name='earlierwording',
            name='insight',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier_wordings', to='feeds.insight'),
        ),
    ]
