"""Calls apart from what listeners made of them; fatal faults and the sampling plan."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0003_seed_standards'),
        ('people', '0002_seed_positions'),
        ('quality', '0002_seed_rubric'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='monitoredcall',
            name='call_by_employee_and_day',
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first', '评分'), ('second', '复听')], default='first', max_length=8)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '已提交')], default='draft', max_length=10)),
                ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='总分')),
                ('fatal_note', models.CharField(blank=True, max_length=300, verbose_name='一票否决的事实')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='总评')),
                ('version', models.PositiveIntegerField(default=1)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('dispute_until', models.DateField(blank=True, null=True)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('call', 'kind'),
            },
        ),
        migrations.CreateModel(
            name='AssessmentScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='得分')),
                ('is_not_applicable', models.BooleanField(default=False, verbose_name='不适用')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='录音编号')),
                ('called_on', models.DateField(verbose_name='通话日期')),
                ('called_at', models.TimeField(blank=True, null=True, verbose_name='通话时间')),
                ('seconds', models.PositiveIntegerField(blank=True, help_text='秒', null=True, verbose_name='时长')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='录音链接')),
                ('audio', models.FileField(blank=True, upload_to='calls/%Y/%m/')),
                ('audio_name', models.CharField(blank=True, max_length=120)),
                ('audio_kind', models.CharField(blank=True, max_length=8)),
                ('audio_size', models.PositiveIntegerField(blank=True, null=True)),
                ('audio_sha256', models.CharField(blank=True, max_length=64)),
                ('is_complaint', models.BooleanField(default=False, verbose_name='投诉来电')),
                ('registered_at', models.DateTimeField(auto_now_add=True)),
                ('drawn_why', models.CharField(blank=True, choices=[('random', '随机抽取'), ('complaint', '投诉来电'), ('chosen', '自选')], max_length=10)),
                ('drawn_at', models.DateTimeField(blank=True, null=True)),
                ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='总分')),
                ('counted_month', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ('called_on', 'number'),
            },
        ),
        migrations.CreateModel(
            name='CallNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at_second', models.PositiveIntegerField(blank=True, null=True)),
                ('text', models.CharField(max_length=300, verbose_name='评语')),
            ],
            options={
                'ordering': ('at_second', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='异议')),
                ('raised_at', models.DateTimeField(auto_now_add=True)),
                ('state', models.CharField(choices=[('open', '待裁定'), ('upheld', '成立'), ('dismissed', '不成立')], default='open', max_length=10)),
                ('ruled_at', models.DateTimeField(blank=True, null=True)),
                ('ruling', models.CharField(blank=True, max_length=300, verbose_name='裁定理由')),
                ('old_points', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ('new_points', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True)),
                ('old_total', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='FatalFault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('order', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='rubric',
            name='dispute_days',
            field=models.PositiveSmallIntegerField(default=3, help_text='工作日', verbose_name='提异议期限'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rubric',
            name='edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='min_for_kpi',
            field=models.PositiveSmallIntegerField(default=3, verbose_name='少于几通要提醒'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='new_agent',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='新人每月几通'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='new_days',
            field=models.PositiveSmallIntegerField(default=90, verbose_name='入职多少天内算新人'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='note',
            field=models.CharField(blank=True, max_length=200, verbose_name='说明'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='pass_mark',
            field=models.DecimalField(decimal_places=2, default=80, max_digits=6, verbose_name='合格线'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='per_agent',
            field=models.PositiveSmallIntegerField(default=5, verbose_name='每人每月几通'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='rubric',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='second_share',
            field=models.PositiveSmallIntegerField(default=10, help_text='百分比', verbose_name='复听比例'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('published', '已发布')], default='published', max_length=10),
        ),
        migrations.AddField(
            model_name='rubricitem',
            name='category_en',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='rubricitem',
            name='may_not_apply',
            field=models.BooleanField(default=False, verbose_name='可以不适用'),
        ),
        migrations.AddField(
            model_name='rubricitem',
            name='name_en',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name='rubric',
            name='starts_on',
            field=models.DateField(blank=True, null=True, verbose_name='生效日期'),
        ),
        migrations.AddConstraint(
            model_name='rubric',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('starts_on__isnull', False), _connector='OR'), name='published_rubric_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='rubric',
            constraint=models.CheckConstraint(condition=models.Q(('second_share__lte', 100)), name='second_share_is_a_percentage'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='listener',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='people.employee'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='rubric',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='quality.rubric'),
        ),
        migrations.AddField(
            model_name='assessmentscore',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='quality.assessment'),
        ),
        migrations.AddField(
            model_name='assessmentscore',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quality.rubricitem'),
        ),
        migrations.AddField(
            model_name='call',
            name='employee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='people.employee'),
        ),
        migrations.AddField(
            model_name='call',
            name='registered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='quality.call'),
        ),
        migrations.AddField(
            model_name='callnote',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='quality.assessment'),
        ),
        migrations.AddField(
            model_name='callnote',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quality.rubricitem'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='quality.assessment'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quality.rubricitem'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='ruled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='fatalfault',
            name='incident_kind',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incidentkind'),
        ),
        migrations.AddField(
            model_name='fatalfault',
            name='rubric',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fatal_faults', to='quality.rubric'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='fatal_fault',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quality.fatalfault'),
        ),
        migrations.AddConstraint(
            model_name='assessmentscore',
            constraint=models.UniqueConstraint(fields=('assessment', 'item'), name='one_level_per_assessment_and_item'),
        ),
        migrations.AddConstraint(
            model_name='assessmentscore',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_not_applicable', False), ('points__isnull', False)), models.Q(('is_not_applicable', True), ('points__isnull', True)), _connector='OR'), name='a_level_or_not_applicable'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['employee', 'called_on'], name='call_by_employee_and_day'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('total__isnull', True), ('total__gte', 0), _connector='OR'), name='call_total_ge_0'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(fields=('assessment', 'item'), name='one_dispute_per_item'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('item__isnull', True)), fields=('assessment',), name='one_dispute_of_the_fatal_fault'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('ruled_by__isnull', False), _connector='OR'), name='ruled_dispute_has_a_judge'),
        ),
        migrations.AddConstraint(
            model_name='fatalfault',
            constraint=models.UniqueConstraint(fields=('rubric', 'code'), name='fatal_fault_once_per_rubric'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['listener', 'state'], name='assessment_by_listener'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('call', 'kind'), name='one_assessment_per_call_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('total__isnull', False), _connector='OR'), name='submitted_assessment_has_a_total'),
        ),
    ]
