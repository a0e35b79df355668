import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appraisals', '0003_contested_forms_and_adjustments'),
        ('people', '0006_pay_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='scheme',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='appraisals.scheme'),
        ),
        migrations.AddField(
            model_name='scheme',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='scheme',
            name='state',
            field=models.CharField(choices=[('draft', '拟定'), ('submitted', '待审核'), ('checked', '已审核'), ('approved', '已批准'), ('withdrawn', '已作废')], default='draft', max_length=10),
        ),
        migrations.CreateModel(
            name='SchemeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('drafted', '拟定'), ('submitted', '提交审核'), ('checked', '审核'), ('returned', '退回'), ('approved', '批准'), ('withdrawn', '作废')], max_length=10)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.employee')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='appraisals.scheme')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
    ]
