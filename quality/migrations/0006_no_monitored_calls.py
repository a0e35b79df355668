"""What an assessment holds now leaves."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0005_move_monitored_calls'),
    ]

    operations = [
        migrations.DeleteModel(
            name='CallScore',
        ),
        migrations.DeleteModel(
            name='MonitoredCall',
        ),
    ]
