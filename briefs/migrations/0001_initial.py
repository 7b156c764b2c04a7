import briefs.models
import django.db.models.deletion
import django.utils.timezone
import pgvector.django.vector
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('feeds', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text="the subscriber's local day")),
                ('kind', models.CharField(choices=[('daily', 'Daily'), ('weekly', 'Weekly'), ('widen', 'nothing matched; widen?')], default='daily', max_length=8)),
                ('state', models.CharField(choices=[('due', 'Due'), ('composed', 'Composed'), ('sending', 'Sending'), ('sent', 'Sent'), ('unknown', 'Unknown'), ('failed', 'Failed'), ('suppressed', 'Suppressed'), ('skipped', 'Skipped'), ('empty', 'Empty')], default='due', max_length=10)),
                ('reason', models.CharField(blank=True, help_text='why it was skipped, empty, failed …, in words', max_length=300)),
                ('due_at', models.DateTimeField()),
                ('considered_until', models.DateTimeField(blank=True, null=True)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('composed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='briefs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.CreateModel(
            name='BriefItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(choices=[('topic', 'because you follow {}'), ('interest', 'matches “{}”'), ('show', 'from {}, which you follow'), ('votes', 'like “{}”, which you liked'), ('best', "one of the day's best"), ('surprise', 'outside your topics')], max_length=10)),
                ('reason_detail', models.CharField(blank=True, max_length=300)),
                ('score', models.FloatField()),
                ('voices', models.JSONField(blank=True, default=list, help_text="ids of other shows' insights that make its point")),
                ('brief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='briefs.brief')),
                ('insight', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brief_items', to='feeds.insight')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddField(
            model_name='brief',
            name='insights',
            field=models.ManyToManyField(related_name='briefs', through='briefs.BriefItem', to='feeds.insight'),
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_muted', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='feeds.feed')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Interest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=200)),
                ('is_muted', models.BooleanField(default=False)),
                ('weight', models.FloatField(default=1.0)),
                ('embedding', pgvector.django.vector.VectorField(blank=True, dimensions=384, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='feeds.topic')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PrivateFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=briefs.models.new_key, max_length=43, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='private_feed', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SavedInsight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('insight', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saves', to='feeds.insight')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_insights', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField()),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('insight', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='feeds.insight')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='briefitem',
            constraint=models.UniqueConstraint(fields=('brief', 'position'), name='one_item_per_position'),
        ),
        migrations.AddConstraint(
            model_name='briefitem',
            constraint=models.UniqueConstraint(fields=('brief', 'insight'), name='one_item_per_insight_and_brief'),
        ),
        migrations.AddIndex(
            model_name='brief',
            index=models.Index(condition=models.Q(('state__in', ['due', 'composed', 'sending'])), fields=['next_attempt_at'], name='briefs_in_flight'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.UniqueConstraint(fields=('user', 'day'), name='one_brief_per_subscriber_and_day'),
        ),
        migrations.AddConstraint(
            model_name='follow',
            constraint=models.UniqueConstraint(fields=('user', 'feed'), name='one_follow_per_show'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.UniqueConstraint(fields=('user', 'topic'), name='one_interest_per_topic'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.UniqueConstraint(condition=models.Q(('text', ''), _negated=True), fields=('user', 'text'), name='one_interest_per_text'),
        ),
        migrations.AddConstraint(
            model_name='interest',
            constraint=models.CheckConstraint(condition=models.Q(('topic__isnull', True), ('text', ''), _connector='XOR'), name='interest_is_a_topic_or_a_text'),
        ),
        migrations.AddConstraint(
            model_name='savedinsight',
            constraint=models.UniqueConstraint(fields=('user', 'insight'), name='one_save_per_insight'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('user', 'insight'), name='one_vote_per_insight'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(('value__in', [-1, 1])), name='vote_is_up_or_down'),
        ),
    ]
