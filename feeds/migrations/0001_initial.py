import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgvector.django.indexes
import pgvector.django.vector
from django.db import migrations, models
from pgvector.django import VectorExtension


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        VectorExtension(),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(blank=True, max_length=2000, null=True, unique=True)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('author', models.CharField(blank=True, max_length=300)),
                ('description', models.TextField(blank=True, help_text='plain text')),
                ('site_url', models.URLField(blank=True, max_length=2000)),
                ('image_url', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('is_private', models.BooleanField(default=False, help_text='its address carries a secret: never on a public page')),
                ('is_blocked', models.BooleanField(default=False, help_text='the feed says podcast:block')),
                ('taken_down_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('active', 'Active'), ('gone', 'gone (410)'), ('off', 'switched off')], default='active', max_length=8)),
                ('etag', models.TextField(blank=True)),
                ('last_modified', models.TextField(blank=True)),
                ('body_hash', models.CharField(blank=True, max_length=64)),
                ('next_check_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('last_checked_at', models.DateTimeField(blank=True, null=True)),
                ('last_changed_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveIntegerField(default=0, help_text='in a row')),
                ('error', models.CharField(blank=True, max_length=500)),
                ('moved_to', models.URLField(blank=True, max_length=2000)),
                ('moved_first_seen_at', models.DateTimeField(blank=True, null=True)),
                ('moved_sightings', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Insight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('headline', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('quote', models.TextField(blank=True)),
                ('speaker', models.CharField(blank=True, max_length=200)),
                ('start', models.FloatField(blank=True, help_text='seconds', null=True)),
                ('end', models.FloatField(blank=True, help_text='seconds', null=True)),
                ('salience', models.FloatField(default=0.5, help_text='0 to 1, calibrated')),
                ('clarity', models.FloatField(default=1.0, help_text='0 to 1: the chance that it is understood alone')),
                ('language', models.CharField(blank=True, max_length=16)),
                ('extractor', models.CharField(help_text="local, imported, or the model's name", max_length=100)),
                ('quote_verified', models.BooleanField(default=False)),
                ('source_url', models.URLField(blank=True, help_text='where an imported insight came from', max_length=2000)),
                ('fingerprint', models.CharField(help_text='sha256 of the text: one insight is taken in once', max_length=64)),
                ('embedding', pgvector.django.vector.VectorField(dimensions=384)),
                ('embedding_model', models.CharField(max_length=60)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('headline', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('text', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('quote', config='english', weight='C'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('speaker_slug', models.GeneratedField(db_persist=True, expression=models.Func(models.Func(django.db.models.functions.text.Lower('speaker'), models.Value('[^[:alnum:]]+'), models.Value('-'), models.Value('g'), function='regexp_replace'), models.Value('-'), function='btrim'), output_field=models.CharField(max_length=200))),
                ('hidden_at', models.DateTimeField(blank=True, help_text='taken down: its page answers 410', null=True)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60, unique=True)),
                ('description', models.CharField(max_length=300)),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('guid', models.CharField(help_text='or what stands in for it: enclosure address, title and date', max_length=500)),
                ('title', models.CharField(max_length=500)),
                ('link', models.URLField(blank=True, max_length=2000)),
                ('description', models.TextField(blank=True, help_text='show notes as plain text')),
                ('published_at', models.DateTimeField(db_index=True)),
                ('duration_seconds', models.PositiveIntegerField(blank=True, null=True)),
                ('audio_url', models.URLField(blank=True, max_length=2000)),
                ('audio_type', models.CharField(blank=True, max_length=100)),
                ('image_url', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('people', models.JSONField(blank=True, default=list, help_text='[{"name": …, "role": …}]')),
                ('transcript_links', models.JSONField(blank=True, default=list, help_text='[{"url": …, "type": …, "language": …}]')),
                ('state', models.CharField(choices=[('archived', 'older than what is extracted'), ('waiting', 'Waiting'), ('done', 'Done'), ('silent', 'nothing to read: no transcript'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='also the fencing number of the current claim')),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('processed_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='episodes', to='feeds.feed')),
            ],
        ),
        migrations.CreateModel(
            name='InsightReading',
            fields=[
                ('insight', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reading', serialize=False, to='feeds.insight')),
                ('model', models.CharField(help_text="what read it; another model's reading counts as none", max_length=60)),
                ('content', models.BinaryField(help_text='packed as in feeds/reading/related/packing.py, some 6 kB')),
            ],
        ),
        migrations.CreateModel(
            name='RelatedStances',
            fields=[
                ('insight', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='related_stances', serialize=False, to='feeds.insight')),
                ('stances', models.JSONField(blank=True, default=dict, help_text='{"id of the other insight": stance, …}')),
                ('judged_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'related stances',
            },
        ),
        migrations.AddField(
            model_name='insight',
            name='episode',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='insights', to='feeds.episode'),
        ),
        migrations.CreateModel(
            name='InsightReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('misquote', 'the quote is wrong'), ('speaker', 'the wrong person'), ('meaning', 'not what they meant'), ('owner', 'I own this show')], max_length=10)),
                ('message', models.TextField(blank=True, max_length=2000)),
                ('contact', models.EmailField(blank=True, max_length=254)),
                ('network_hash', models.CharField(blank=True, help_text='of who sent it, kept for a day', max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('insight', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='feeds.insight')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='LlmCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_sha256', models.CharField(help_text='of the transcript, or of the texts that are compared', max_length=64)),
                ('prompt_version', models.CharField(max_length=12)),
                ('model', models.CharField(max_length=200)),
                ('schema_version', models.CharField(max_length=12)),
                ('part', models.CharField(help_text='which question about it', max_length=40)),
                ('asked_about', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('reserved', 'asked, not yet answered'), ('answered', 'Answered'), ('useless', 'paid for, of no use'), ('turned-away', 'turned away, nothing to pay'), ('unknown', 'no answer came: counted at its most')], default='reserved', max_length=12)),
                ('attempts', models.PositiveSmallIntegerField(default=1, help_text='also the fencing number of the current one')),
                ('asked_at', models.DateTimeField(db_index=True)),
                ('expires_at', models.DateTimeField(help_text='past this, whoever asked is taken for dead')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('cost', models.DecimalField(decimal_places=6, help_text='the most it can cost until it is known', max_digits=14)),
                ('input_tokens', models.PositiveIntegerField(blank=True, null=True)),
                ('output_tokens', models.PositiveIntegerField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('error', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name': 'LLM call',
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(fields=('source_sha256', 'prompt_version', 'model', 'schema_version', 'part'), name='one_call_per_question')],
            },
        ),
        migrations.CreateModel(
            name='InsightTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField(help_text='0 to 1, calibrated')),
                ('insight', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='insight_topics', to='feeds.insight')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='insight_topics', to='feeds.topic')),
            ],
            options={
                'ordering': ['-score'],
            },
        ),
        migrations.AddField(
            model_name='insight',
            name='topics',
            field=models.ManyToManyField(related_name='insights', through='feeds.InsightTopic', to='feeds.topic'),
        ),
        migrations.CreateModel(
            name='Transcript',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('publisher', 'Publisher'), ('speech', 'speech recognition'), ('shownotes', 'show notes')], max_length=10)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('segments', models.JSONField(help_text='[[body, speaker, start, end], …]')),
                ('text', models.TextField(help_text='plain_text(segments): every quote is a contiguous part of it')),
                ('sha256', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='transcript', to='feeds.episode')),
            ],
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at'], name='episodes_to_process'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.UniqueConstraint(fields=('feed', 'guid'), name='one_episode_per_feed_and_guid'),
        ),
        migrations.AddIndex(
            model_name='insightreport',
            index=models.Index(condition=models.Q(('network_hash', ''), _negated=True), fields=['network_hash', 'created_at'], name='reports_by_network'),
        ),
        migrations.AddIndex(
            model_name='insighttopic',
            index=models.Index(fields=['topic', 'insight'], name='insights_by_topic'),
        ),
        migrations.AddConstraint(
            model_name='insighttopic',
            constraint=models.UniqueConstraint(fields=('insight', 'topic'), name='one_score_per_insight_and_topic'),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=pgvector.django.indexes.HnswIndex(fields=['embedding'], name='insights_by_meaning', opclasses=['vector_cosine_ops']),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='insights_by_words'),
        ),
        migrations.AddIndex(
            model_name='insight',
            index=models.Index(condition=models.Q(('speaker_slug', ''), _negated=True), fields=['speaker_slug'], name='insights_by_speaker'),
        ),
        migrations.AddConstraint(
            model_name='insight',
            constraint=models.UniqueConstraint(fields=('episode', 'fingerprint'), name='one_insight_per_text'),
        ),
    ]
