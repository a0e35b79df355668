"""What is wrong with something somebody wrote: a code, the values, a sentence in the user's words.

The sentences are Chinese message ids; the shell translates ``message`` and fills in ``values``.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators; the shell translates it when it is shown."""
    return text


MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        # scoring methods and their parameters
        "unknown_method": gettext_noop(
            "没有“%(method)s”这种评分方式。可用：达成率、反向达成率、分档、扣减、线性、直接计分。"
        ),
        "bad_pair": gettext_noop("评分参数“%(piece)s”看不懂，写成“名称=数字”，用分号隔开。"),
        "unknown_parameter": gettext_noop("%(method)s没有“%(name)s”这个参数。可用：%(allowed)s。"),
        "repeated_parameter": gettext_noop("参数“%(name)s”写了两次，只留一个。"),
        "missing_parameter": gettext_noop("%(method)s还缺参数“%(name)s”。"),
        "not_a_number": gettext_noop("“%(name)s”的值“%(value)s”不是数字。"),
        "must_be_positive": gettext_noop("“%(name)s”要大于0，现在是%(value)s。"),
        "must_not_be_negative": gettext_noop("“%(name)s”不能小于0，现在是%(value)s。"),
        "ends_meet": gettext_noop("零分和满分不能相同，现在都是%(value)s。"),
        "no_tiers": gettext_noop("分档至少写一档，例如“>=95:20”。"),
        "bad_tier": gettext_noop("分档“%(piece)s”看不懂，写成“>=95:20”或“<=3:20”。"),
        "mixed_tiers": gettext_noop("一个指标的分档只用一种比较，全用“>=”或全用“<=”。"),
        "tiers_out_of_order": gettext_noop("分档要从好到差排，分数不能越差越高：看“%(piece)s”这一档。"),
        "no_parameters": gettext_noop("直接计分不用参数，把“%(text)s”删掉。"),
        "tier_above_points": gettext_noop("分档里的%(value)s分高于这一项的%(points)s分。"),
        "score_out_of_range": gettext_noop("得分要在0到%(points)s之间，现在是%(value)s。"),
        # weights of a form
        "weight_not_positive": gettext_noop("“%(name)s”的权重要大于0，现在是%(value)s。"),
        "weights_do_not_fill": gettext_noop("%(part)s的权重合计要%(wanted)s，现在是%(found)s，%(word)s%(gap)s。"),
        "part_not_for_class": gettext_noop("非管理岗位不考核%(part)s，把“%(name)s”移走。"),
        "repeated_item": gettext_noop("“%(name)s”出现了两次，改个名称或合并。"),
        "unknown_part": gettext_noop("没有“%(part)s”这一部分。"),
        # the scheme
        "unknown_field": gettext_noop("方案里没有“%(name)s”这一项。"),
        "bad_value": gettext_noop("方案“%(name)s”的值“%(value)s”不能用。"),
        "out_of_range": gettext_noop("方案“%(name)s”要在%(low)s到%(high)s之间，现在是%(value)s。"),
        "shares_not_whole": gettext_noop("方案“%(name)s”合计要%(wanted)s，现在是%(found)s。"),
        "unknown_choice": gettext_noop("方案“%(name)s”只能是%(allowed)s，现在是“%(value)s”。"),
        "repeated_code": gettext_noop("方案“%(name)s”里“%(code)s”出现了两次。"),
    }
)


class Problem(NamedTuple):
    """One fault: ``code`` for programs and tests, ``values`` to fill into ``message``."""

    code: str
    values: Mapping[str, str] = MappingProxyType({})

    @property
    def message(self) -> str:
        """The sentence with its placeholders, as the translators know it."""
        return MESSAGES[self.code]

    def __str__(self) -> str:
        return self.message % self.values


class PolicyError(ValueError):
    """Raised where a value was expected to be sound; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))
