"""What is typed about an appeal, read from the form: items of a draft, rulings, reasons of the second instance."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from appeals.facts import Contestable, ItemRuling
from appeals.models import AppealItem
from appeals.services.filing import AppealDraft, Contested
from appeals.services.further import Evidence
from appeals.states import Ruling
from common.forms import whole_number
from common.uploads import Checked, check_upload
from policy.rounding import ZERO

Files = Mapping[str, Sequence[Checked]]
"""Uploaded files by the names of their fields."""
NO_FILES: Files = {}
NOT_A_NUMBER = Decimal("NaN")
"""What can't be read as a number: the service refuses it with what to do."""


def field_of(about: Contestable) -> str:
    """How the fields of a contestable thing are named in the page: by its key, which has no blank."""
    return about.key.replace(":", "-")


def draft_in(
    data: QueryDict, allowed: Mapping[str, Contestable], files: Files = NO_FILES, proven: Collection[str] = ()
) -> AppealDraft:
    """The draft as typed: what has a reason, a wish for marks or evidence is contested.

    ``proven`` are the keys of items that have files already; one of them that the page does not show stays out.
    """
    items = []
    for about in allowed.values():
        name = field_of(about)
        reason, wanted = data.get(f"reason-{name}", ""), data.get(f"wanted-{name}", "").strip()
        own = tuple(files.get(f"files-{name}", ()))
        is_proven = about.key in proven and f"reason-{name}" in data
        if reason.strip() or wanted or own or is_proven:
            grounds = data.get(f"grounds-{name}", "")
            items.append(
                Contested(key=about.key, grounds=grounds, reason=reason, wanted=_number(wanted, None), files=own)
            )
    return AppealDraft(items=tuple(items), wish=data.get("wish", ""), files=tuple(files.get("files", ())))


def files_in(files: "MultiValueDict[str, UploadedFile[bytes]]") -> dict[str, list[Checked]]:
    """The uploaded files by their fields, each looked at; ``RuleError`` for one that can't be kept."""
    return {name: [check_upload(one, field="files") for one in files.getlist(name)] for name in files}


def evidence_in(files: Files) -> Evidence:
    """The files of a second instance: of the whole, and by the item of the first."""
    of_items = {}
    for name, own in files.items():
        pk = whole_number(name.removeprefix("files-again-")) if name.startswith("files-again-") else None
        if pk is not None:
            of_items[pk] = own
    return Evidence(whole=files.get("files", ()), of_items=of_items)


def rulings_in(data: QueryDict, items: Iterable[AppealItem]) -> dict[int, ItemRuling]:
    """Item id → ruling as typed; what is rejected adds nothing, whatever stands in the field."""
    found = {}
    for item in items:
        ruling = data.get(f"ruling-{item.pk}", "")
        if ruling:
            points = _number(data.get(f"points-{item.pk}", "").strip(), ZERO)
            points = ZERO if ruling == Ruling.REJECTED or points is None else points
            found[item.pk] = ItemRuling(ruling=ruling, reason=data.get(f"why-{item.pk}", ""), points=points)
    return found


def reasons_in(data: QueryDict) -> dict[int, str]:
    """Item id of the first instance → why its ruling is contested."""
    found = {}
    for name, text in data.items():
        pk = whole_number(name.removeprefix("again-")) if name.startswith("again-") else None
        if pk is not None:
            found[pk] = str(text)
    return found


def _number(text: str, blank: Decimal | None) -> Decimal | None:
    if not text:
        return blank
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return NOT_A_NUMBER
