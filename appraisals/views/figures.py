"""The data provider's page: what is owed by indicator and person, entered many at once; one figure with its history."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisals.models import Item
from appraisals.selectors.figures import (
    OPEN,
    FigureRow,
    as_rows,
    can_view_figure,
    evidence_files,
    figure_items,
    history_of_figure,
    item_with_form,
    provider_cycles,
)
from appraisals.selectors.lateness import agreed_late
from appraisals.selectors.methods import method_words
from appraisals.services.figures import Entered, FigureInput, add_evidence, enter_figures
from appraisals.states import DataSource
from appraisals.views.typed import number_of
from common.errors import RuleError
from common.forms import whole_number
from common.refusals import refused
from common.selectors import countdown
from common.uploads import ACCEPT, Checked, check_upload
from people.requests import person_of, standing_in

PAGE_SIZE = 60
SHOWS = ("owed", "given", "all")


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """What I owe and have given, of the oldest month that still waits."""
    return _list(request, "")


@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest, key: str) -> HttpResponse:
    """A month's page and what is entered on it, at one address: a page with faults has working links."""
    return _save(request, key) if request.method == "POST" else _list(request, key)


def _save(request: HttpRequest, key: str) -> HttpResponse:
    """Store every row that was filled in; what can't be stored stays on the page with the reason."""
    faults: dict[int, RuleError] = {}
    saved = 0
    try:
        files = _files(request)
        rows, faults = _typed(request.POST)
        entered = enter_figures(rows, by=person_of(request), files=files) if rows else Entered()
        faults |= entered.faults
        saved = len(entered.saved)
    except Item.DoesNotExist as error:
        raise Http404 from error
    except RuleError as error:
        messages.error(request, str(error))
        return _list(request, key, typed=request.POST, status=422)
    if saved:
        messages.success(request, ngettext("已报 %(n)s 项", "已报 %(n)s 项", saved) % {"n": saved})
    if faults:
        return _list(request, key, typed=request.POST, faults=faults, status=422)
    if not saved:
        messages.info(request, _("没有填新的数，什么都没有改。"))
    return redirect(request.get_full_path())


@require_GET
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure: the versions, the files, and for its provider the correction."""
    return render(request, "appraisals/figure.html", _one(request, _item(request, pk)))


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A first figure or a correction, by the provider."""
    item = _item(request, pk)
    try:
        row = _row(request.POST, pk, _day(request.POST.get("collected_on", "")))
        entered = enter_figures([row], by=person_of(request), files=_files(request))
        if entered.faults:
            raise entered.faults[pk]
    except Item.DoesNotExist as error:
        raise Http404 from error
    except RuleError as error:
        typed = {f"typed_{name}": request.POST.get(f"{name}-{pk}", "") for name in ("value", "basis")}
        context = _one(request, item) | {"fault": str(error), **typed}
        return render(request, "appraisals/figure.html", context, status=422)
    messages.success(request, _("已保存") if entered.saved else _("和现在的数一样，没有改。"))
    return redirect("appraisals:figure", pk=pk)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """More files behind the figure that stands."""
    item = _item(request, pk)
    try:
        current = get_object_or_404(item.figures, superseded_at__isnull=True)
        add_evidence(current.pk, files=_files(request), by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=request.path.removesuffix("files/"))
    messages.success(request, _("已补原始记录"))
    return redirect("appraisals:figure", pk=pk)


