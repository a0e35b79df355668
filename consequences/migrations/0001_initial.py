import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0006_pay_steps'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('evidence', '逐月的考核证据'), ('training', '培训或调岗的记录'), ('second', '培训或调岗后的再次考核'), ('statement', '听取本人意见'), ('legal', '法务意见'), ('union', '工会意见')], max_length=12)),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='情况')),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('signed_for', models.CharField(blank=True, max_length=60, verbose_name='代表谁签')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='CheckFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='checks/%Y/%m/')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='consequences.checkitem')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='编号')),
                ('choice', models.CharField(choices=[('warning', '警告'), ('dismiss', '辞退'), ('demote', '降级留用'), ('cap_down', '绩效上限额降一等'), ('cap_up', '绩效上限额升一等'), ('bonus', '发优异奖金'), ('grade_up', '晋升一等'), ('wage_up', '岗位工资上调一等'), ('award', '授予年度优秀员工奖'), ('career', '做职业发展培训计划'), ('set_aside', '不采纳')], max_length=12, verbose_name='怎么定')),
                ('state', models.CharField(choices=[('preparing', '办理中'), ('in_force', '已生效'), ('dropped', '不办了'), ('undone', '已撤回')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='金额')),
                ('effective_from', models.DateField(blank=True, null=True, verbose_name='从哪个月起')),
                ('leaves_on', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                ('open_checks', models.PositiveSmallIntegerField(default=0)),
                ('decided_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('in_force_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_reason', models.CharField(blank=True, max_length=500)),
                ('kept_at', models.DateTimeField(blank=True, null=True)),
                ('kept_reason', models.CharField(blank=True, max_length=500, verbose_name='依据没有了仍保留的理由')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='本人读到的时间')),
                ('version', models.PositiveIntegerField(default=1)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
    ]
