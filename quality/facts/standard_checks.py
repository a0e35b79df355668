"""What is wrong with a version of the monitoring standard: said all at once, in the language of the page."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from common.wording import listed, short
from quality.facts.standards import ItemFacts, LevelFacts, StandardFacts
from quality.models import FatalFault, Rubric, RubricItem, RubricLevel

USUAL_TOTAL = Decimal(100)
"""What the items' full marks add up to as a rule (A2); another sum is allowed once somebody has said so."""
MOST_POINTS = Decimal(1000)
_CENT = Decimal("0.01")


def storing_problems(facts: StandardFacts) -> list[str]:
    """Why it can't be kept so even as a draft: without a name, named twice, too long, or no number of points."""
    found = [*_name_problems(facts)]
    found += _text_problems(Rubric, facts.version, {"version": facts.version, "note": facts.note})
    for item in facts.items:
        found += _item_texts(item)
        found += _amount_problems(item)
    for fault in facts.faults:
        texts = {"code": fault.code, "name": fault.name, "name_en": fault.name_en}
        found += _text_problems(FatalFault, fault.code, texts)
    return list(dict.fromkeys(found))


def publishing_problems(facts: StandardFacts) -> list[str]:
    """Everything that still has to be put right before calls can be scored by it."""
    found = [] if facts.items else [_("还没有评分项。")]
    for item in facts.items:
        found += _level_problems(item)
    if facts.plan.pass_mark > facts.total:
        values = {"mark": short(facts.plan.pass_mark), "total": short(facts.total)}
        found.append(_("合格线 %(mark)s 高过满分合计 %(total)s。") % values)
    if not facts.plan.dispute_days:
        found.append(_("提异议期限至少 1 个工作日。"))
    return found


def is_unusual(facts: StandardFacts) -> bool:
    """Whether the full marks add up to something else than 100."""
    return facts.total != USUAL_TOTAL


def _name_problems(facts: StandardFacts) -> Iterator[str]:
    if not facts.version:
        yield _("写上版本。")
    for number, item in enumerate(facts.items, start=1):
        if not item.name:
            yield _("第 %(n)s 项没有名称。") % {"n": number}
        if not item.category:
            yield _("“%(name)s”所在的类别没有名称。") % {"name": item.name or number}
    for number, fault in enumerate(facts.faults, start=1):
        if not fault.code or not fault.name:
            yield _("第 %(n)s 条一票否决要有代码和名称。") % {"n": number}
    yield from _written_twice(facts)


def _written_twice(facts: StandardFacts) -> Iterator[str]:
    for name in _twice(item.name for item in facts.items):
        yield _("评分项“%(name)s”写了两次。") % {"name": name}
    for code in _twice(fault.code for fault in facts.faults):
        yield _("一票否决代码“%(name)s”用了两次。") % {"name": code}
    for item in facts.items:
        for points in _twice(short(level.points) for level in item.levels):
            yield _("“%(name)s”的等级 %(points)s 写了两次。") % {"name": item.name, "points": points}


def _item_texts(item: ItemFacts) -> Iterator[str]:
    texts = {name: getattr(item, name) for name in ("category", "category_en", "name", "name_en")}
    yield from _text_problems(RubricItem, item.name, texts)
    for level in item.levels:
        texts = {"description": level.description, "description_en": level.description_en}
        yield from _text_problems(RubricLevel, item.name, texts)


def _text_problems(
    model: type[Rubric | RubricItem | RubricLevel | FatalFault], where: str, texts: dict[str, str]
) -> Iterator[str]:
    for name, text in texts.items():
        most = getattr(model._meta.get_field(name), "max_length", None)
        if most is not None and len(text) > most:
            head = f"{where[:20]}…" if len(where) > 20 else where
            yield _("“%(name)s”里有一处文字太长，最多 %(n)s 个字。") % {"name": head, "n": most}


def _amount_problems(item: ItemFacts) -> Iterator[str]:
    for points in (item.points, *(level.points for level in item.levels)):
        if not points.is_finite() or not 0 <= points <= MOST_POINTS or points != points.quantize(_CENT):
            values = {"name": item.name, "points": f"{points}", "most": short(MOST_POINTS)}
            yield _("“%(name)s”的分数 %(points)s 不行：填 0 到 %(most)s，最多两位小数。") % values


def _level_problems(item: ItemFacts) -> Iterator[str]:
    values = {"name": item.name, "full": short(item.points)}
    if item.points <= 0:
        yield _("“%(name)s”的满分要大于 0。") % values
        return
    given = {level.points for level in item.levels}
    beyond = sorted(points for points in given if not 0 <= points <= item.points)
    if beyond:
        values["points"] = listed(short(points) for points in beyond)
        yield _("“%(name)s”的等级 %(points)s 不在 0 到满分 %(full)s 之间。") % values
    if item.points not in given:
        yield _("“%(name)s”少一个等于满分 %(full)s 的等级。") % values
    if Decimal(0) not in given:
        yield _("“%(name)s”少一个 0 分的等级。") % values
    mute = _mute(item.levels)
    if mute:
        yield _("“%(name)s”的等级 %(points)s 没有说明。") % {**values, "points": listed(mute)}


def _mute(levels: Iterable[LevelFacts]) -> list[str]:
    return [short(level.points) for level in levels if not level.description]


def _twice(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1 and word]
