"""The step that fills forms with first drafts, set-based; used by opening a cycle and by drafting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisals.models import Cycle, Form, Item
from appraisals.selectors.drafts import from_last, from_library, items_before, library_for, providers_for
from appraisals.states import DraftSource
from common.db import require_transaction

BATCH = 2000  # a statement of everybody's items at once would fill the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """How many forms got a draft from where."""

    from_last: int = 0
    from_library: int = 0

    @property
    def total(self) -> int:
        return self.from_last + self.from_library


def fill_with_drafts(forms: Sequence[Form], cycle: Cycle, source: DraftSource, today: date) -> Drafted:
    """Write first items of ``forms``, which have none. Who has nothing to copy gets the library of the post."""
    require_transaction()
    if source == DraftSource.SCRATCH or not forms:
        return Drafted()
    providers = providers_for(cycle, [form.employee_id for form in forms], today)
    old = items_before(forms, cycle) if source == DraftSource.LAST else {}
    library = library_for(form.position_id for form in forms if form.pk not in old)
    items: list[Item] = []
    for form in forms:
        if form.pk in old:
            items += [from_last(item, form, providers) for item in old[form.pk]]
        else:
            items += [from_library(row, form, providers) for row in library.get(form.position_id, [])]
    Item.objects.bulk_create(items, batch_size=BATCH)
    helped = sum(1 for form in forms if form.pk not in old and library.get(form.position_id))
    return Drafted(from_last=len(old), from_library=helped)
