"""The library of each post."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from appraisals.forms.targets import LibraryForm, library_initial
from appraisals.models import LibraryItem
from appraisals.permissions import can_edit_library
from appraisals.selectors.libraries import library_parts, library_posts
from appraisals.services.library import (
    confirm_library_item,
    confirm_library_of,
    save_library_item,
    set_library_item_active,
)
from appraisals.states import Part
from common.errors import RuleError
from common.refusals import refused
from people.models import Position
from people.requests import person_of, standing_in


@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """One post's ready-made targets by part, each with where it comes from."""
    posts = library_posts()
    post = _post(posts, request.GET.get("post", ""))
    parts = library_parts(post) if post else []
    context = {
        "posts": posts,
        "post": post,
        "parts": parts,
        "open_defaults": sum(part.to_confirm for part in parts),
        "can_edit": can_edit_library(standing_in(request)),
    }
    return render(request, "appraisals/library.html", context)


@require_GET
def library_item(request: HttpRequest, code: str, pk: int = 0) -> HttpResponse:
    """The sheet of one item, or an empty one (``?part=``)."""
    post, item = _sheet_of(request, code, pk)
    part = request.GET.get("part", Part.KPI)
    initial = library_initial(item) if item else {"part": part if part in Part.values else Part.KPI}
    return _sheet(request, post, item, LibraryForm(initial=initial))


@require_POST
def save_item(request: HttpRequest, code: str, pk: int = 0) -> HttpResponse:
    """Store the sheet."""
    post, item = _sheet_of(request, code, pk)
    form = LibraryForm(request.POST)
    if form.is_valid():
        try:
            save_library_item(pk or None, position_id=post.pk, facts=form.facts(), by=person_of(request))
        except RuleError as error:
            form.add_error(None, " ".join([str(error), *error.problems]))
        else:
            messages.success(request, _("已保存 %(name)s") % {"name": form.cleaned_data["name"]})
            return redirect(_library_of(code))
    return _sheet(request, post, item, form, status=422)


@require_POST
def item_act(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Confirm a default, take an item out of use, or back."""
    _post_found, _item = _sheet_of(request, code, pk)
    person, act = person_of(request), request.POST.get("act", "")
    try:
        if act == "confirm":
            confirm_library_item(pk, by=person)
        elif act in {"on", "off"}:
            set_library_item_active(pk, is_active=act == "on", by=person)
        else:
            raise Http404
    except RuleError as error:
        return refused(request, error, back=_library_of(code))
    return redirect(_library_of(code))


@require_POST
def confirm_all(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm every default of a post."""
    post, _item = _sheet_of(request, code, 0)
    try:
        count = confirm_library_of(post.pk, by=person_of(request))
    except RuleError as error:
        return refused(request, error, back=_library_of(code))
    messages.success(request, ngettext("已确认 %(n)s 项", "已确认 %(n)s 项", count) % {"n": count})
    return redirect(_library_of(code))


def _post(posts: list[Position], code: str) -> Position | None:
    if not code:
        return posts[0] if posts else None
    found = next((post for post in posts if post.code == code), None)
    if found is None:
        raise Http404
    return found


def _sheet_of(request: HttpRequest, code: str, pk: int) -> tuple[Position, LibraryItem | None]:
    if not can_edit_library(standing_in(request)):
        raise PermissionDenied
    post = _post(library_posts(), code)
    if post is None:
        raise Http404
    return post, get_object_or_404(post.library.all(), pk=pk) if pk else None


def _sheet(
    request: HttpRequest, post: Position, item: LibraryItem | None, form: LibraryForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"post": post, "item": item, "form": form}
    return render(request, "appraisals/library_item.html", context, status=status)


def _library_of(code: str) -> str:
    return f"{reverse('appraisals:library')}?post={code}"
