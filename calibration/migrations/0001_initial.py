import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0006_pay_steps'),
        ('scoring', '0003_findings'),
    ]

    operations = [
        migrations.CreateModel(
            name='BoardNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='讨论')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='scoring.annualresult')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ReviewStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('preparing', '准备中'), ('preview', '预览中'), ('open', '校准中'), ('locked', '已锁定'), ('published', '已公布')], max_length=10)),
                ('after', models.CharField(choices=[('preparing', '准备中'), ('preview', '预览中'), ('open', '校准中'), ('locked', '已锁定'), ('published', '已公布')], max_length=10)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='scoring.annualreview')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_grade', models.CharField(blank=True, max_length=1)),
                ('to_grade', models.CharField(max_length=1)),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('done', '已移动'), ('waiting', '待授权'), ('authorised', '已授权'), ('refused', '没有授权，已移回')], default='done', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('authoriser', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('result', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='scoring.annualresult')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('result',), name='one_waiting_move_per_person'), models.CheckConstraint(condition=models.Q(('authoriser__isnull', True), models.Q(('authoriser', models.F('by')), _negated=True), _connector='OR'), name='authorised_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('waiting', 'authorised', 'refused')), _negated=True), ('authoriser__isnull', False), _connector='OR'), name='waiting_names_its_authoriser')],
            },
        ),
    ]
