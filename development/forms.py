"""What is typed about interviews, plans and training, read from the page; rows are numbered fields."""

from collections.abc import Iterator
from datetime import date

from django.http import QueryDict

from common.forms import whole_number
from development.services.interviews import NOTE_FIELDS, Agreed, Confirmation, Notes, Talk
from development.services.plans import Improving, PlanDraft
from development.services.training import Wanted

MOST_ROWS = 30
ITEM_FIELDS = ("what", "baseline", "target", "action", "support")


def day_in(data: QueryDict, name: str) -> date | None:
    """A date as the browser's picker sends it; None for nothing and for nonsense."""
    try:
        return date.fromisoformat(data.get(name, "").strip())
    except ValueError:
        return None


def rows_in(data: QueryDict, name: str) -> Iterator[int]:
    """The numbers of the rows that have the field ``name``-n, in order."""
    found = (whole_number(key.rpartition("-")[2]) for key in data if key.startswith(f"{name}-"))
    return iter(sorted({number for number in found if number is not None and number < MOST_ROWS}))


def talk_in(data: QueryDict) -> Talk:
    """The owner's notes; an agreed action without words is none."""
    agreed = [
        Agreed(
            text=data.get(f"agreed-{n}", ""),
            due_on=day_in(data, f"until-{n}"),
            by_owner=data.get(f"who-{n}", "") == "owner",
        )
        for n in rows_in(data, "agreed")
        if data.get(f"agreed-{n}", "").strip()
    ]
    notes = Notes(**{name: data.get(name, "") for name in NOTE_FIELDS})
    return Talk(held_on=day_in(data, "held_on"), notes=notes, agreed=agreed)


def confirmation_in(data: QueryDict) -> Confirmation:
    """The appraisee's words."""
    agreed = yes_or_no(data, "is_agreed")
    return Confirmation(own_words=data.get("own_words", ""), opinion=data.get("opinion", ""), is_agreed=agreed)


def plan_in(data: QueryDict) -> PlanDraft:
    """The owner's plan; a row without words is none."""
    items = [
        Improving(**{name: data.get(f"{name}-{n}", "") for name in ITEM_FIELDS})
        for n in rows_in(data, "what")
        if any(data.get(f"{name}-{n}", "").strip() for name in ITEM_FIELDS)
    ]
    days = [day for n in rows_in(data, "check") if (day := day_in(data, f"check-{n}")) is not None]
    length = whole_number(data.get("days", "")) or 0
    return PlanDraft(starts_on=day_in(data, "starts_on"), days=length, items=items, checkpoints=days)


def yes_or_no(data: QueryDict, name: str) -> bool | None:
    """A choice of two; None while nothing is chosen."""
    return {"yes": True, "no": False}.get(data.get(name, ""))


def wanted_in(data: QueryDict) -> Wanted:
    """A training request."""
    return Wanted(
        topic=data.get("topic", ""),
        why=data.get("why", ""),
        wanted_by=day_in(data, "wanted_by"),
        interview_id=whole_number(data.get("interview", "")),
        plan_id=whole_number(data.get("plan", "")),
    )
