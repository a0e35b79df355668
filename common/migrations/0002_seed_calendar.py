"""Put the published holidays and make-up days into the working-day table."""

from datetime import timedelta
from pathlib import Path

import yaml
from django.db import migrations

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults" / "calendar.yaml"


def rows(model):
    """Only days that differ from the plain week: a weekend inside a holiday needs no row."""
    years = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    for year in years.values():
        for holiday in year["holidays"]:
            for step in range((holiday["last"] - holiday["first"]).days + 1):
                day = holiday["first"] + timedelta(days=step)
                if day.weekday() < 5:
                    yield model(date=day, is_workday=False, name=holiday["name"], source="seed")
        for day in year["makeup_days"]:
            yield model(date=day, is_workday=True, name="调休上班", source="seed")


def seed(apps, schema_editor):
    model = apps.get_model("common", "CalendarDay")
    model.objects.bulk_create(rows(model), ignore_conflicts=True)


def unseed(apps, schema_editor):
    apps.get_model("common", "CalendarDay").objects.filter(source="seed").delete()


class Migration(migrations.Migration):

    dependencies = [("common", "0001_initial")]

    operations = [migrations.RunPython(seed, unseed)]
