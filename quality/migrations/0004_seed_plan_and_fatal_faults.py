"""Complete the seeded standard: English names, what may not apply, fatal faults, the sampling plan."""

from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults" / "rubric_more.yaml"


def seed(apps, schema_editor):
    data = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    rubric = apps.get_model("quality", "Rubric").objects.filter(version=data["version"]).first()
    if rubric is None:
        return
    apps.get_model("quality", "Rubric").objects.filter(pk=rubric.pk).update(**data["plan"])
    items = apps.get_model("quality", "RubricItem").objects.filter(rubric=rubric)
    for row in data["items"]:
        items.filter(name=row.pop("name")).update(**row)
    kinds = dict(apps.get_model("incidents", "IncidentKind").objects.values_list("code", "pk"))
    faults = apps.get_model("quality", "FatalFault")
    for order, row in enumerate(data["fatal_faults"], start=1):
        kind = kinds.get(row.pop("incident_kind"))
        faults.objects.create(rubric=rubric, incident_kind_id=kind, order=order, **row)


def unseed(apps, schema_editor):
    version = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))["version"]
    apps.get_model("quality", "FatalFault").objects.filter(rubric__version=version).delete()


class Migration(migrations.Migration):

    dependencies = [("quality", "0003_assessments_and_plan"), ("incidents", "0003_seed_standards")]

    operations = [migrations.RunPython(seed, unseed)]