@require_GET
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file behind a figure, always as a download under its own name."""
    found = get_object_or_404(evidence_files(), pk=pk)
    _item(request, found.figure.item_id)
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _item(request: HttpRequest, pk: int) -> Item:
    item = item_with_form(pk)
    if item is None or not can_view_figure(person_of(request), item, standing_in(request)):
        raise Http404
    return item


def _list(
    request: HttpRequest,
    key: str,
    *,
    typed: QueryDict | None = None,
    faults: dict[int, RuleError] | None = None,
    status: int = 200,
) -> HttpResponse:
    person, today = person_of(request), timezone.localdate()
    cycles = provider_cycles(person)
    if not cycles:
        return render(request, "appraisals/figures.html", {"cycles": []}, status=404 if key else status)
    cycle = next((one for one in cycles if one.key == key), None) if key else _current(cycles)
    if cycle is None:
        raise Http404
    owed = cycle.owed
    show = request.GET.get("show", "")
    show = show if show in SHOWS else "owed" if owed else "all"
    page = Paginator(figure_items(person, cycle, show), PAGE_SIZE).get_page(request.GET.get("page"))
    groups = _groups(page, typed, faults or {})
    lines = [line["row"] for group in groups for line in group["rows"]]
    context = {
        "cycles": cycles,
        "cycle": cycle,
        "owed": owed,
        "given": cycle.given,
        "show": show,
        "page": page,
        "query": f"show={show}",
        "groups": groups,
        "days": countdown(today, [cycle.data_due_on]),
        "today": today,
        "collected": typed.get("collected_on", "") if typed else today.isoformat(),
        "accept": ACCEPT,
        "faulty": len(faults or {}),
        "may_save": any(row.is_open and not row.is_given for row in lines),
    }
    return render(request, "appraisals/figures.html", context, status=status)


def _current(cycles: Sequence[Any]) -> Any:
    """The oldest month that still owes something, else the newest that has begun."""
    waiting = [one for one in cycles if one.owed]
    return waiting[-1] if waiting else next((one for one in cycles if one.given), cycles[0])


def _groups(page: Page[Any], typed: QueryDict | None, faults: dict[int, RuleError]) -> list[dict[str, Any]]:
    """The page's rows by indicator, each with what was typed into it and why it was refused."""
    rows = as_rows(page.object_list)
    return [
        {"name": name, "rows": [_shown(row, typed, faults) for row in group]}
        for name, group in groupby(rows, key=lambda row: row.name)
    ]


def _shown(row: FigureRow, typed: QueryDict | None, faults: dict[int, RuleError]) -> dict[str, Any]:
    pk = row.item_id
    return {
        "row": row,
        "value": typed.get(f"value-{pk}", "") if typed else "",
        "basis": typed.get(f"basis-{pk}", "") if typed else "",
        "off": bool(typed and typed.get(f"off-{pk}")),
        "fault": str(faults[pk]) if pk in faults else "",
    }


def _typed(data: QueryDict) -> tuple[list[FigureInput], dict[int, RuleError]]:
    """The rows that were filled in, and those that can't be read."""
    day, rows, faults = _day(data.get("collected_on", "")), [], {}
    for name in data:
        pk = name.removeprefix("value-")
        if not name.startswith("value-") or whole_number(pk) is None:
            continue
        if not data.get(name, "").strip() and not data.get(f"off-{pk}"):
            continue
        try:
            rows.append(_row(data, int(pk), day))
        except RuleError as error:
            faults[int(pk)] = error
    return rows, faults


def _row(data: QueryDict, pk: int, day: date) -> FigureInput:
    off = bool(data.get(f"off-{pk}"))
    return FigureInput(
        item_id=pk,
        collected_on=day,
        value=None if off else number_of(data.get(f"value-{pk}", ""), field="value"),
        is_not_applicable=off,
        basis=data.get(f"basis-{pk}", ""),
        replaces=whole_number(data.get(f"replaces-{pk}", "")),
        correction_reason=data.get("correction_reason", ""),
    )


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise RuleError(_("采集日期填成 2026-11-03 这样。"), code="bad_date", field="collected_on")
    return found


def _files(request: HttpRequest) -> list[Checked]:
    return [check_upload(file) for file in request.FILES.getlist("evidence")]


def _one(request: HttpRequest, item: Item) -> dict[str, Any]:
    history = history_of_figure(item)
    current = next((one for one in history if one.superseded_at is None), None)
    person = person_of(request)
    provides = item.provider_id == person.pk and item.form.employee_id != person.pk
    due_on = item.form.cycle.data_due_on
    return {
        "first": None if agreed_late(item.form, due_on) else history[-1:],
        "days": countdown(timezone.localdate(), [due_on]),
        "item": item,
        "form": item.form,
        "history": history,
        "current": current,
        "method": method_words(item.method, item.parameters),
        "may_write": provides
        and item.form.state in OPEN
        and item.data_source == DataSource.MANUAL
        and not item.is_not_applicable,
        "provides": provides,
        "today": timezone.localdate(),
        "accept": ACCEPT,
    }
