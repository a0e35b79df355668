"""What an involvement holds now leaves the incident."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0004_move_the_concerned'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_points_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='verifier_is_neither_finder_nor_concerned',
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='confirmed_incident_has_a_verifier',
        ),
        migrations.RemoveIndex(
            model_name='incident',
            name='incident_by_employee',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='confirmed_at',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='counted_month',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='decision_reason',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='employee',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='points',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='state',
        ),
        migrations.RemoveField(
            model_name='incident',
            name='verified_by',
        ),
    ]
