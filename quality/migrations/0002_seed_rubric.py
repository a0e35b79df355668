"""Put the call-monitoring standard (A2) into an empty table."""

from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults" / "rubric.yaml"


def seed(apps, schema_editor):
    data = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    rubrics, items, levels = (apps.get_model("quality", name) for name in ("Rubric", "RubricItem", "RubricLevel"))
    rubric = rubrics.objects.create(version=data["version"], starts_on=data["starts_on"], source="policy")
    wanted = [(category["name"], item) for category in data["categories"] for item in category["items"]]
    for order, (category, item) in enumerate(wanted, start=1):
        row = items.objects.create(
            rubric=rubric,
            category=category,
            name=item["name"],
            points=item["points"],
            order=order,
            source=item["source"],
        )
        levels.objects.bulk_create(levels(item=row, **level) for level in item["levels"])


def unseed(apps, schema_editor):
    """Calls scored by this version protect it: the database refuses to go back over them."""
    version = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))["version"]
    apps.get_model("quality", "Rubric").objects.filter(version=version).delete()


class Migration(migrations.Migration):

    dependencies = [("quality", "0001_initial")]

    operations = [migrations.RunPython(seed, unseed)]
