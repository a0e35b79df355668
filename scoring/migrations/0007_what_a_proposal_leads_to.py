"""What a proposal is decided like stands with it: so far every rule a scheme had added could only warn."""

from django.db import migrations, models
from django.db.models import F

OWN = ("R1", "R2", "R3", "R4", "demote_or_dismiss", "promote_or_raise", "excellence_award", "career_plan")


def fill(apps, schema_editor):
    proposals = apps.get_model("scoring", "Proposal").objects.using(schema_editor.connection.alias)
    proposals.filter(rule__in=OWN).update(leads_to=F("rule"))
    proposals.exclude(rule__in=OWN).update(leads_to="R1")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_filing_term")]

    operations = [
        migrations.AddField("proposal", "leads_to", models.CharField(max_length=24, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
