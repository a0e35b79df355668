"""Who hears that somebody else reset a password."""

from django.urls import reverse
from django.utils import timezone

from notices.log import tell
from people.models import Employee
from people.selectors import superiors_on


def tell_reset(employee: Employee, by: Employee) -> None:
    """The person himself and his superior: what is done under a password that HR issued, they can ask about."""
    now = timezone.now()
    superior = superiors_on(timezone.localdate(now), [employee.pk]).get(employee.pk)
    key, who = f"password:{employee.pk}:{now:%Y%m%d%H%M%S}", {"who": by.name, "other": employee.name}
    for recipient, kind in ((employee.pk, "password_reset"), (superior, "password_reset_of")):
        if recipient not in {None, by.pk}:
            tell([recipient], kind, path=reverse("notices:inbox"), key=key, detail=who)
