"""What the page of one form reads, in few statements: items with figure and names, scores, events, the way so far."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from appraisals.models import Evidence, Form, Item, Score, UpwardTurn
from appraisals.selectors.lateness import first_reported
from appraisals.selectors.records import ItemRow
from appraisals.states import FormState
from audit.log import events_about
from audit.models import Event
from people.models import Employee

LOG_LENGTH = 12
LOG_WORDS = {
    "form.submit_targets": pgettext_lazy("log", "提交目标"),
    "form.approve_targets": pgettext_lazy("log", "批准目标"),
    "form.return_targets": pgettext_lazy("log", "退回目标"),
    "form.confirm_targets": pgettext_lazy("log", "确认目标"),
    "form.reopen_targets": pgettext_lazy("log", "收回目标"),
    "form.readjust_targets": pgettext_lazy("log", "调整目标"),
    "form.figures": pgettext_lazy("log", "报送数据"),
    "form.evidence": pgettext_lazy("log", "补原始记录"),
    "form.not_applicable": pgettext_lazy("log", "标为不适用"),
    "form.applicable": pgettext_lazy("log", "撤销不适用"),
    "form.submit_self": pgettext_lazy("log", "提交自评"),
    "form.review_without_self": pgettext_lazy("log", "不等自评，开始复核"),
    "form.return_self": pgettext_lazy("log", "退回自评"),
    "form.submit_review": pgettext_lazy("log", "提交复核"),
    "form.return_review": pgettext_lazy("log", "收回复核"),
    "form.consolidate": pgettext_lazy("log", "汇总"),
    "form.withdraw_consolidation": pgettext_lazy("log", "撤销汇总"),
    "form.publish": pgettext_lazy("log", "出结果"),
    "form.withdraw_publication": pgettext_lazy("log", "收回结果"),
    "form.sign": pgettext_lazy("log", "签认"),
    "form.file": pgettext_lazy("log", "备案"),
    "form.file_unsigned": pgettext_lazy("log", "备案（没有签认）"),
    "form.unfile": pgettext_lazy("log", "撤销备案"),
}


class SheetItem(NamedTuple):
    """An item row with the names and times that only a page needs; ``reported_at``: when its first figure came."""

    row: ItemRow
    provider: str
    collector: str
    entered_at: datetime | None
    evidence: int
    anchors: dict[str, str]
    reported_at: datetime | None


def with_turnout(forms: QuerySet[Form]) -> QuerySet[Any]:
    """Forms with how many subordinates are asked and have rated, and what the page's head shows."""
    turns = UpwardTurn.objects.filter(form=OuterRef("pk")).order_by().values("form")
    asked = turns.annotate(n=Count("pk")).values("n")
    rated = turns.annotate(n=Count("pk", filter=Q(is_done=True))).values("n")
    return forms.select_related("cycle__scheme", "employee", "owner", "position", "region").annotate(
        asked=Coalesce(Subquery(asked), 0), rated=Coalesce(Subquery(rated), 0)
    )


def sheet_items(form_id: int) -> list[SheetItem]:
    """The form's items in one statement."""
    now = FilteredRelation("figures", condition=Q(figures__superseded_at__isnull=True))
    files = Evidence.objects.filter(figure__item=OuterRef("pk"), figure__superseded_at__isnull=True)
    count = files.order_by().values("figure__item").annotate(n=Count("pk")).values("n")
    files_behind = Coalesce(Subquery(count), 0)
    items = Item.objects.filter(form_id=form_id).annotate(now=now, files=files_behind, first_at=first_reported())
    figure = ("now__pk", "now__value", "now__is_not_applicable", "now__basis", "now__collected_on", "now__provider_id")
    extra = ("provider__name", "now__provider__name", "now__entered_at", "files", "anchors", "first_at")
    size = len(ItemRow._fields)
    rows = items.order_by().values_list(*ItemRow._fields[:13], *figure, *extra)
    return [
        SheetItem(ItemRow._make(row[:size]), row[size] or "", row[size + 1] or "", *row[size + 2 :]) for row in rows
    ]


def sheet_scores(form_id: int) -> list[Score]:
    """Every score given by name on the form."""
    return list(Score.objects.filter(item__form_id=form_id).order_by())


def sheet_log(form: Form) -> list[Event]:
    """The form's steps, newest first; single scores are nobody's reading here."""
    return list(events_about(form).filter(action__in=LOG_WORDS).order_by("-pk")[:LOG_LENGTH])


def next_to_review(form: Form, owner: Employee) -> int | None:
    """The next form of the same cycle that waits for this owner's review."""
    rest = Form.objects.filter(cycle_id=form.cycle_id, owner=owner, state=FormState.REVIEW).exclude(pk=form.pk)
    return rest.order_by("employee__number").values_list("pk", flat=True).first()
