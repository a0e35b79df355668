"""Incidents from filing to the form: who may and who may not, when, for how many points."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from audit.models import Event
from common.uploads import check_upload
from incidents.models import EventRules, Incident, IncidentKind, Involvement
from incidents.permissions import Judge
from incidents.selectors.hints import hints_for
from incidents.services.filing import (
    IncidentDraft,
    Share,
    add_incident_files,
    confirm_involvement,
    file_incident,
    overturn_involvement,
    reject_involvement,
    rejudge_involvement,
    state_view,
    withdraw_incident,
)
from incidents.states import EventState
from notices.models import Message
from people.models import ReportingLine
from people.selectors import standing_of
from tests import world
from tests.incidents.conftest import DAY, confirmed, draft, kind, on, refusal, share_of

pytestmark = pytest.mark.django_db


def severity_of(share: Involvement) -> str:
    """The code of the severity a share was judged by."""
    assert share.severity is not None
    return share.severity.code


# ---- filing


@pytest.mark.parametrize("who", ["finder", "agent", "stranger", "boss", "auditor"])
def test_anybody_files_even_about_himself(cast, who):
    by = getattr(cast, who)

    made = file_incident(draft(cast.agent), by=by)

    assert (made.number, made.found_by, made.filed_by) == ("BL-2026-0001", by, by)
    assert share_of(made, cast.agent).state == EventState.FILED


def test_numbers_run_by_year_and_go_on_past_those_of_another_form(cast, incident):
    Incident.objects.filter(pk=incident.pk).update(number="BL-2026-10000")
    for number in ("SG-2026-99999", "BL-2026-X7"):
        Incident.objects.create(number=number, occurred_on=DAY, description="旧单", found_by=cast.boss)

    assert file_incident(draft(cast.agent, description="晚交"), by=cast.boss).number == "BL-2026-10001"


def test_several_people_share_one_incident_with_points_of_their_own(cast, shared):
    assert shared.number == "BL-2026-0001"
    points = [share_of(shared, one).filed_points for one in (cast.agent, cast.mate, cast.stranger)]
    assert points == [5, 3, 4]


def test_points_left_out_are_those_of_the_standard(cast):
    made = file_incident(draft(cast.agent, kind_id=kind("I09").pk), by=cast.finder)

    assert share_of(made, cast.agent).points == 5


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"occurred_on": date(2999, 1, 1)}, "in_the_future"),
        ({"description": " "}, "text_missing"),
        ({"description": "长" * 501}, "too_long"),
        ({"place": "长" * 81}, "too_long"),
        ({"people": ()}, "nobody_concerned"),
        ({"people": (Share(10**9),)}, "not_employed"),
        ({"found_by_id": 10**9}, "unknown_person"),
        ({"kind_id": 10**9}, "kind_unknown"),
        ({"kind_id": None}, "points_missing"),
    ],
)
def test_a_record_must_make_sense(cast, facts, code):
    told = {"kind_id": kind().pk, "occurred_on": DAY, "description": "漏记", "people": (Share(cast.agent.pk),)}

    assert refusal(file_incident, IncidentDraft(**told | facts), by=cast.finder) == code
    assert not Incident.objects.exists()


@pytest.mark.parametrize("points", ["0", "0.001", "NaN", "101", "0.99", "2.01", "-1"])
def test_points_outside_the_severity_are_not_filed(cast, points):
    assert refusal(file_incident, draft(cast.agent, points=points), by=cast.finder) == "out_of_range"


@pytest.mark.parametrize("points", ["1", "1.5", "2"])
def test_points_within_the_severity_are(cast, points):
    assert share_of(file_incident(draft(cast.agent, points=points), by=cast.finder), cast.agent).points == Decimal(
        points
    )


def test_who_is_named_twice_or_did_not_work_here_that_day_is_refused(cast):
    gone = world.person("离职", left_on=date(2026, 10, 12))
    new = world.person("新来", hired_on=date(2026, 10, 14))

    assert refusal(file_incident, draft(cast.agent, cast.agent), by=cast.finder) == "twice_the_same"
    assert refusal(file_incident, draft(gone), by=cast.finder) == "not_employed"
    assert refusal(file_incident, draft(new), by=cast.finder) == "not_employed"
    last_day = draft(gone, occurred_on=date(2026, 10, 12))
    assert file_incident(last_day, by=cast.finder).number == "BL-2026-0001"


def test_an_entry_out_of_use_is_not_filed_by_hand(cast):
    IncidentKind.objects.filter(code="I08").update(is_active=False)

    assert refusal(file_incident, draft(cast.agent), by=cast.finder) == "kind_unknown"
    assert file_incident(draft(cast.agent, origin="录音 C-1"), by=cast.finder).origin == "录音 C-1"


def test_a_second_tap_files_nothing_but_another_incident_is_filed(cast):
    with on(13):
        file_incident(draft(cast.agent), by=cast.finder)
        assert refusal(file_incident, draft(cast.agent), by=cast.finder) == "just_filed"
        file_incident(draft(cast.mate), by=cast.finder)
        file_incident(draft(cast.agent), by=cast.boss)
        file_incident(draft(cast.agent, description="又漏一张"), by=cast.finder)

    assert Incident.objects.count() == 4


# ---- the person's view


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (date(2026, 10, 13), date(2026, 10, 15)),
        (date(2026, 10, 16), date(2026, 10, 20)),  # a Friday: Monday and Tuesday
        (date(2026, 10, 9), date(2026, 10, 12)),  # Saturday the 10th makes up for the National Day week
        (date(2026, 2, 12), date(2026, 2, 14)),  # Friday, and Saturday the 14th is worked before Spring Festival
        (date(2026, 2, 13), date(2026, 2, 24)),  # the 14th, then the first day after the festival
    ],
)
def test_a_view_is_awaited_for_two_working_days(cast, filed, due):
    with on(filed.day, month=filed.month):
        made = file_incident(draft(cast.agent, occurred_on=date(2026, 2, 1)), by=cast.finder)

    assert share_of(made, cast.agent).statement_due_on == due


def test_the_term_is_that_of_the_rules_on_the_day_of_filing_account_or_not(cast):
    EventRules.objects.create(version="2.0", starts_on=date(2026, 10, 14), statement_days=5)
    nobody = world.person("没有账号", superior=cast.boss)

    with on(13):
        early = file_incident(draft(nobody), by=cast.finder)
    with on(14):
        later = file_incident(draft(nobody), by=cast.finder)

    assert share_of(early, nobody).statement_due_on == date(2026, 10, 15)
    assert share_of(later, nobody).statement_due_on == date(2026, 10, 21)


def test_without_any_rules_it_is_two_days(cast):
    EventRules.objects.all().delete()
    with on(13):
        made = file_incident(draft(cast.agent), by=cast.finder)

    assert share_of(made, cast.agent).statement_due_on == date(2026, 10, 15)


@pytest.mark.parametrize("text", ["系统卡住了", ""])
def test_the_person_states_a_view_or_that_there_is_none_once(cast, incident, text):
    share = share_of(incident, cast.agent)

    state_view(share.pk, text=text, by=cast.agent)

    share.refresh_from_db()
    assert share.statement == text
    assert share.stated_at is not None
    assert refusal(state_view, share.pk, text="再说一句", by=cast.agent) == "already_stated"


@pytest.mark.parametrize("who", ["boss", "finder", "mate", "manager", "stranger"])
def test_nobody_states_a_view_for_another(cast, incident, who):
    assert refusal(state_view, share_of(incident, cast.agent).pk, text="x", by=getattr(cast, who)) == "not_allowed"


def test_a_late_view_is_heard_until_it_is_decided(cast, incident):
    share = share_of(incident, cast.agent)
    with on(20):
        state_view(share.pk, text="休假才看到", by=cast.agent)
        confirm_involvement(share.pk, by=cast.boss)

    stated = Event.objects.get(action="incident.stated")
    assert stated.after is not None
    assert stated.after["late"] is True


def test_what_is_decided_is_not_argued_with_here(cast, incident):
    share = share_of(incident, cast.agent)
    reject_involvement(share.pk, reason="系统故障", by=cast.boss)

    assert refusal(state_view, share.pk, text="x", by=cast.agent) == "not_allowed"


# ---- verifying


@pytest.mark.parametrize("who", ["boss", "member", "manager"])
def test_a_neutral_person_confirms_what_has_been_answered(cast, incident, who):
    share = share_of(incident, cast.agent)
    state_view(share.pk, text="", by=cast.agent)

    done = confirm_involvement(share.pk, by=getattr(cast, who))

    assert (done.state, done.points) == (EventState.CONFIRMED, Decimal(2))
    assert (severity_of(done), done.repeats) == ("L1", 0)
    assert done.verified_by == getattr(cast, who)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("finder", "not_neutral"),
        ("agent", "not_neutral"),
        ("mate", "not_allowed"),
        ("other_boss", "not_allowed"),
        ("stranger", "not_allowed"),
        ("auditor", "not_allowed"),
        ("hr", "not_allowed"),
    ],
)
def test_finder_and_concerned_and_strangers_do_not_verify(cast, incident, who, code):
    share = share_of(incident, cast.agent)
    with on(20):
        assert refusal(confirm_involvement, share.pk, by=getattr(cast, who)) == code
        assert refusal(reject_involvement, share.pk, reason="x", by=getattr(cast, who)) == code
    share.refresh_from_db()
    assert share.state == EventState.FILED


def test_filing_it_for_another_finder_makes_nobody_neutral(cast):
    made = file_incident(draft(cast.agent, found_by_id=cast.member.pk), by=cast.boss)
    share = share_of(made, cast.agent)
    state_view(share.pk, text="", by=cast.agent)

    for interested in (cast.boss, cast.member):
        assert refusal(confirm_involvement, share.pk, by=interested) == "not_neutral"
    assert confirm_involvement(share.pk, by=cast.manager).state == EventState.CONFIRMED


def test_who_is_concerned_verifies_no_part_of_it_not_even_anothers(cast):
    made = file_incident(draft(cast.agent, cast.boss), by=cast.finder)
    share = share_of(made, cast.agent)
    state_view(share.pk, text="", by=cast.agent)

    assert refusal(confirm_involvement, share.pk, by=cast.boss) == "not_neutral"
    assert refusal(reject_involvement, share.pk, reason="护短", by=cast.boss) == "not_neutral"


def test_the_superior_of_that_day_verifies_not_the_one_of_today(cast, incident):
    cast.agent.lines_up.update(ends_before=date(2026, 10, 20))
    ReportingLine.objects.create(employee=cast.agent, superior=cast.other_boss, starts_on=date(2026, 10, 20))
    share = share_of(incident, cast.agent)

    assert refusal(confirm_involvement, share.pk, by=cast.other_boss) == "not_allowed"
    assert confirm_involvement(share.pk, by=cast.boss).verified_by == cast.boss


def test_it_is_confirmed_after_the_view_or_the_term_and_not_before(cast, incident):
    share = share_of(incident, cast.agent)
    with on(15, hour=23):
        assert refusal(confirm_involvement, share.pk, by=cast.boss) == "view_pending"
    with on(16, hour=0):
        assert confirm_involvement(share.pk, by=cast.boss).state == EventState.CONFIRMED


def test_it_is_turned_down_at_any_time_with_a_reason_once(cast, incident):
    share = share_of(incident, cast.agent)
    with on(13, hour=11):
        assert refusal(reject_involvement, share.pk, reason=" ", by=cast.boss) == "reason_missing"
        assert reject_involvement(share.pk, reason="系统故障", by=cast.boss).state == EventState.REJECTED
    assert refusal(confirm_involvement, share.pk, by=cast.boss) == "not_allowed"


def test_each_share_is_decided_by_itself(cast, shared):
    confirm_involvement(share_of(shared, cast.agent).pk, by=cast.boss)
    reject_involvement(share_of(shared, cast.mate).pk, reason="只是旁听", by=cast.boss)

    assert refusal(confirm_involvement, share_of(shared, cast.stranger).pk, by=cast.boss) == "not_allowed"
    states = [share_of(shared, one).state for one in (cast.agent, cast.mate, cast.stranger)]
    assert states == ["confirmed", "rejected", "filed"]


# ---- points


def test_other_points_within_the_range_take_a_reason(cast, incident):
    share = share_of(incident, cast.agent)

    assert refusal(confirm_involvement, share.pk, points=Decimal(1), by=cast.boss) == "reason_missing"
    done = confirm_involvement(share.pk, points=Decimal(1), reason="当天补记", by=cast.boss)

    assert (done.points, done.filed_points, done.decision_reason) == (Decimal(1), Decimal(2), "当天补记")


@pytest.mark.parametrize("points", ["0.99", "2.01", "0", "1.005", "NaN"])
def test_points_out_of_the_range_are_refused_whatever_the_reason(cast, incident, points):
    share = share_of(incident, cast.agent)

    assert refusal(confirm_involvement, share.pk, points=Decimal(points), reason="x", by=cast.boss) == "out_of_range"


def test_a_record_without_an_entry_may_cost_anything_up_to_a_hundred(cast):
    made = file_incident(draft(cast.agent, kind_id=None, points="37.5"), by=cast.finder)
    share = share_of(made, cast.agent)
    state_view(share.pk, text="", by=cast.agent)

    assert refusal(confirm_involvement, share.pk, points=Decimal("100.01"), reason="x", by=cast.boss) == "out_of_range"
    done = confirm_involvement(share.pk, by=cast.boss)
    assert (done.points, done.severity) == (Decimal("37.5"), None)


# ---- repetition


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2025, 10, 12), False),
        (date(2025, 10, 13), True),
        (date(2026, 10, 12), True),
        (date(2026, 10, 13), False),  # recorded after it on the same day
    ],
)
def test_the_second_of_a_kind_within_twelve_months_is_judged_one_severity_up(cast, incident, day, counts):
    confirmed(cast.agent, cast.boss, cast.finder, day)

    done = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss)

    expected = (1, "L2", Decimal(3)) if counts else (0, "L1", Decimal(2))
    assert (done.repeats, severity_of(done), done.points) == expected


@pytest.mark.parametrize(
    ("first_at", "second_at", "repeats"),
    [
        (None, None, (0, 1)),
        (time(9), time(15), (0, 1)),
        (time(15), time(9), (1, 0)),
        (None, time(15), (1, 0)),  # without a time it comes after those with one
    ],
)
def test_of_two_on_one_day_the_later_is_the_repetition_whichever_is_confirmed_first(cast, first_at, second_at, repeats):
    with on(13):
        told = ({"occurred_time": first_at}, {"occurred_time": second_at, "description": "又漏一张"})
        first, second = (
            share_of(file_incident(draft(cast.agent, **facts), by=cast.finder), cast.agent) for facts in told
        )
    with on(20):
        confirm_involvement(second.pk, by=cast.boss)
        confirm_involvement(first.pk, by=cast.boss)
        if repeats[1]:
            rejudge_involvement(second.pk, by=cast.boss)  # the earlier one came in after it

    for share, times in zip((first, second), repeats, strict=True):
        share.refresh_from_db()
        assert (share.repeats, severity_of(share)) == (times, "L2" if times else "L1")


def test_a_record_that_several_share_repeats_nothing_for_any_of_them(cast, shared):
    with on(20):
        for person in (cast.agent, cast.mate):
            assert confirm_involvement(share_of(shared, person).pk, by=cast.boss).repeats == 0


def test_whoever_files_a_second_one_of_the_day_is_told_that_it_is_one(cast):
    confirmed(cast.agent, cast.boss, cast.finder, DAY)
    judge = Judge(cast.boss, standing_of(cast.boss, DAY))

    (hint,) = hints_for(judge, [cast.agent], DAY, kind())

    assert hint.judgement is not None
    assert hint.judgement.time == 2


def test_only_confirmed_ones_of_the_same_person_and_kind_are_repetition(cast, incident):
    day = date(2026, 9, 1)
    confirmed(cast.mate, cast.boss, cast.finder, day)
    confirmed(cast.agent, cast.boss, cast.finder, day, code="I15")
    for state in ("filed", "rejected", "withdrawn", "overturned"):
        row = confirmed(cast.agent, cast.boss, cast.finder, day)
        Involvement.objects.filter(pk=row.pk).update(state=state)

    assert confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss).repeats == 0


def test_a_moved_incident_keeps_to_the_range_it_moved_to(cast, incident):
    confirmed(cast.agent, cast.boss, cast.finder, date(2026, 9, 1))
    share = share_of(incident, cast.agent)

    assert refusal(confirm_involvement, share.pk, points=Decimal(2), reason="x", by=cast.boss) == "out_of_range"
    assert refusal(confirm_involvement, share.pk, points=Decimal(5), by=cast.boss) == "reason_missing"
    assert severity_of(confirm_involvement(share.pk, points=Decimal(5), reason="影响大", by=cast.boss)) == "L2"


def test_the_third_time_moves_no_further_and_the_gravest_stays(cast):
    for day in (date(2026, 8, 1), date(2026, 9, 1)):
        confirmed(cast.agent, cast.boss, cast.finder, day)
        confirmed(cast.agent, cast.boss, cast.finder, day, code="I26")
    for code, severity, points in (("I08", "L2", Decimal(3)), ("I26", "L4", Decimal(20))):
        with on(13):
            share = share_of(file_incident(draft(cast.agent, kind_id=kind(code).pk), by=cast.finder), cast.agent)
        with on(20):
            done = confirm_involvement(share.pk, by=cast.boss)
        assert (severity_of(done), done.points, done.repeats) == (severity, points, 2)


@pytest.mark.parametrize(("rules", "repeats"), [({"repeat_moves_up": False}, 1), ({"repeat_months": 0}, 0)])
def test_the_rules_may_count_without_moving_or_not_look_back(cast, incident, rules, repeats):
    EventRules.objects.update(**rules)
    confirmed(cast.agent, cast.boss, cast.finder, date(2026, 9, 1))

    done = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss)

    assert (done.repeats, severity_of(done), done.points) == (repeats, "L1", Decimal(2))


# ---- taken back, overturned


def test_the_filer_takes_a_record_back_and_it_stays(cast, shared):
    assert refusal(withdraw_incident, shared.pk, reason="", by=cast.finder) == "reason_missing"

    withdraw_incident(shared.pk, reason="认错人", by=cast.finder)

    assert set(shared.involvements.values_list("state", "decision_reason")) == {("withdrawn", "认错人")}
    assert refusal(confirm_involvement, share_of(shared, cast.agent).pk, by=cast.boss) == "not_allowed"


@pytest.mark.parametrize("who", ["boss", "agent", "manager", "stranger"])
def test_nobody_else_takes_it_back(cast, incident, who):
    assert refusal(withdraw_incident, incident.pk, reason="x", by=getattr(cast, who)) == "not_allowed"


def test_what_somebody_confirmed_the_filer_does_not_undo(cast, shared):
    confirm_involvement(share_of(shared, cast.agent).pk, by=cast.boss)

    assert refusal(withdraw_incident, shared.pk, reason="x", by=cast.finder) == "already_confirmed"


@pytest.mark.parametrize("who", ["boss", "member", "manager"])
def test_a_confirmation_is_undone_by_who_gave_it_the_group_or_the_department(cast, incident, who):
    share = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss)

    assert refusal(overturn_involvement, share.pk, reason=" ", by=getattr(cast, who)) == "reason_missing"
    done = overturn_involvement(share.pk, reason="录音证明不是她", by=getattr(cast, who))

    assert (done.state, done.points, done.decision_reason) == (EventState.OVERTURNED, Decimal(2), "录音证明不是她")


@pytest.mark.parametrize("who", ["agent", "finder", "mate", "other_boss", "auditor"])
def test_nobody_else_undoes_it(cast, incident, who):
    share = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss)

    assert refusal(overturn_involvement, share.pk, reason="x", by=getattr(cast, who)) == "not_allowed"


def test_a_superior_does_not_undo_what_the_group_confirmed(cast, incident):
    share = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.member)

    assert refusal(overturn_involvement, share.pk, reason="x", by=cast.boss) == "not_allowed"


def test_what_a_form_has_counted_is_not_undone_here(cast, incident):
    share = confirm_involvement(share_of(incident, cast.agent).pk, by=cast.boss)
    Involvement.objects.filter(pk=share.pk).update(counted_month=date(2026, 10, 1))

    assert refusal(overturn_involvement, share.pk, reason="x", by=cast.boss) == "already_counted"
    assert refusal(withdraw_incident, incident.pk, reason="x", by=cast.finder) == "already_confirmed"


# ---- another time after all


def repeated(cast) -> tuple[Involvement, Involvement]:
    """Two of one kind, the second judged graver as a repetition; neither counted."""
    with on(13):
        first = share_of(file_incident(draft(cast.agent), by=cast.finder), cast.agent)
    with on(20):
        one = confirm_involvement(first.pk, by=cast.boss)
        made = file_incident(draft(cast.agent, occurred_on=date(2026, 10, 19)), by=cast.finder)
    with on(26):
        other = confirm_involvement(share_of(made, cast.agent).pk, by=cast.member)
    return one, other


def told_of_repetition() -> list[str]:
    rows = Message.objects.filter(kind="repetition_changed").order_by("pk")
    return list(rows.values_list("recipient__name", flat=True))


def test_overturning_one_makes_the_next_another_time_and_its_people_hear_of_it(cast):
    first, second = repeated(cast)
    assert (severity_of(second), second.repeats) == ("L2", 1)

    overturn_involvement(first.pk, reason="查明", by=cast.boss)

    assert set(told_of_repetition()) == {cast.agent.name, cast.member.name}
    for who in (cast.agent, cast.mate, cast.finder, cast.boss):
        assert refusal(rejudge_involvement, second.pk, by=who) == "not_allowed"
    done = rejudge_involvement(second.pk, by=cast.member)
    assert (severity_of(done), done.repeats, done.points) == ("L1", 0, done.filed_points)
    event = Event.objects.get(action="incident.rejudged")
    assert event.before is not None
    assert event.before["severity"] == "L2"
    assert refusal(rejudge_involvement, second.pk, by=cast.member) == "not_outdated"


def test_one_confirmed_late_makes_the_next_graver_with_points_in_the_new_range(cast):
    with on(13):
        first = share_of(file_incident(draft(cast.agent), by=cast.finder), cast.agent)
        later = file_incident(draft(cast.agent, description="又漏一张"), by=cast.finder)
    Incident.objects.filter(pk=first.incident_id).update(occurred_on=date(2026, 10, 12))
    with on(20):
        second = confirm_involvement(share_of(later, cast.agent).pk, by=cast.boss)
        assert told_of_repetition() == []
        confirm_involvement(first.pk, by=cast.member)

        assert cast.boss.name in told_of_repetition()
        light = {"points": Decimal("0.5"), "reason": "轻"}
        assert refusal(rejudge_involvement, second.pk, **light, by=cast.boss) == "out_of_range"
        done = rejudge_involvement(second.pk, by=cast.boss)
    assert (severity_of(done), done.repeats) == ("L2", 1)


def test_what_a_form_has_counted_is_not_judged_anew_here(cast):
    first, second = repeated(cast)
    overturn_involvement(first.pk, reason="查明", by=cast.boss)
    Involvement.objects.filter(pk=second.pk).update(counted_month=date(2026, 10, 1))

    assert refusal(rejudge_involvement, second.pk, by=cast.member) == "already_counted"


# ---- files


def photo(name: str = "现场.png"):
    return check_upload(ContentFile(b"\x89PNG\r\n\x1a\n1234", name=name), field="files")


def test_evidence_comes_with_the_record_or_later(cast):
    made = file_incident(draft(cast.agent, files=(photo(),)), by=cast.finder)

    for who in (cast.finder, cast.agent, cast.boss, cast.member):
        add_incident_files(made.pk, files=[photo()], by=who)

    assert made.files.count() == 5
    assert Event.objects.filter(action="incident.files_added").count() == 4


@pytest.mark.parametrize("who", ["mate", "stranger", "other_boss", "auditor"])
def test_others_put_nothing_to_it(cast, incident, who):
    assert refusal(add_incident_files, incident.pk, files=[photo()], by=getattr(cast, who)) == "not_allowed"


def test_nothing_is_put_to_what_is_decided_nor_more_than_eight_files_nor_none(cast, incident):
    assert refusal(add_incident_files, incident.pk, files=[], by=cast.finder) == "no_file"
    assert refusal(add_incident_files, incident.pk, files=[photo()] * 9, by=cast.finder) == "too_many_files"
    reject_involvement(share_of(incident, cast.agent).pk, reason="x", by=cast.boss)
    assert refusal(add_incident_files, incident.pk, files=[photo()], by=cast.finder) == "not_allowed"


# ---- what the database itself refuses


@pytest.mark.parametrize(
    "change",
    [
        {"points": -1},
        {"state": "confirmed"},
        {"verified_by": "employee"},
    ],
)
def test_the_database_holds_the_last_line(cast, incident, change):
    share = share_of(incident, cast.agent)
    values = {name: cast.agent if value == "employee" else value for name, value in change.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.filter(pk=share.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.create(incident=incident, employee=cast.agent, filed_points=1, points=1)


def test_every_step_is_in_the_record(cast, incident):
    share = share_of(incident, cast.agent)
    state_view(share.pk, text="系统卡", by=cast.agent)
    confirm_involvement(share.pk, by=cast.boss)
    overturn_involvement(share.pk, reason="查明", by=cast.boss)

    told = list(Event.objects.filter(action__startswith="incident.").values_list("action", "actor_name"))
    assert told == [
        ("incident.filed", "李可"),
        ("incident.stated", "吴倩"),
        ("incident.confirmed", "周敏"),
        ("incident.overturned", "周敏"),
    ]
    filed = Event.objects.get(action="incident.filed")
    assert filed.after is not None
    assert filed.after["people"] == [[cast.agent.number, "2.00"]]
