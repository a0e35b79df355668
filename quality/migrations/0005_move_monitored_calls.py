"""Make every monitored call a call with a submitted first assessment and its scores."""

from django.db import migrations

BATCH = 1000


def _batches(rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def move(apps, schema_editor):
    names = ("MonitoredCall", "CallScore", "Call", "Assessment", "AssessmentScore")
    monitored, given, calls, assessments, scores = (apps.get_model("quality", name) for name in names)
    taken = ("pk", "number", "called_on", "employee_id", "total", "listener_id", "rubric_id")
    for batch in _batches(monitored.objects.values(*taken).iterator(chunk_size=BATCH)):
        for row in batch:
            row["made"] = calls(
                pk=row["pk"],
                number=row["number"],
                called_on=row["called_on"],
                employee_id=row["employee_id"],
                total=row["total"],
                drawn_why="chosen",
            )
        calls.objects.bulk_create(row["made"] for row in batch)
        assessments.objects.bulk_create(
            assessments(
                call_id=row["pk"],
                kind="first",
                state="submitted",
                listener_id=row["listener_id"],
                rubric_id=row["rubric_id"],
                total=row["total"],
            )
            for row in batch
        )
    by_call = dict(assessments.objects.values_list("call_id", "pk"))
    for batch in _batches(given.objects.values_list("call_id", "item_id", "points").iterator(chunk_size=BATCH)):
        scores.objects.bulk_create(
            scores(assessment_id=by_call[call], item_id=item, points=points) for call, item, points in batch
        )
    _go_on_counting(schema_editor, calls)


def _go_on_counting(schema_editor, calls):
    """The rows kept their keys; on PostgreSQL the sequence has to be told."""
    if schema_editor.connection.vendor == "postgresql" and calls.objects.exists():
        table = schema_editor.quote_name(calls._meta.db_table)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))", [calls._meta.db_table])


class Migration(migrations.Migration):

    dependencies = [("quality", "0004_seed_plan_and_fatal_faults")]

    # No way back: a call that was registered and not scored has no listener to return to.
    operations = [migrations.RunPython(move)]
