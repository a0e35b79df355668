"""The shapes of what people type on the pages of scoring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm
from people.models import Account
from scoring.services.rota import Choice

AGREE, OBJECT = "agree", "object"


class PasswordForm(StyledForm):
    """Confirmation by the account's own password."""

    password = forms.CharField(
        label=_("你的登录密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("填你的登录密码，确认是你本人。")},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """The password, if it is the account's."""
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise forms.ValidationError(_("密码不对，没有签。"), code="wrong_password")
        return password


class SignForm(PasswordForm):
    """Signing one result: nothing is chosen beforehand; an objection says why."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        choices=((AGREE, _("同意结果")), (OBJECT, _("带异议签认"))),
        error_messages={"required": _("选“同意结果”或“带异议签认”。")},
    )
    objection = forms.CharField(
        label=_("异议"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def is_agreed(self) -> bool:
        """Signed without an objection."""
        return bool(self.cleaned_data["choice"] == AGREE)

    def clean(self) -> dict[str, Any]:
        """An objection without words says nothing."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("choice") == OBJECT and not data.get("objection", "").strip():
            self.add_error("objection", _("写一句你对哪里有异议。"))
        return data


class ReasonForm(StyledForm):
    """Why a step is taken back."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写进记录，本人看得到。"),
        error_messages={"required": _("写一句理由。")},
    )


class TurnForm(StyledForm):
    """Who is on duty in a month, and who was seen there."""

    month = forms.DateField(input_formats=["%Y-%m"])
    officer = forms.IntegerField(min_value=1)
    seen = forms.IntegerField(min_value=1, required=False)

    def choice(self) -> Choice:
        """The typed turn of valid input."""
        data = self.cleaned_data
        return Choice(month=data["month"], officer_id=data["officer"], seen_id=data["seen"])


class SwapForm(StyledForm):
    """A month offered against another."""

    month = forms.DateField(input_formats=["%Y-%m"])
    other_month = forms.DateField(input_formats=["%Y-%m"])
    reason = forms.CharField(max_length=200, required=False)


class SettleForm(PasswordForm):
    """Settling the run that was on the page, by one's password."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_password(self) -> str:
        """The password, if it is the account's."""
        password: str = self.cleaned_data["password"]
        if not self.account.check_password(password):
            raise forms.ValidationError(_("密码不对，没有结算。"), code="wrong_password")
        return password


class DiscardForm(StyledForm):
    """Why a prepared run is handed back."""

    reason = forms.CharField(
        label=_("退回的原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("写一句为什么退回，准备的人看得到。")},
    )
