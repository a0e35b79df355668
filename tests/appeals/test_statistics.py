"""The statistics of appeals: an item counts once, by its last outcome (P6.3b)."""

import pytest

from appeals.facts import ItemRuling
from appeals.models import Appeal
from appeals.selectors.statistics import Tally, statistics_of
from appeals.services.examining import assign_appeal
from appeals.services.filing import submit_appeal, withdraw_appeal
from appeals.services.further import take_further
from tests.appeals.conftest import Cast, contested, drafted, examined, on, rejected, rule, ruled, submitted, upheld

pytestmark = pytest.mark.django_db


def whole() -> tuple[int, int, int, int]:
    told: Tally = statistics_of(2026).whole
    return told.filed, told.further, told.ruled, told.upheld


def taken_further(cast: Cast, first: Appeal) -> Appeal:
    with on(13):
        reasons = {item.pk: "再看" for item in first.items.exclude(ruling="upheld")}
        second = take_further(first.pk, reasons=reasons, wish="", by=cast.agent)
        return assign_appeal(second.pk, handler_id=cast.second_hr.pk, by=cast.month.hr)


def test_an_item_taken_further_counts_once_by_its_last_outcome(cast: Cast):
    first = rule(examined(cast, contested(cast.result), contested(cast.result, "接通率")), upheld(), rejected())
    assert whole() == (2, 0, 2, 1)

    second = taken_further(cast, first)
    assert whole() == (2, 1, 2, 1)  # what the first instance has ruled stands until the second does

    rule(second, upheld("1"), by=cast.second_hr, day=16)
    assert whole() == (2, 1, 2, 2)
    assert sorted((row.name, row.filed, row.further) for row in statistics_of(2026).by_indicator) == [
        ("差错", 1, 0),
        ("接通率", 1, 1),
    ]


def test_what_was_upheld_in_part_stays_so_when_the_second_instance_gives_nothing_more(cast: Cast):
    partly = ItemRuling(ruling="partly", reason="少算一部分", points=upheld("1").points)
    second = taken_further(cast, ruled(cast, partly))
    rule(second, rejected(), by=cast.second_hr, day=16)

    assert whole() == (1, 1, 1, 1)


def test_an_item_withdrawn_and_contested_again_counts_once(cast: Cast):
    appeal = submitted(cast)
    with on(11):
        withdraw_appeal(appeal.pk, by=cast.agent)
    assert whole() == (1, 0, 0, 0)
    again = drafted(cast, day=11)
    with on(11):
        submit_appeal(again.pk, by=cast.agent)
    assert whole() == (1, 0, 0, 0)
