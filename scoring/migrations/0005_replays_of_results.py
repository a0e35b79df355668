"""What a replay's line was reckoned from, and what it shows of a person. No replay could be asked for before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0004_proposals_pay_and_the_year")]

    operations = [
        migrations.AddField(
            "replayline",
            "result",
            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="scoring.result"),
        ),
        *(
            migrations.AddField("replayperson", name, models.DecimalField(decimal_places=2, max_digits=7, null=True))
            for name in ("coefficient_before", "coefficient_after")
        ),
        migrations.AddField("replayperson", "change", models.DecimalField(decimal_places=2, default=0, max_digits=7)),
        *(
            migrations.AddField("replayperson", name, models.BooleanField(default=False))
            for name in ("moves_coefficient", "moves_pay", "moves_proposals", "moves_grade")
        ),
        migrations.AddIndex("replayperson", models.Index(fields=["replay", "-change"], name="replay_by_change")),
    ]
