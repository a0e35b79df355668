"""Steps that several services share: lock a form, check a move against the table, make it. Each needs a transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisals.models import Form
from appraisals.permissions import hats_on
from appraisals.services.telling import tell_of_moves
from appraisals.states import FormState
from appraisals.workflow import Hat, Move, Piece, may_edit, move_named
from audit.log import record, record_many
from common.db import require_transaction
from common.errors import ConflictError, RuleError
from people.facts import Standing, SystemActor
from people.models import Employee
from people.selectors import standing_of

Actor = Employee | SystemActor

STAMPS = {
    "submit_targets": "targets_submitted_at",
    "approve_targets": "targets_approved_at",
    "confirm_targets": "confirmed_at",
    "submit_self": "self_submitted_at",
    "submit_review": "reviewed_at",
}
DONE_ALREADY = gettext_lazy("这张表已经往前走了，刷新这一页看看。")


def locked_form(form_id: int) -> Form:
    """The form, locked until the service ends, with what the checks read."""
    require_transaction()
    return Form.objects.select_for_update(of=("self",)).select_related(*_READ).get(pk=form_id)


def locked_forms(form_ids: Iterable[int]) -> list[Form]:
    """As ``locked_form`` for many, in one statement and always in the same order."""
    require_transaction()
    forms = Form.objects.select_for_update(of=("self",)).select_related(*_READ)
    return list(forms.filter(pk__in=list(form_ids)).order_by("pk"))


_READ = ("cycle__scheme", "employee", "owner", "position")


def standing_for(by: Actor, now: datetime) -> Standing | None:
    """The acting person's standing, read once for a batch; the command line has none."""
    return None if isinstance(by, SystemActor) else standing_of(by, timezone.localdate(now))


def checked_move(form: Form, name: str, hats: frozenset[Hat], reason: str = "") -> Move:
    """The move ``name`` if the table allows it here and now to somebody wearing ``hats``."""
    move = move_named(name, form.state, managerial=form.is_managerial)
    if move is None:
        raise RuleError(DONE_ALREADY, code="move_not_allowed")
    if not move.by & hats:
        raise RuleError(_("这一步不归你做。"), code="not_allowed")
    if move.needs_reason and not reason.strip():
        raise RuleError(_("写一句原因，对方看得到。"), code="reason_missing", field="reason")
    return move


def check_edit(form: Form, piece: Piece, by: Actor) -> None:
    """Whether ``by`` may write ``piece`` of the form now."""
    hats = hats_on(form, by)
    if may_edit(piece, form.state, hats):
        return
    if any(may_edit(piece, state, hats) for state in FormState.values):
        raise RuleError(
            _("这张表现在是“%(state)s”，这里不能改。") % {"state": form.get_state_display()}, code="not_now"
        )
    raise RuleError(_("这里不归你改。"), code="not_allowed")


def check_version(form: Form, version: int | None) -> None:
    """Refuse a writer who has not seen the last change."""
    if version is not None and version != form.version:
        words = _("这张表刚被改过，你填的还没有存。刷新后再改。")
        raise ConflictError(words, theirs=_("第 %(n)s 版") % {"n": form.version})


def make_move(form: Form, move: Move, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Move one form, record it, and tell those it concerns."""
    before = form.state
    changed = _advance(form, move, now)
    form.full_clean()
    form.save(update_fields=changed)
    record(f"form.{move.name}", form, by=by, before={"state": before}, after={"state": form.state}, reason=reason)
    tell_of_moves([(form, move)], by=by)


def make_moves(moved: Sequence[tuple[Form, Move]], *, by: Actor, now: datetime, reason: str = "") -> None:
    """Move many forms by the same act: a constant number of statements per batch."""
    if not moved:
        return
    rows = []
    changed: list[str] = []
    for form, move in moved:
        before = form.state
        changed = _advance(form, move, now)
        rows.append((form, {"state": before}, {"state": form.state}))
    Form.objects.bulk_update([form for form, _move in moved], changed)
    record_many(f"form.{moved[0][1].name}", rows, by=by, reason=reason)
    tell_of_moves(moved, by=by)


def _advance(form: Form, move: Move, now: datetime) -> list[str]:
    form.state = move.target
    form.version += 1
    changed = ["state", "version"]
    stamp = STAMPS.get(move.name)
    if stamp:
        setattr(form, stamp, now)
        changed.append(stamp)
    return changed
