"""Who has signed what, and until when it can be signed."""

from datetime import date

from django.utils import timezone

from appraisals.models import Form
from appraisals.selectors.schemes import rules_of
from common.selectors import calendar_between
from policy.workdays import Anchors, due_on
from scoring.models import Signature
from scoring.states import Side


def is_signed_by_both(form: Form) -> bool:
    """Whether the current result carries both signatures."""
    found = Signature.objects.filter(result__form=form, result__superseded_at__isnull=True)
    return found.count() == len(Side)


def sign_due_on(form: Form) -> date | None:
    """The last day for signing, in working days from the publication (P6.3); None before it."""
    if form.published_at is None:
        return None
    received = timezone.localdate(form.published_at)
    anchors = Anchors(form.cycle.starts_on, form.cycle.ends_on, received_on=received)
    return due_on("sign", anchors, rules_of(form.cycle.scheme), calendar_between(received, received))
