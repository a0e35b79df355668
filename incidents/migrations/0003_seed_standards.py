"""Put the incident standard and the bonus standard (P4.5, P4.6) into empty tables."""

from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults"


def _read(name):
    return yaml.safe_load((DEFAULTS / name).read_text(encoding="utf-8"))


def seed(apps, schema_editor):
    names = ("EventRules", "Severity", "IncidentKind", "BonusKind", "BonusStep")
    rules, severities, kinds, bonuses, steps = (apps.get_model("incidents", name) for name in names)
    data = _read("incidents.yaml")
    rules.objects.create(**data["rules"])
    graves = {row["code"]: severities.objects.create(source="proposed", **row) for row in data["severities"]}
    for order, row in enumerate(data["kinds"], start=1):
        kinds.objects.create(**row | {"severity": graves[row["severity"]], "order": order, "source": "proposed"})
    for order, row in enumerate(_read("bonuses.yaml")["kinds"], start=1):
        given = row.pop("steps")
        kind = bonuses.objects.create(order=order, source="proposed", **row)
        steps.objects.bulk_create(steps(kind=kind, order=place, **step) for place, step in enumerate(given, start=1))


def unseed(apps, schema_editor):
    """Records judged by these rows protect them: the database refuses to go back over them."""
    for name in ("IncidentKind", "Severity", "BonusKind", "EventRules"):
        apps.get_model("incidents", name).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [("incidents", "0002_standards_and_involvements")]

    operations = [migrations.RunPython(seed, unseed)]
