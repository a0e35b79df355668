"""The floor: one INSERT … SELECT that computes the same scores from the same tables and writes the same result rows.

It writes no snapshot, no digest, no audit, no counted month, no state, no proposal: it is what the arithmetic and the
rows alone cost the database. The parameters are taken apart beforehand, outside the measured time.
"""

from datetime import date

from django.db import connection

from appraisals.models import Cycle, Item
from policy.items import Deduct, Direct, InverseRatio, Linear, Ratio, Tiers
from policy.parameters import params_of

FLOOR = """
INSERT INTO scoring_result (
  form_id, cycle_id, employee_id, version, snapshot, digest, kpi, goal, behaviour, management, deduction, bonus,
  full_marks, score, coefficient, grade_name, pay_cap, post_wage, performance_pay, base_pay,
  consolidated_at, consolidated_by, published_at, superseded_at, superseded_reason, terms_calendar)
WITH scheme AS (SELECT %(month)s::date AS first_day, %(last)s::date AS last_day),
calls AS (
  SELECT employee_id, round(sum(total) / count(*), 2) AS mean
  FROM quality_call, scheme WHERE called_on BETWEEN first_day AND last_day AND total IS NOT NULL GROUP BY employee_id),
upward AS (
  SELECT item_id, sum(points) AS total, count(*) AS raters FROM appraisals_upwardscore GROUP BY item_id),
deducted AS (
  SELECT share.employee_id, sum(share.points) AS points, bool_or(coalesce(severity.voids_bonus, false)) AS voids
  FROM scheme, incidents_involvement share
  JOIN incidents_incident incident ON incident.id = share.incident_id
  LEFT JOIN incidents_severity severity ON severity.id = share.severity_id
  WHERE share.state = 'confirmed' AND incident.occurred_on BETWEEN first_day AND last_day GROUP BY share.employee_id),
claimed AS (
  SELECT employee_id, kind_id, sum(points) AS points,
    CASE WHEN kind_id IS NULL OR bool_or(cap IS NULL) THEN NULL ELSE max(cap) END AS cap
  FROM incidents_bonus, scheme
  WHERE state = 'confirmed' AND occurred_on BETWEEN first_day AND last_day GROUP BY employee_id, kind_id),
added AS (
  SELECT employee_id, sum(least(points, coalesce(cap, points))) AS points FROM claimed GROUP BY employee_id),
facts AS (
  SELECT item.form_id, item.part, item.points AS p, par.method, par.a, par.b, par.bounds, par.worths,
    CASE WHEN item.data_source = 'monitoring' THEN calls.mean ELSE figure.value END AS x,
    own.points AS own, given.points AS given, upward.total, upward.raters
  FROM appraisals_item item
  JOIN appraisals_form form ON form.id = item.form_id AND form.cycle_id = %(cycle)s
  LEFT JOIN bench_params par ON par.item_id = item.id
  LEFT JOIN appraisals_figure figure ON figure.item_id = item.id AND figure.superseded_at IS NULL
  LEFT JOIN calls ON calls.employee_id = form.employee_id
  LEFT JOIN appraisals_score own ON own.item_id = item.id AND own.kind = 'self'
  LEFT JOIN appraisals_score given ON given.item_id = item.id AND given.kind IN ('review', 'superior')
  LEFT JOIN upward ON upward.item_id = item.id),
lines AS (
  SELECT form_id, part, p, round(CASE
    WHEN method = 'ratio' THEN p * greatest(0, least(x / a, b))
    WHEN method = 'inverse_ratio' THEN CASE WHEN x <= 0 THEN p * b ELSE p * least(a / x, b) END
    WHEN method = 'tiers' THEN CASE WHEN x >= bounds[1] THEN worths[1] WHEN x >= bounds[2] THEN worths[2]
      WHEN x >= bounds[3] THEN worths[3] WHEN x >= bounds[4] THEN worths[4] ELSE 0 END
    WHEN method = 'deduct' THEN greatest(0, p - a * greatest(0, x - b))
    WHEN method = 'linear' THEN greatest(0, least(p, p * (x - a) / (b - a)))
    WHEN method = 'direct' THEN x
    WHEN part = 'management' AND coalesce(raters, 0) >= 3 THEN 0.2 * total / raters + 0.2 * own + 0.6 * given
    WHEN part = 'management' THEN 0.2 * own + 0.8 * given
    ELSE given END, 2) AS score
  FROM facts),
sums AS (
  SELECT form_id,
    coalesce(sum(score) FILTER (WHERE part = 'kpi'), 0) AS kpi,
    coalesce(sum(score) FILTER (WHERE part = 'goal'), 0) AS goal,
    coalesce(sum(score) FILTER (WHERE part = 'behaviour'), 0) AS behaviour,
    coalesce(sum(score) FILTER (WHERE part = 'management'), 0) AS management,
    sum(score) AS earned, sum(p) AS marks
  FROM lines GROUP BY form_id HAVING count(score) = count(*)),
totals AS (
  SELECT sums.*, form.employee_id, grade.name, grade.pay_cap, grade.post_wage,
    coalesce(deducted.points, 0) AS minus,
    CASE WHEN deducted.voids THEN 0 ELSE coalesce(added.points, 0) END AS plus,
    greatest(0, earned - coalesce(deducted.points, 0)
      + CASE WHEN deducted.voids THEN 0 ELSE coalesce(added.points, 0) END) AS total
  FROM sums
  JOIN appraisals_form form ON form.id = sums.form_id
  JOIN people_employee person ON person.id = form.employee_id
  JOIN people_grade grade ON grade.id = person.grade_id
  LEFT JOIN deducted ON deducted.employee_id = form.employee_id
  LEFT JOIN added ON added.employee_id = form.employee_id),
scored AS (SELECT totals.*, round(total / marks * 100, 2) AS coefficient FROM totals),
paid AS (SELECT scored.*, round(pay_cap * least(coefficient, 100) / 100, 2) AS pay FROM scored)
SELECT form_id, %(cycle)s, employee_id, 1, '', '', kpi, goal, behaviour, management, minus, plus,
  marks, total, coefficient, name, pay_cap, post_wage, pay, post_wage + pay, now(), 'system', now(), NULL, '', '{}'
FROM paid
"""


def prepare(cycle: Cycle) -> None:
    """Take the parameter texts apart into columns."""
    rows = []
    items = Item.objects.filter(form__cycle=cycle, part="kpi").values_list("pk", "method", "parameters")
    for item, method, text in items:
        rows.append((item, method, *_numbers(params_of(method, text))))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_params")
        cursor.execute(
            "CREATE TABLE bench_params (item_id bigint PRIMARY KEY, method text, a numeric, b numeric,"
            " bounds numeric[], worths numeric[])"
        )
        with cursor.copy("COPY bench_params FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE bench_params")


def _numbers(params: object) -> tuple[object, ...]:
    match params:
        case Tiers(_at_least, bands):
            return None, None, [bound for bound, _worth in bands], [worth for _bound, worth in bands]
        case Direct():
            return None, None, None, None
        case Ratio(first, second) | InverseRatio(first, second) | Deduct(first, second) | Linear(first, second):
            return first, second, None, None
    raise TypeError(params)


def insert_select(cycle: Cycle) -> None:
    """Run the floor."""
    values: dict[str, int | date] = {"cycle": cycle.pk, "month": cycle.starts_on, "last": cycle.ends_on}
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, values)
