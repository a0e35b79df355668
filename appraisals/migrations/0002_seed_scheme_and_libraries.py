"""Put scheme 1.0 and the posts' default libraries (P4, P9) into empty tables."""

from decimal import Decimal
from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults"


def read(name):
    return yaml.safe_load((DEFAULTS / name).read_text(encoding="utf-8"))


def seed(apps, schema_editor):
    apps.get_model("appraisals", "Scheme").objects.create(state="approved", **read("scheme.yaml"))
    library = read("library.yaml")
    model = apps.get_model("appraisals", "LibraryItem")
    posts = apps.get_model("people", "Position").objects.in_bulk(list(library["positions"]), field_name="code")
    model.objects.bulk_create(
        model(position=posts[code], part=part, order=order, **item)
        for code, own in library["positions"].items()
        for part, items in parts_of(own, library, posts[code].position_class == "managerial").items()
        for order, item in enumerate(items, start=1)
    )


def parts_of(own, library, managerial):
    """A post's own indicators and goals, and the standards shared by its class (P4, table)."""
    if not managerial:
        return {**own, "behaviour": library["behaviour"]}
    halved = [{**item, "points": Decimal(item["points"]) / 2} for item in library["behaviour"]]
    return {**own, "behaviour": halved, "management": library["management"]}


def unseed(apps, schema_editor):
    """Cycles protect their scheme: the database refuses to go back over them. Own library items stay."""
    apps.get_model("appraisals", "Scheme").objects.filter(version=read("scheme.yaml")["version"]).delete()
    apps.get_model("appraisals", "LibraryItem").objects.exclude(source="own").delete()


class Migration(migrations.Migration):

    dependencies = [("appraisals", "0001_initial"), ("people", "0002_seed_positions")]

    operations = [migrations.RunPython(seed, unseed)]
