"""A trade of duty months that the leader took back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_handing_over")]

    operations = [
        migrations.AlterField(
            model_name="dutyswap",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "待答复"),
                    ("agreed", "已换"),
                    ("refused", "不同意"),
                    ("withdrawn", "已撤回"),
                    ("undone", "组长撤销了"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
    ]
