"""Give every incident an involvement that takes over its person, points and decision; name every bonus's event."""

from django.db import migrations
from django.db.models import F

TAKEN = ("employee_id", "points", "state", "counted_month", "confirmed_at", "decision_reason", "verified_by_id")
BATCH = 1000


def move(apps, schema_editor):
    incidents, involvements = (apps.get_model("incidents", name) for name in ("Incident", "Involvement"))
    rows = incidents.objects.values("pk", *TAKEN).iterator(chunk_size=BATCH)
    batch = []
    for row in rows:
        pk = row.pop("pk")
        batch.append(involvements(incident_id=pk, filed_points=row["points"], decided_at=row["confirmed_at"], **row))
        if len(batch) == BATCH:
            involvements.objects.bulk_create(batch)
            batch = []
    involvements.objects.bulk_create(batch)
    bonuses = apps.get_model("incidents", "Bonus")
    bonuses.objects.update(event=F("number"), decided_at=F("confirmed_at"))


class Migration(migrations.Migration):

    dependencies = [("incidents", "0003_seed_standards")]

    # No way back: an incident that several persons share has no single person to return to.
    operations = [migrations.RunPython(move)]
