"""The standards, one row per person concerned, and files."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0001_initial'),
        ('people', '0002_seed_positions'),
    ]

    operations = [
        migrations.CreateModel(
            name='BonusKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('cap', models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='每月最多')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('source', models.CharField(default='policy', max_length=10)),
            ],
            options={
                'ordering': ('order', 'code'),
            },
        ),
        migrations.CreateModel(
            name='BonusStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=20, verbose_name='名次')),
                ('label_en', models.CharField(blank=True, max_length=40)),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='加分')),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ('order', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='EventFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='events/%Y/%m/')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('kind', models.CharField(max_length=8)),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='EventRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20, unique=True, verbose_name='版本')),
                ('starts_on', models.DateField(verbose_name='生效日期')),
                ('statement_days', models.PositiveSmallIntegerField(default=2, help_text='工作日，从登记的次日算起', verbose_name='当事人陈述期限')),
                ('repeat_months', models.PositiveSmallIntegerField(default=12, help_text='0 是不看以往', verbose_name='同类事故往前看几个月')),
                ('repeat_moves_up', models.BooleanField(default=True, verbose_name='同类再犯按上一档扣分')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('starts_on', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='IncidentKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='代码')),
                ('category', models.CharField(max_length=20, verbose_name='类别')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=120)),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='扣分')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('source', models.CharField(default='policy', max_length=10)),
            ],
            options={
                'ordering': ('order', 'code'),
            },
        ),
        migrations.CreateModel(
            name='Involvement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='分数')),
                ('state', models.CharField(choices=[('filed', '核实中'), ('confirmed', '已确认'), ('rejected', '不成立'), ('withdrawn', '已撤回'), ('overturned', '已撤销')], default='filed', max_length=12)),
                ('counted_month', models.DateField(blank=True, help_text='计入哪个月的考核, 当月 1 日; 汇总时写下', null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('filed_points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='登记时扣分')),
                ('repeats', models.PositiveSmallIntegerField(default=0)),
                ('statement', models.CharField(blank=True, max_length=500, verbose_name='当事人陈述')),
                ('stated_at', models.DateTimeField(blank=True, null=True)),
                ('statement_due_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'ordering': ('incident', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Severity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=40)),
                ('rank', models.PositiveSmallIntegerField(help_text='从轻到重', unique=True, verbose_name='次序')),
                ('low', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='最少扣分')),
                ('high', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='最多扣分')),
                ('voids_bonus', models.BooleanField(default=False, verbose_name='当月不计加分')),
                ('bars_top_grade', models.BooleanField(default=False, verbose_name='当年不得评 A')),
                ('source', models.CharField(default='policy', max_length=10)),
            ],
            options={
                'ordering': ('rank',),
            },
        ),
        migrations.AddField(
            model_name='bonus',
            name='cap',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='每月最多'),
        ),
        migrations.AddField(
            model_name='bonus',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='bonus',
            name='event',
            field=models.CharField(blank=True, max_length=40, verbose_name='同一事件'),
        ),
        migrations.AddField(
            model_name='bonus',
            name='first_checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='filed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents_filed', to='people.employee'),
        ),
        migrations.AddField(
            model_name='incident',
            name='occurred_time',
            field=models.TimeField(blank=True, null=True, verbose_name='发生时间'),
        ),
        migrations.AddField(
            model_name='incident',
            name='origin',
            field=models.CharField(blank=True, help_text='出自哪一通录音', max_length=40, verbose_name='来源'),
        ),
        migrations.AddField(
            model_name='incident',
            name='place',
            field=models.CharField(blank=True, max_length=80, verbose_name='地点'),
        ),
        migrations.AlterField(
            model_name='bonus',
            name='state',
            field=models.CharField(choices=[('filed', '核实中'), ('confirmed', '已确认'), ('rejected', '不成立'), ('withdrawn', '已撤回'), ('overturned', '已撤销')], default='filed', max_length=12),
        ),
        migrations.AlterField(
            model_name='incident',
            name='number',
            field=models.CharField(max_length=40, unique=True, verbose_name='记录单号'),
        ),
        migrations.AddConstraint(
            model_name='bonuskind',
            constraint=models.CheckConstraint(condition=models.Q(('cap__isnull', True), ('cap__gt', 0), _connector='OR'), name='bonus_cap_above_0'),
        ),
        migrations.AddField(
            model_name='bonus',
            name='kind',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bonuses', to='incidents.bonuskind'),
        ),
        migrations.AddConstraint(
            model_name='bonus',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'confirmed'), models.Q(('event', ''), _negated=True)), fields=('employee', 'event'), name='one_event_counts_once'),
        ),
        migrations.AddField(
            model_name='bonusstep',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='incidents.bonuskind'),
        ),
        migrations.AddField(
            model_name='eventfile',
            name='bonus',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='incidents.bonus'),
        ),
        migrations.AddField(
            model_name='eventfile',
            name='incident',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='eventfile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='eventrules',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='incident',
            name='kind',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='incidents.incidentkind'),
        ),
        migrations.AddField(
            model_name='involvement',
            name='employee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='involvements', to='people.employee'),
        ),
        migrations.AddField(
            model_name='involvement',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='involvements', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='involvement',
            name='verified_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='involvements_verified', to='people.employee'),
        ),
        migrations.AddConstraint(
            model_name='severity',
            constraint=models.CheckConstraint(condition=models.Q(('low__gt', 0), ('high__gte', models.F('low'))), name='severity_range_in_order'),
        ),
        migrations.AddField(
            model_name='involvement',
            name='severity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.severity'),
        ),
        migrations.AddField(
            model_name='incidentkind',
            name='severity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinds', to='incidents.severity'),
        ),
        migrations.AddConstraint(
            model_name='bonusstep',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='bonus_step_above_0'),
        ),
        migrations.AddConstraint(
            model_name='bonusstep',
            constraint=models.UniqueConstraint(fields=('kind', 'label'), name='bonus_step_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='eventfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bonus__isnull', True), ('incident__isnull', False)), models.Q(('bonus__isnull', False), ('incident__isnull', True)), _connector='OR'), name='file_belongs_to_one_record'),
        ),
        migrations.AddIndex(
            model_name='involvement',
            index=models.Index(fields=['employee', 'state'], name='involvement_by_employee'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.UniqueConstraint(fields=('incident', 'employee'), name='one_involvement_per_person'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='involvement_points_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.CheckConstraint(condition=models.Q(('verified_by__isnull', True), models.Q(('verified_by', models.F('employee')), _negated=True), _connector='OR'), name='nobody_verifies_himself'),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='confirmed_involvement_has_a_verifier'),
        ),
        migrations.AddConstraint(
            model_name='incidentkind',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='incident_kind_costs_points'),
        ),
    ]
