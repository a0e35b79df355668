"""Write down what was said about somebody: marks the card as discussed, stands in the minutes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import record
from calibration.models import BoardNote
from calibration.services.steps import locked_place, raise_revision, refuse_stranger, refuse_unless_in, words_of
from people.models import Employee
from scoring.states import ReviewState


@transaction.atomic(durable=True)
def note_person(result_id: int, *, text: str, by: Employee) -> BoardNote:
    """Add a note in the preview or while the board is open; nothing of it is ever changed."""
    place = locked_place(result_id)
    refuse_stranger(place, by)
    refuse_unless_in(place.review, ReviewState.PREVIEW, ReviewState.OPEN)
    words = words_of(text, field="text", missing=_("写下讨论了什么。"))
    note = BoardNote(result=place, text=words, by=by, at=timezone.now())
    note.full_clean()
    note.save()
    place.is_discussed = True
    place.save(update_fields=["is_discussed"])
    raise_revision(place.review)
    record("board.noted", place, by=by, after={"text": words})
    return note
