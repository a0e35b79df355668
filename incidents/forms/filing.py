"""What is typed to file an incident; the rules are in the services."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import StyledForm
from people.models import Employee
from people.selectors import employee_numbered


class EventForm(StyledForm):
    """Who, when, what, how many points."""

    employee = forms.CharField(label=gettext_lazy("工号"), max_length=20)
    occurred_on = forms.DateField(label=gettext_lazy("发生日期"))
    points = forms.DecimalField(label=gettext_lazy("分数"), min_value=0, max_digits=6, decimal_places=2)
    text = forms.CharField(
        label=gettext_lazy("内容"), max_length=500, widget=forms.Textarea({"rows": 3, "class": "inp"})
    )

    def clean_employee(self) -> Employee:
        """The person of that number."""
        found = employee_numbered(self.cleaned_data["employee"])
        if found is None:
            raise ValidationError(_("没有工号 %(number)s，核对后再填。") % {"number": self.cleaned_data["employee"]})
        return found
