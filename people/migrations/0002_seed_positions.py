"""Put the policy's seven posts (P2) into an empty table."""

from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults" / "positions.yaml"


def seed(apps, schema_editor):
    model = apps.get_model("people", "Position")
    posts = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    model.objects.bulk_create(
        model(
            code=post["code"],
            name=post["name"],
            name_en=post["name_en"],
            position_class=post["class"],
            order=order,
        )
        for order, post in enumerate(posts, start=1)
    )


def unseed(apps, schema_editor):
    """Only posts that nobody holds can go; a held one makes the database refuse."""
    codes = [post["code"] for post in yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))]
    apps.get_model("people", "Position").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(seed, unseed)]
