"""Shapes of what is typed about robots and the hours of reminders; the rules are in the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import StyledForm
from notices.models import NoticeRules, Robot
from notices.services.robots import RobotFacts
from notices.services.settings import Hours
from notices.states import Channel
from people.selectors import all_regions

ROBOT_CHANNELS = [(one.value, one.label) for one in Channel if one != Channel.EMAIL]


class RobotForm(StyledForm):
    """A group robot. The address there is is never shown; left empty it stays."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("用群名，如“华东客服群”"))
    channel = forms.ChoiceField(label=_("渠道"), choices=ROBOT_CHANNELS)
    url = forms.CharField(
        label=_("webhook 地址"),
        max_length=300,
        required=False,
        help_text=_("从群机器人的设置里整条复制。保存后不再显示，要换就填新的。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=120,
        required=False,
        help_text=_("只有钉钉用，以 SEC 开头。飞书不要开签名校验，改用关键词或 IP 白名单。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    region = forms.ModelChoiceField(
        label=_("哪个区域的群"),
        queryset=all_regions(),
        required=False,
        empty_label=_("全公司"),
        help_text=_("每天把这个区域还欠的步骤发到群里，只有姓名和件数。"),
    )

    def facts(self) -> RobotFacts:
        """What was typed, of valid input."""
        data = self.cleaned_data
        return RobotFacts(
            name=data["name"],
            channel=Channel(data["channel"]),
            url=data["url"],
            secret=data["secret"],
            region_id=data["region"].pk if data["region"] else None,
        )


class RulesForm(StyledForm):
    """When messages leave the house."""

    send_at = forms.TimeField(label=_("每天几点发提醒"), help_text=_("避开整点和半点"))
    quiet_from = forms.TimeField(label=_("免打扰从"))
    quiet_until = forms.TimeField(label=_("免打扰到"), help_text=_("两个时间一样就是不设免打扰"))
    working_days_only = forms.BooleanField(label=_("只在工作日发"), required=False)
    by_email = forms.BooleanField(label=_("发邮件"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("send_at", "quiet_from", "quiet_until"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "inp"})

    def hours(self) -> Hours:
        """What was typed, of valid input."""
        return Hours(**self.cleaned_data)


def robot_initial(robot: Robot) -> dict[str, object]:
    """What the form shows of a robot: never its address."""
    return {"name": robot.name, "channel": robot.channel, "region": robot.region_id}


def rules_initial(rules: NoticeRules) -> dict[str, object]:
    """What the form shows of the rules."""
    return {name: getattr(rules, name) for name in Hours.__slots__}
