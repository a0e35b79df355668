"""Two versions of the monitoring standard compared, in words: what somebody reads before he publishes."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.wording import listed, short
from quality.facts.standards import FaultFacts, ItemFacts, LevelFacts, PlanFacts, StandardFacts

PLAN_WORDS = {
    "per_agent": gettext_lazy("每人每月几通"),
    "new_agent": gettext_lazy("新人每月几通"),
    "new_days": gettext_lazy("入职多少天内算新人"),
    "min_for_kpi": gettext_lazy("少于几通要提醒"),
    "pass_mark": gettext_lazy("合格线"),
    "second_share": gettext_lazy("复听比例"),
    "dispute_days": gettext_lazy("提异议期限"),
}


def changes_between(old: StandardFacts, new: StandardFacts, kinds: Mapping[int, str]) -> list[str]:
    """What ``new`` changes of ``old``, a sentence each; none where they are the same but for version and note.

    ``kinds`` names the kinds of incident by their key.
    """
    found = [*_item_changes(old.items, new.items), *_fault_changes(old.faults, new.faults, kinds)]
    found += _plan_changes(old.plan, new.plan)
    if old.total != new.total:
        found.append(_("满分合计 %(old)s → %(new)s") % {"old": short(old.total), "new": short(new.total)})
    return found


def _item_changes(old: tuple[ItemFacts, ...], new: tuple[ItemFacts, ...]) -> Iterator[str]:
    before = {item.name: item for item in old}
    after = {item.name: item for item in new}
    renamed = _renamed(before, after)
    for item in old:
        if item.name not in after and item.name not in renamed:
            yield _("去掉评分项“%(name)s”（%(points)s分）") % {"name": item.name, "points": short(item.points)}
    origin = {name: first for first, name in renamed.items()}
    for item in new:
        source = before.get(item.name) or before.get(origin.get(item.name, ""))
        if source is None:
            values = {"name": item.name, "category": item.category, "points": short(item.points)}
            yield _("新增评分项“%(name)s”（%(category)s，%(points)s分）") % values
            continue
        if source.name != item.name:
            yield _("评分项“%(old)s”改名为“%(name)s”") % {"old": source.name, "name": item.name}
        yield from _one_item(source, item)
    kept = [item.name for item in old if item.name in after]
    if kept != [item.name for item in new if item.name in before]:
        yield _("评分项的次序变了")


def _renamed(before: Mapping[str, ItemFacts], after: Mapping[str, ItemFacts]) -> dict[str, str]:
    """Old name → new name, of items that kept all their levels."""
    gone = [item for name, item in before.items() if name not in after]
    fresh = [item for name, item in after.items() if name not in before]
    found: dict[str, str] = {}
    for item in gone:
        same = next((one for one in fresh if one.levels == item.levels and one.name not in found.values()), None)
        if same is not None and item.levels:
            found[item.name] = same.name
    return found


def _one_item(old: ItemFacts, new: ItemFacts) -> Iterator[str]:
    name = {"name": new.name}
    if old.category != new.category:
        yield _("“%(name)s”的类别 %(old)s → %(new)s") % {**name, "old": old.category, "new": new.category}
    if old.points != new.points:
        yield _("“%(name)s”的满分 %(old)s → %(new)s") % {**name, "old": short(old.points), "new": short(new.points)}
    if old.may_not_apply != new.may_not_apply:
        yield (_("“%(name)s”可以不适用") if new.may_not_apply else _("“%(name)s”不能再记不适用")) % name
    if (old.name_en, old.category_en) != (new.name_en, new.category_en):
        yield _("“%(name)s”的英文名变了") % name
    yield from _level_changes(new.name, _by_points(old.levels), _by_points(new.levels))


def _level_changes(name: str, old: Mapping[Decimal, LevelFacts], new: Mapping[Decimal, LevelFacts]) -> Iterator[str]:
    gone, fresh = [points for points in old if points not in new], [points for points in new if points not in old]
    if gone:
        yield _("“%(name)s”去掉等级 %(points)s") % {"name": name, "points": listed(map(short, gone))}
    for points in fresh:
        values = {"name": name, "points": short(points), "text": new[points].description}
        yield _("“%(name)s”新增等级 %(points)s：%(text)s") % values
    for points in (points for points in new if points in old):
        values = {"name": name, "points": short(points), "text": new[points].description}
        if old[points].description != new[points].description:
            yield _("“%(name)s”等级 %(points)s 的说明改为：%(text)s") % values
        elif old[points].description_en != new[points].description_en:
            yield _("“%(name)s”等级 %(points)s 的英文说明变了") % values


def _fault_changes(old: tuple[FaultFacts, ...], new: tuple[FaultFacts, ...], kinds: Mapping[int, str]) -> Iterator[str]:
    before, after = {one.code: one for one in old}, {one.code: one for one in new}
    for fault in old:
        if fault.code not in after:
            yield _("去掉一票否决 %(code)s %(name)s") % {"code": fault.code, "name": fault.name}
    for fault in new:
        values = {
            "code": fault.code,
            "name": fault.name,
            "kind": kinds.get(fault.incident_kind_id or 0, _("不登记事故")),
        }
        was = before.get(fault.code)
        if was is None:
            yield _("新增一票否决 %(code)s %(name)s（%(kind)s）") % values
            continue
        if was.name != fault.name:
            yield _("一票否决 %(code)s 改为：%(name)s") % values
        if was.incident_kind_id != fault.incident_kind_id:
            yield _("一票否决 %(code)s 登记的事故改为：%(kind)s") % values


def _plan_changes(old: PlanFacts, new: PlanFacts) -> Iterator[str]:
    for name, words in PLAN_WORDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _("%(what)s %(old)s → %(new)s") % {"what": words, "old": short(before), "new": short(after)}


def _by_points(levels: Iterable[LevelFacts]) -> dict[Decimal, LevelFacts]:
    return {level.points: level for level in levels}
