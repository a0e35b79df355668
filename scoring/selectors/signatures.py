"""Who has signed what, and until when it can be signed."""

from datetime import date

from appraisals.models import Form
from scoring.models import Result, Signature
from scoring.selectors.terms import terms_from
from scoring.states import Side


def is_signed_by_both(form: Form) -> bool:
    """Whether the current result carries both signatures."""
    found = Signature.objects.filter(result__form=form, result__superseded_at__isnull=True)
    return found.count() == len(Side)


def sign_due_on(form: Form) -> date | None:
    """The last day for signing the current result (P6.3); None before it is published."""
    result = Result.objects.filter(form=form, superseded_at__isnull=True).first()
    if result is None or result.published_at is None:
        return None
    return result.sign_until or terms_from(form.cycle, result.published_at)["sign_until"]
