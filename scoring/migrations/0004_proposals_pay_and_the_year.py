import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
import django.db.models.lookups
from django.db import migrations, models


def tell_both_sides(apps, schema_editor):
    """Differences from before say what was paid and what is due as their two results do."""
    PayDifference = apps.get_model("scoring", "PayDifference")
    for line in PayDifference.objects.select_related("before", "after"):
        line.paid, line.due = line.before.performance_pay, line.after.performance_pay
        line.save(update_fields=["paid", "due"])


class Migration(migrations.Migration):

    dependencies = [
        ('appraisals', '0004_scheme_steps'),
        ('people', '0006_pay_steps'),
        ('scoring', '0003_findings'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnualCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ExtraPay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('excellence', '优异奖金'), ('award', '年度优秀员工奖')], max_length=12)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('paid_month', models.DateField(help_text='随哪个月发, 当月 1 日')),
                ('reason', models.CharField(max_length=200)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_reason', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='PayLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade_name', models.CharField(blank=True, max_length=20)),
                ('post_wage', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('pay_cap', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('coefficient', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('counted', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('performance_pay', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('base_pay', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('differences', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('extras', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('total', models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={
                'ordering': ('run', 'employee__number'),
            },
        ),
        migrations.CreateModel(
            name='PayRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('prepared', '待复核'), ('settled', '已结算')], default='prepared', max_length=10)),
                ('people', models.PositiveIntegerField(default=0)),
                ('performance_pay', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('base_pay', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('differences', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('extras', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('digest', models.CharField(max_length=64)),
                ('prepared_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('cycle', 'number'),
            },
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rules', models.JSONField()),
                ('first_month', models.DateField()),
                ('last_month', models.DateField()),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('completion', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                ('summary', models.JSONField(default=dict)),
                ('requested_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='ReplayLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('coefficient_before', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('coefficient_after', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('deduction_after', models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ('bonus_after', models.DecimalField(decimal_places=2, default=0, max_digits=7)),
                ('pay_before', models.DecimalField(decimal_places=2, max_digits=12)),
                ('pay_after', models.DecimalField(decimal_places=2, max_digits=12)),
            ],
        ),
        migrations.CreateModel(
            name='ReplayPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposals_before', models.JSONField(default=list)),
                ('proposals_after', models.JSONField(default=list)),
                ('year_before', models.JSONField(default=dict)),
                ('year_after', models.JSONField(default=dict)),
                ('pay_before', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('pay_after', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('is_moved', models.BooleanField(default=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='proposal',
            name='rule_fires_once_per_month',
        ),
        migrations.AddField(
            model_name='annualresult',
            name='computed_grade',
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddField(
            model_name='annualresult',
            name='is_discussed',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='annualresult',
            name='pool',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='annualresult',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='annualreview',
            name='excess_reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='annualreview',
            name='locked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='annualreview',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='annualreview',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='annualreview',
            name='state',
            field=models.CharField(choices=[('preparing', '准备中'), ('preview', '预览中'), ('open', '校准中'), ('locked', '已锁定'), ('published', '已公布')], default='preparing', max_length=10),
        ),
        migrations.AddField(
            model_name='paydifference',
            name='due',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paydifference',
            name='kind',
            field=models.CharField(choices=[('correction', '结果更正'), ('cap', '上限额更正'), ('extra', '奖金更正')], default='correction', max_length=12),
        ),
        migrations.AddField(
            model_name='paydifference',
            name='paid',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='proposal',
            name='ground_lost_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='review',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='scoring.annualreview'),
        ),
        migrations.AlterField(
            model_name='job',
            name='cycle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='appraisals.cycle'),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('consolidate', '汇总'), ('publish', '出结果'), ('replay', '试算')], max_length=12),
        ),
        migrations.AlterField(
            model_name='paydifference',
            name='after',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_difference', to='scoring.result'),
        ),
        migrations.AlterField(
            model_name='paydifference',
            name='before',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.result'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='cycle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='appraisals.cycle'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='rule',
            field=models.CharField(max_length=24),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='state',
            field=models.CharField(choices=[('proposed', '待决定'), ('decided', '已决定'), ('set_aside', '不采纳'), ('withdrawn', '已撤销'), ('undone', '已撤回')], default='proposed', max_length=10),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(fields=['state', 'cycle'], name='proposal_by_state'),
        ),
        migrations.AddConstraint(
            model_name='annualreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_when'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'decided', 'set_aside'))), fields=('employee', 'cycle', 'rule'), name='rule_fires_once_per_month'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('proposed', 'decided', 'set_aside'))), fields=('employee', 'review', 'rule'), name='consequence_once_per_year'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('cycle__isnull', True), ('review__isnull', True), _connector='XOR'), name='proposal_of_a_month_or_a_year'),
        ),
        migrations.AddField(
            model_name='annualcorrection',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='annualcorrection',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='scoring.annualresult'),
        ),
        migrations.AddField(
            model_name='extrapay',
            name='employee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extra_pay', to='people.employee'),
        ),
        migrations.AddField(
            model_name='paydifference',
            name='extra',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='scoring.extrapay'),
        ),
        migrations.AddField(
            model_name='payline',
            name='employee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pay_lines', to='people.employee'),
        ),
        migrations.AddField(
            model_name='payline',
            name='form',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_line', to='appraisals.form'),
        ),
        migrations.AddField(
            model_name='payline',
            name='result',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_line', to='scoring.result'),
        ),
        migrations.AddField(
            model_name='payrun',
            name='cycle',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pay_runs', to='appraisals.cycle'),
        ),
        migrations.AddField(
            model_name='payrun',
            name='prepared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='payrun',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='payline',
            name='run',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='scoring.payrun'),
        ),
        migrations.AddField(
            model_name='extrapay',
            name='run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='extra_items', to='scoring.payrun'),
        ),
        migrations.AddField(
            model_name='paydifference',
            name='run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='difference_items', to='scoring.payrun'),
        ),
        migrations.RunPython(tell_both_sides, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='paydifference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('after__isnull', False), ('before__isnull', False), ('kind', 'correction')), models.Q(('before__isnull', False), ('kind', 'cap')), models.Q(('extra__isnull', False), ('kind', 'extra')), _connector='OR'), name='difference_says_of_what'),
        ),
        migrations.AddConstraint(
            model_name='paydifference',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(models.F('amount'), '-', django.db.models.expressions.CombinedExpression(models.F('due'), '-', models.F('paid'))), precision=2), 0), name='difference_adds_up'),
        ),
        migrations.AddField(
            model_name='replay',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='replay',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replays', to='appraisals.scheme'),
        ),
        migrations.AddField(
            model_name='job',
            name='replay',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='scoring.replay'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('replay',), name='one_running_job_per_replay'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('cycle__isnull', True), ('replay__isnull', True), _connector='XOR'), name='job_of_a_cycle_or_a_replay'),
        ),
        migrations.AddField(
            model_name='replayline',
            name='employee',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='replayline',
            name='form',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appraisals.form'),
        ),
        migrations.AddField(
            model_name='replayline',
            name='replay',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='scoring.replay'),
        ),
        migrations.AddField(
            model_name='replayperson',
            name='employee',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.employee'),
        ),
        migrations.AddField(
            model_name='replayperson',
            name='replay',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='persons', to='scoring.replay'),
        ),
        migrations.AddConstraint(
            model_name='payrun',
            constraint=models.UniqueConstraint(fields=('cycle', 'number'), name='pay_run_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='payrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'prepared')), fields=('cycle',), name='one_prepared_pay_run_per_month'),
        ),
        migrations.AddConstraint(
            model_name='payrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True), ('state', 'prepared')), models.Q(('settled_at__isnull', False), ('state', 'settled'), models.Q(('settled_by', models.F('prepared_by')), _negated=True)), _connector='OR'), name='pay_run_settled_by_another'),
        ),
        migrations.AddConstraint(
            model_name='payline',
            constraint=models.UniqueConstraint(fields=('run', 'employee'), name='one_pay_line_per_person_and_run'),
        ),
        migrations.AddConstraint(
            model_name='payline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('form__isnull', True), ('result__isnull', True)), models.Q(('form__isnull', False), ('result__isnull', False)), _connector='OR'), name='pay_line_names_its_result'),
        ),
        migrations.AddConstraint(
            model_name='payline',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.math.Round(django.db.models.expressions.CombinedExpression(models.F('total'), '-', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('base_pay'), '+', models.F('differences')), '+', models.F('extras'))), precision=2), 0), name='pay_line_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='extrapay',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='extra_pay_above_nothing'),
        ),
        migrations.AddIndex(
            model_name='replayline',
            index=models.Index(fields=['replay', 'employee'], name='replay_by_person'),
        ),
        migrations.AddConstraint(
            model_name='replayline',
            constraint=models.UniqueConstraint(fields=('replay', 'form'), name='replayed_once'),
        ),
        migrations.AddConstraint(
            model_name='replayperson',
            constraint=models.UniqueConstraint(fields=('replay', 'employee'), name='replayed_person_once'),
        ),
    ]
