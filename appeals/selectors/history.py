"""What happened to an appeal, newest first, as its reader may know it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from appeals.models import Appeal
from appeals.permissions import Reader
from appeals.states import AppealState, NoteKind
from audit.log import events_about

WORDS: dict[str, Promise] = {
    "appeal.drafted": gettext_lazy("开始写申诉"),
    "appeal.submitted": gettext_lazy("提出申诉"),
    "appeal.taken_further": gettext_lazy("向人力资源部再次申诉"),
    "appeal.assigned": gettext_lazy("分了受理人"),
    "appeal.supplement": gettext_lazy("补充"),
    "appeal.supplemented": gettext_lazy("补充"),
    "appeal.question": gettext_lazy("要求补充"),
    "appeal.finding": gettext_lazy("记下调查"),
    "appeal.withdrawn": gettext_lazy("撤回"),
    "appeal.ruled": gettext_lazy("作出裁定"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened: who, what, and the words that were said."""

    at: datetime
    who: str
    words: Promise
    said: str


def history_of(appeal: Appeal, reader: Reader) -> list[Happening]:
    """Newest first. What the handler finds out is read by the parties with the ruling, not before or without it."""
    is_over, is_own = appeal.state == AppealState.RULED, appeal.employee_id == reader.person.pk
    knows = is_over or (not is_own and (reader.sees_all or appeal.handler_id == reader.person.pk))
    hidden = set() if knows else {NoteKind.FINDING}
    notes = {note.pk: note for note in appeal.notes.all() if note.kind not in hidden}
    found = []
    for event in events_about(appeal).filter(action__in=WORDS).order_by("-pk"):
        note = (event.after or {}).get("note")
        if note is not None and note not in notes:
            continue
        said = notes[note].text if note else event.reason
        found.append(Happening(at=event.at, who=event.actor_name, words=WORDS[event.action], said=said))
    return found
