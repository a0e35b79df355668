import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_swaps_undone'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('hr', '人力资源'), ('department', '客服管理部经理'), ('general', '总经理'), ('administrator', '系统管理员'), ('auditor', '审计')], max_length=20, verbose_name='角色'),
        ),
        migrations.CreateModel(
            name='PayStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_before', models.DateField(blank=True, null=True, verbose_name='到此日之前')),
                ('kind', models.CharField(choices=[('grade', '等级'), ('cap', '绩效上限额'), ('wage', '岗位工资')], max_length=8, verbose_name='改什么')),
                ('source', models.CharField(max_length=120, verbose_name='依据')),
                ('recorded_by', models.CharField(max_length=20)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('employee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pay_steps', to='people.employee')),
                ('grade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.grade')),
            ],
            options={
                'ordering': ('employee', 'starts_on', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_before__isnull', True)), fields=('employee', 'kind'), name='one_current_pay_step'), models.CheckConstraint(condition=models.Q(('ends_before__isnull', True), ('ends_before__gte', models.F('starts_on')), _connector='OR'), name='pay_step_ends_after_start'), models.CheckConstraint(condition=models.Q(('starts_on__day', 1)), name='pay_step_starts_a_month')],
            },
        ),
    ]
