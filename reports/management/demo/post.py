"""What the demo's people were told besides by the services: targets and views that wait; reminders, a swap of duty."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from appraisals.models import Cycle, Form
from appraisals.services.telling import tell_of_moves
from appraisals.states import FormState
from appraisals.workflow import MOVES
from incidents.models import Incident
from incidents.services.steps import tell_about
from incidents.states import EventState
from notices.models import Message
from people.facts import SYSTEM
from reports.management.demo.cast import month_after
from reports.management.demo.clock import at
from reports.management.demo.months import Troupe, noon
from scoring.selectors.board import DATA, REVIEW
from scoring.services.nudging import nudge_people
from scoring.services.rota import ask_swap

READ_AFTER = timedelta(days=2)


def remind(troupe: Troupe, cycle: Cycle, today: date) -> None:
    """The duty officer of the running month has reminded of figures yesterday, and of reviews in one region."""
    officer = troupe.cast.named("沈玉兰")
    with at(noon(today - timedelta(days=1), 4)):
        nudge_people(cycle.pk, by=officer, step=DATA)
    with at(noon(today - timedelta(days=1), 5)):
        nudge_people(cycle.pk, by=officer, step=REVIEW, region="R01")
    with at(noon(today - timedelta(days=2), 2)):
        ask_swap(
            month_after(today, 1),
            month_after(today, 3),
            reason="那个月要带队外训两周，想换到后面。",
            by=troupe.cast.named("韩冰"),
        )


def ask_to_confirm(cycle: Cycle, today: date) -> None:
    """The targets of the coming month were handed to those who still have to confirm them."""
    move = next(one for one in MOVES if one.name == "submit_targets" and one.target == FormState.CONFIRMATION)
    forms = Form.objects.filter(cycle=cycle, state=FormState.CONFIRMATION).select_related("cycle", "employee")
    with at(noon(today - timedelta(days=2))), transaction.atomic():
        tell_of_moves([(form, move) for form in forms], by=SYSTEM)


def ask_for_views(cycle: Cycle) -> None:
    """Whoever an incident of the running month names was told when it was filed."""
    rows = Incident.objects.filter(occurred_on__gte=cycle.starts_on).prefetch_related("involvements")
    for incident in rows:
        with at(incident.filed_at), transaction.atomic():
            people = {one.employee_id for one in incident.involvements.all() if one.state == EventState.FILED}
            tell_about(incident, people, "view_wanted", key="filed")


def read_the_old(today: date) -> None:
    """What is older than a few days has been read; of what came since, what people had to answer was answered."""
    told = Message.objects.filter(read_at__isnull=True, at__lt=noon(today) - READ_AFTER)
    told.update(read_at=F("at") + timedelta(hours=2))
    nudged = Message.objects.filter(read_at__isnull=True, kind="nudged", recipient__name__in=("刘凯", "马晓东"))
    nudged.update(read_at=timezone.now() - timedelta(hours=1))
