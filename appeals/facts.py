"""What of a result can be contested, read from its frozen snapshot, and what a ruling may give (A1, P6.3b)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from appeals.models import Appeal, AppealItem
from appeals.states import Ruling
from common.wording import points as written
from policy.events import DEDUCTION_LIMIT
from policy.facts import Entry
from policy.rounding import CENT, ZERO
from scoring.facts.snapshots import Frozen

LINE, INCIDENT, BONUS, PROCEDURE = "line", "incident", "bonus", "procedure"


class Contestable(NamedTuple):
    """One thing of a result. ``most`` is what an upheld appeal may add at the utmost, marks; None: not by points.

    ``scored`` is what it brought, ``full`` what it could have; what an incident cost is below 0. ``shared`` is the most
    that all of its kind may add together: what was cut was cut from their sum.
    """

    key: str
    kind: str
    name: str
    part: str
    scored: Decimal | None
    full: Decimal | None
    most: Decimal | None
    shared: Decimal | None = None

    @property
    def number(self) -> str:
        """The number of the incident or bonus; the key of a line."""
        return self.key.partition(":")[2]


class RefusedBonus(NamedTuple):
    """A claim of the period that was found not to hold: it stands on no form, and may be contested all the same."""

    number: str
    text: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRuling:
    """How one item is ruled; ``points`` is what it adds, marks, nothing when it is rejected."""

    ruling: str
    reason: str
    points: Decimal = ZERO


def contestable(
    frozen: Frozen, given: Mapping[str, Decimal] | None = None, refused: Iterable[RefusedBonus] = ()
) -> dict[str, Contestable]:
    """Key → every line of parts 1–4, every incident and bonus of the result, refused claims, and the procedure.

    A line may gain up to its full marks, an incident up to what it cost, a bonus up to what was cut or refused, each
    less what appeals have already ``given`` it.
    """
    given, card = given or {}, frozen.card
    found: dict[str, Contestable] = {}

    def put(key: str, name: str, part: str, scored: Decimal, full: Decimal, worth: Decimal) -> None:
        most = max(ZERO, worth - given.get(key, ZERO))
        found[key] = Contestable(key, key.partition(":")[0], name, part, scored, full, most)

    for line in card.lines:
        if line.score is not None:
            put(f"{LINE}:{line.key}", line.name, line.part, line.score, line.points, line.points - line.score)
    for event in frozen.record.incidents:
        worth = min(event.points, card.deducted)
        put(f"{INCIDENT}:{event.number}", event.text, INCIDENT, -event.points, ZERO, worth)
    cut = sum((one.points for one in card.cuts if one.reason != DEDUCTION_LIMIT), ZERO)
    for event in frozen.record.bonuses:
        put(f"{BONUS}:{event.number}", event.text, BONUS, event.points, event.points, min(event.points, cut))
    _share(found, given, INCIDENT, card.deducted)
    _share(found, given, BONUS, cut)
    for claim in refused:
        key = f"{BONUS}:{claim.number}"
        if key not in found:
            put(key, claim.text, BONUS, ZERO, claim.points, claim.points)
    found[PROCEDURE] = Contestable(PROCEDURE, PROCEDURE, _("考核程序"), PROCEDURE, None, None, None)
    return found


def _share(found: dict[str, Contestable], given: Mapping[str, Decimal], kind: str, whole: Decimal) -> None:
    """Tell all of one kind how much they may still add together."""
    keys = [key for key, one in found.items() if one.kind == kind]
    left = max(ZERO, whole - sum((given.get(key, ZERO) for key in keys), ZERO))
    for key in keys:
        found[key] = found[key]._replace(shared=left)


def ruling_faults(
    items: Iterable[AppealItem], rulings: Mapping[int, ItemRuling], allowed: Mapping[str, Contestable]
) -> dict[int, str]:
    """Item id → what is wrong with its ruling, in words; empty when everything may be ruled so."""
    faults: dict[int, str] = {}
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        about, given = allowed.get(item.key), rulings.get(item.pk)
        fault = _fault(given, about.most if about else ZERO)
        if not fault and given and about and about.shared is not None:
            sums[about.kind] += given.points
            if sums[about.kind] > about.shared:
                fault = _("同类的合计最多加%(most)s分") % {"most": written(about.shared)}
        if fault:
            faults[item.pk] = fault
    return faults


def entries_of(appeal: Appeal, items: Iterable[AppealItem], rulings: Mapping[int, ItemRuling]) -> tuple[Entry, ...]:
    """What the rulings add to the form, each under a name of its own; nothing for what is rejected."""
    entries = []
    for item in items:
        given = rulings[item.pk]
        if given.ruling != Ruling.REJECTED and given.points:
            entries.append(Entry(f"{appeal.number}:{item.pk}", given.points, f"{appeal.number} {item.name}"[:200]))
    return tuple(entries)


def _fault(given: ItemRuling | None, most: Decimal | None) -> str:
    if given is None or given.ruling not in Ruling.values:
        return _("选成立、部分成立或不成立")
    if not given.reason.strip() or len(given.reason.strip()) > 300:
        return _("写一句理由，最多300个字")
    points = given.points
    if not points.is_finite() or not 0 <= points <= 1000 or points != points.quantize(CENT):
        return _("加几分填0以上、最多两位小数")
    if given.ruling == Ruling.REJECTED or most is None:
        return _("这一项不加分") if points else ""
    if points > most:
        return _("最多加%(most)s分") % {"most": written(most)}
    # What can gain nothing more may still be found true: the record then says so.
    return _("成立的要写加几分") if most and not points else ""
