"""What of an appeal is whose: drafts, findings, and who may not examine because he had a part in it (P6.3b)."""

from datetime import date

import pytest

from appeals.permissions import Reader, can_view_appeal, eligible_handlers, visible_appeals
from appeals.services.examining import add_finding, assign_appeal
from appeals.services.filing import withdraw_appeal
from appeals.services.further import take_further
from people.models import Employee
from people.selectors import standing_of
from people.states import Role
from scoring.services.handover import reassign_duty, take_over_duty
from tests import world
from tests.appeals.conftest import Cast, as_, drafted, examined, on, refusal, rejected, rule, submitted

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def pages(cast: Cast, pk: int) -> dict[str, int]:
    people: dict[str, Employee] = {
        "owner": cast.month.supervisor,
        "leader": cast.month.leader,
        "hr": cast.second_hr,
        "auditor": cast.auditor,
    }
    return {name: as_(one).get(f"/appeals/{pk}/").status_code for name, one in people.items()}


def test_a_draft_that_was_put_away_stays_its_authors(cast: Cast):
    appeal = drafted(cast)
    with on(10):
        withdraw_appeal(appeal.pk, by=cast.agent)
        assert set(pages(cast, appeal.pk).values()) == {404}
        assert as_(cast.agent).get(f"/appeals/{appeal.pk}/").status_code == 200
    appeal.refresh_from_db()
    for somebody in (cast.month.supervisor, cast.month.leader, cast.agent):
        reader = Reader(somebody, standing_of(somebody, date(2026, 11, 10)))
        assert can_view_appeal(reader, appeal) == visible_appeals(reader).filter(pk=appeal.pk).exists()


def test_one_that_was_handed_in_and_taken_back_is_still_read_by_the_others(cast: Cast):
    appeal = submitted(cast)
    with on(10):
        withdraw_appeal(appeal.pk, by=cast.agent)
        assert set(pages(cast, appeal.pk).values()) == {200}


def test_taking_an_appeal_back_does_not_open_what_was_found_out(cast: Cast):
    appeal = examined(cast)
    with on(11):
        add_finding(appeal.pk, text="原始记录有两处涂改", by=cast.member)
        withdraw_appeal(appeal.pk, by=cast.agent)
        for who, sees in ((cast.agent, False), (cast.month.supervisor, False), (cast.month.leader, True)):
            assert ("两处涂改" in as_(who).get(f"/appeals/{appeal.pk}/").content.decode()) is sees


@pytest.mark.parametrize("how", ["reassigned", "taken over"])
def test_whoever_was_on_duty_for_the_month_examines_nothing_of_it_even_when_the_duty_is_moved_off_him(cast: Cast, how):
    officer, appeal = cast.month.officer, submitted(cast)
    with on(11):
        if how == "reassigned":
            reassign_duty(OCTOBER, to_id=cast.other.pk, seen_id=officer.pk, reason="请假", by=cast.month.leader)
        else:
            take_over_duty(OCTOBER, seen_id=officer.pk, reason="请假", by=cast.other)
        assert officer not in eligible_handlers(appeal, date(2026, 11, 11))
        error = refusal(assign_appeal, appeal.pk, handler_id=officer.pk, by=cast.month.leader)
    assert error.code == "not_eligible"


def test_whoever_was_given_the_first_instance_is_not_given_the_second(cast: Cast):
    both = world.with_role(cast.member, Role.HR)
    appeal = examined(cast, handler=both)
    with on(11):
        appeal = assign_appeal(appeal.pk, handler_id=cast.other.pk, by=cast.month.leader)
    ruled = rule(appeal, rejected(), by=cast.other)
    with on(13):
        second = take_further(ruled.pk, reasons={ruled.items.get().pk: "再看"}, wish="", by=cast.agent)

    assert both not in eligible_handlers(second, date(2026, 11, 13))
    assert cast.second_hr in eligible_handlers(second, date(2026, 11, 13))
