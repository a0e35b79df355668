"""Who is asking: the employee behind a request and his standing, read once per request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.facts import Standing
from people.models import Account, Employee
from people.selectors import standing_of


def person_of(request: HttpRequest) -> Employee:
    """The signed-in employee, with post and region; an account without a person may do nothing here."""
    person: Employee | None = getattr(request, "_kpi_person", None)
    if person is None:
        people = Employee.objects.select_related("region", "position", "grade", "account")
        account = request.user
        person = people.filter(account=account).first() if isinstance(account, Account) else None
        if person is None:
            raise PermissionDenied(_("这个账号没有对应的员工，找人力资源部登记。"))
        request._kpi_person = person  # type: ignore[attr-defined]  # cached for this request only
    return person


def standing_in(request: HttpRequest) -> Standing:
    """The person's standing today."""
    standing: Standing | None = getattr(request, "_kpi_standing", None)
    if standing is None:
        standing = standing_of(person_of(request), timezone.localdate())
        request._kpi_standing = standing  # type: ignore[attr-defined]  # cached for this request only
    return standing
