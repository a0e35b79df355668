from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_duty_swaps"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dutyswap",
            name="other_month",
            field=models.DateField(blank=True, null=True, verbose_name="换来的月份"),
        ),
    ]
