"""The step that opens an incident record, inside the transaction of whoever found one: a person, or a scored call."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from common.db import require_transaction
from common.errors import RuleError, check_length
from common.uploads import Checked
from incidents.models import Incident, IncidentKind, Involvement
from incidents.selectors.rules import statement_term
from incidents.services.steps import (
    INCIDENT_PREFIX,
    attach,
    check_points,
    check_what,
    check_within,
    save_numbered,
    tell_about,
)
from people.models import Employee

TEXT_LIMIT = 500
PLACE_LIMIT = 80
MOST_PEOPLE = 20
JUST_NOW = timedelta(minutes=10)


class PointsError(RuleError):
    """What is wrong with the points of one person concerned; ``employee_id`` says whose, and the words name him."""

    def __init__(self, person: Employee, refusal: RuleError) -> None:
        words = _("%(name)s：%(refusal)s") % {"name": person.name, "refusal": refusal}
        super().__init__(words, code=refusal.code, field=refusal.field)
        self.employee_id = person.pk


@dataclass(frozen=True, slots=True)
class Share:
    """One person concerned and the points it is to cost him; None: what the standard says."""

    employee_id: int
    points: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """An incident as it is filed. Without ``kind_id`` each share names its points; ``found_by_id`` None: the filer.

    ``origin`` names where it came from when nobody typed it: the number of a call.
    """

    kind_id: int | None
    occurred_on: date
    description: str
    people: tuple[Share, ...]
    occurred_time: time | None = None
    place: str = ""
    found_by_id: int | None = None
    files: tuple[Checked, ...] = field(default=())
    origin: str = ""


def open_incident(draft: IncidentDraft, *, by: Employee) -> Incident:
    """Write the record, a share for each person and the files; the term for their views begins (P4.5).

    Refused: a day to come or on which a person was not employed, no words, nobody concerned, points outside the
    severity's range, or the very same record by the same filer a few minutes ago.
    """
    require_transaction()
    check_what(draft.occurred_on, draft.description)
    check_length(draft.description.strip(), TEXT_LIMIT, field="text")
    check_length(draft.place.strip(), PLACE_LIMIT, field="place")
    kind = _kind_of(draft)
    people = _people_of(draft)
    points = {share.employee_id: _points_of(share, kind, people[share.employee_id]) for share in draft.people}
    found_by = by if draft.found_by_id is None else _person(draft.found_by_id, "found_by")
    Employee.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second tap on "file" waits here
    _refuse_twice(draft, by)
    incident = Incident(
        occurred_on=draft.occurred_on,
        occurred_time=draft.occurred_time,
        place=draft.place.strip(),
        description=draft.description.strip(),
        kind=kind,
        found_by=found_by,
        filed_by=by,
        origin=draft.origin,
    )
    save_numbered(incident, INCIDENT_PREFIX)
    _add_shares(incident, people, points)
    names = attach(incident, draft.files, by)
    told = {"kind": kind.code if kind else None, "people": [[people[pk].number, str(points[pk])] for pk in people]}
    record("incident.filed", incident, by=by, after={**told, "files": names, "origin": draft.origin})
    tell_about(incident, set(people) - {by.pk}, "view_wanted", key="filed")
    return incident


def _kind_of(draft: IncidentDraft) -> IncidentKind | None:
    if draft.kind_id is None:
        return None
    kind = IncidentKind.objects.select_related("severity").filter(pk=draft.kind_id).first()
    if kind is None or not (kind.is_active or draft.origin):
        raise RuleError(_("这一条标准已停用，换一条。"), code="kind_unknown", field="kind")
    return kind


def _people_of(draft: IncidentDraft) -> dict[int, Employee]:
    """Those concerned, in the order given, each employed on the day."""
    ids = [share.employee_id for share in draft.people]
    if not ids:
        raise RuleError(_("写上当事人。"), code="nobody_concerned", field="people")
    if len(ids) > MOST_PEOPLE:
        raise RuleError(_("一条记录最多 %(n)s 个人。") % {"n": MOST_PEOPLE}, code="too_many_people", field="people")
    if len(set(ids)) < len(ids):
        raise RuleError(_("同一个人只写一次。"), code="twice_the_same", field="people")
    found = Employee.objects.in_bulk(ids)
    for pk in ids:
        if pk not in found or not found[pk].works_on(draft.occurred_on):
            words = _("%(name)s那天不在职，核对日期和当事人。")
            name = found[pk].name if pk in found else str(pk)
            raise RuleError(words % {"name": name}, code="not_employed", field="people")
    return {pk: found[pk] for pk in ids}


def _points_of(share: Share, kind: IncidentKind | None, person: Employee) -> Decimal:
    try:
        return _checked_points(share.points, kind)
    except RuleError as refusal:
        raise PointsError(person, refusal) from refusal


def _checked_points(given: Decimal | None, kind: IncidentKind | None) -> Decimal:
    """The points filed: as given if the entry's severity allows them, else the entry's own."""
    if given is None and kind is None:
        raise RuleError(_("写上扣几分。"), code="points_missing", field="points")
    points = given if given is not None else kind.points if kind else Decimal(0)
    check_points(points)
    if kind is not None and given is not None:
        check_within(points, kind.severity.low, kind.severity.high, kind.severity.display_name)
    return points


def _person(pk: int, field_name: str) -> Employee:
    found = Employee.objects.filter(pk=pk).first()
    if found is None:
        raise RuleError(_("没有这个人，核对后再填。"), code="unknown_person", field=field_name)
    return found


def _refuse_twice(draft: IncidentDraft, by: Employee) -> None:
    """The same words about the same day by the same filer just now are a second tap, not a second incident."""
    same = Incident.objects.filter(
        filed_by=by,
        occurred_on=draft.occurred_on,
        kind_id=draft.kind_id,
        origin=draft.origin,
        description=draft.description.strip(),
        filed_at__gte=timezone.now() - JUST_NOW,
    )
    wanted = {share.employee_id for share in draft.people}
    for incident in same.prefetch_related("involvements"):
        if {share.employee_id for share in incident.involvements.all()} == wanted:
            words = _("你刚登记过同样的一条：%(number)s。") % {"number": incident.number}
            raise RuleError(words, code="just_filed")


def _add_shares(incident: Incident, people: dict[int, Employee], points: dict[int, Decimal]) -> None:
    due, behind = statement_term(timezone.localdate())
    shares = [
        Involvement(
            incident=incident,
            employee=person,
            filed_points=points[pk],
            points=points[pk],
            statement_due_on=due,
            terms_calendar=behind,
        )
        for pk, person in people.items()
    ]
    for share in shares:
        share.full_clean(validate_unique=False)
    Involvement.objects.bulk_create(shares)
