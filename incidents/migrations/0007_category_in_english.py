"""The categories of the incident standard have an English name too."""

from django.db import migrations, models

ENGLISH = {
    "服务": "Service",
    "业务": "Business",
    "安全": "Security",
    "纪律": "Discipline",
    "系统": "Systems",
    "市场": "Marketing",
    "考核": "Appraisal",
    "管理": "Management",
}


def name_them(apps, schema_editor):
    kinds = apps.get_model("incidents", "IncidentKind").objects
    for category, english in ENGLISH.items():
        kinds.filter(category=category, category_en="").update(category_en=english)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0006_standard_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='incidentkind',
            name='category_en',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
    ]
