"""A version of the scheme is drafted, checked and approved by three people, and never changes afterwards (P8, P9)."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from appraisals.models import Scheme
from appraisals.selectors.schemes import approved_history, replaced_by, scheme_in_force, versions_for, way_of
from appraisals.services.cycles import open_cycle
from appraisals.services.schemes import (
    SchemeChanges,
    approve_scheme,
    check_scheme,
    draft_scheme,
    return_scheme,
    save_scheme,
    submit_scheme,
    withdraw_scheme,
)
from appraisals.states import SchemeState
from audit.models import Event
from common.errors import ConflictError, RuleError
from notices.models import Message
from people.models import Employee
from people.selectors import standing_of
from people.states import Role
from tests import world
from tests.architecture.test_source import ROOMS, ROOT

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Group:
    """The appraisal group and who approves."""

    writer: Employee
    other: Employee
    leader: Employee
    manager: Employee
    general: Employee
    agent: Employee
    hr: Employee


@pytest.fixture
def group(cast) -> Group:
    """The cast with a second member and a general manager."""
    return Group(
        writer=cast.officer,
        other=world.in_group(world.person("韩冰", None, account=True)),
        leader=cast.leader,
        manager=cast.manager,
        general=world.with_role(world.person("苏总", None, account=True), Role.GENERAL_MANAGER),
        agent=cast.agent,
        hr=cast.hr,
    )


def first_scheme() -> Scheme:
    return Scheme.objects.get(version="1.0")


def drafted(group: Group, **parameters: object) -> Scheme:
    draft = draft_scheme(first_scheme().pk, by=group.writer)
    return save_scheme(draft.pk, changes_of(draft, **parameters), revision=draft.revision, by=group.writer)


def changes_of(draft: Scheme, **parameters: object) -> SchemeChanges:
    return SchemeChanges(
        version=draft.version,
        effective_on=draft.effective_on,
        note="加分封顶",
        parameters={"bonus_limit": "10", **parameters},
    )


def checked(group: Group, **parameters: object) -> Scheme:
    draft = drafted(group, **parameters)
    submit_scheme(draft.pk, by=group.writer)
    return check_scheme(draft.pk, by=group.other)


def approved(group: Group, **parameters: object) -> Scheme:
    return approve_scheme(checked(group, **parameters).pk, by=group.manager)


def refusal_of(act, *args, **options) -> RuleError:
    with pytest.raises(RuleError) as refusal:
        act(*args, **options)
    return refusal.value


def test_a_draft_is_a_copy_of_the_one_in_force_with_the_next_number_and_month(group):
    draft = draft_scheme(first_scheme().pk, by=group.writer)

    tomorrow = timezone.localdate() + timedelta(days=1)
    assert (draft.version, draft.state, draft.drafted_by) == ("1.1", SchemeState.DRAFT, "沈玉兰")
    assert draft.effective_on.day == 1
    assert timedelta(0) <= draft.effective_on - tomorrow < timedelta(days=31)
    silent = {"ruling_days": 5, "further_days": 5}  # the first version was written before there were these
    assert draft.parameters == {**first_scheme().parameters, **silent, "version": "1.1"}
    assert draft_scheme(first_scheme().pk, by=group.other).version == "1.2"


@pytest.mark.parametrize("who", ["manager", "general", "agent", "hr"])
def test_only_the_group_drafts(group, who):
    assert refusal_of(draft_scheme, first_scheme().pk, by=getattr(group, who)).code == "not_allowed"
    assert Scheme.objects.count() == 1


def test_three_people_take_it_into_force_and_everybody_is_told(group):
    made = approved(group)

    assert (made.state, made.drafted_by, made.checked_by, made.approved_by) == (
        SchemeState.APPROVED,
        "沈玉兰",
        "韩冰",
        "何建国",
    )
    assert [step.kind for step in way_of(made).steps] == ["drafted", "submitted", "checked", "approved"]
    assert scheme_in_force(made.effective_on) == made
    assert scheme_in_force(made.effective_on - timedelta(days=1)) == first_scheme()
    told = Message.objects.values_list("kind", "recipient__name")
    assert {name for kind, name in told if kind == "scheme_submitted"} == {"李娜", "韩冰"}
    assert {name for kind, name in told if kind == "scheme_checked"} == {"何建国", "苏总"}
    assert {"吴倩", "周敏", "沈玉兰", "韩冰"} <= {name for kind, name in told if kind == "scheme_approved"}
    actions = set(Event.objects.filter(action__startswith="scheme.").values_list("action", flat=True))
    assert actions == {f"scheme.{name}" for name in ("drafted", "saved", "submitted", "checked", "approved")}


def test_the_next_cycle_opened_uses_it_and_an_opened_one_keeps_its_own(group):
    made = approved(group)
    before = made.effective_on - timedelta(days=1)

    assert open_cycle("month", before, by=group.leader).cycle.scheme == first_scheme()
    assert open_cycle("month", made.effective_on, by=group.leader).cycle.scheme == made


def test_whoever_wrote_on_it_does_not_check_it(group):
    draft = drafted(group)
    save_scheme(draft.pk, changes_of(draft), revision=draft.revision, by=group.other)
    submit_scheme(draft.pk, by=group.writer)

    assert refusal_of(check_scheme, draft.pk, by=group.writer).code == "not_another"
    assert refusal_of(check_scheme, draft.pk, by=group.other).code == "not_another"
    assert refusal_of(check_scheme, draft.pk, by=group.manager).code == "not_allowed"
    assert check_scheme(draft.pk, by=group.leader).checked_by == "李娜"
    assert Scheme.objects.get(pk=draft.pk).drafted_by == "沈玉兰、韩冰"


def test_whoever_wrote_or_checked_it_does_not_approve_it(group):
    world.with_role(group.writer, Role.DEPARTMENT)
    world.with_role(group.other, Role.GENERAL_MANAGER)
    ready = checked(group)

    assert refusal_of(approve_scheme, ready.pk, by=group.writer).code == "not_another"
    assert refusal_of(approve_scheme, ready.pk, by=group.other).code == "not_another"
    assert refusal_of(approve_scheme, ready.pk, by=group.leader).code == "not_allowed"
    assert approve_scheme(ready.pk, by=group.general).approved_by == "苏总"


def test_it_is_approved_only_after_it_was_checked(group):
    draft = drafted(group)

    assert refusal_of(approve_scheme, draft.pk, by=group.manager).code == "not_now"
    submit_scheme(draft.pk, by=group.writer)
    assert refusal_of(approve_scheme, draft.pk, by=group.manager).code == "not_now"
    assert refusal_of(submit_scheme, draft.pk, by=group.writer).code == "not_now"


def test_it_goes_back_with_a_reason_and_is_checked_anew(group):
    ready = checked(group)

    assert refusal_of(return_scheme, ready.pk, reason=" ", by=group.manager).code == "reason_missing"
    assert refusal_of(return_scheme, ready.pk, reason="少了", by=group.agent).code == "not_allowed"
    back = return_scheme(ready.pk, reason="R4太宽", by=group.manager)
    assert (back.state, back.checked_by) == (SchemeState.DRAFT, "")
    returned = way_of(back).returned
    assert returned is not None
    assert returned.note == "R4太宽"
    assert Message.objects.filter(kind="scheme_returned", recipient=group.writer).exists()
    assert refusal_of(approve_scheme, ready.pk, by=group.manager).code == "not_now"


def test_whoever_saw_an_older_save_neither_saves_nor_decides(group):
    draft = draft_scheme(first_scheme().pk, by=group.writer)
    save_scheme(draft.pk, changes_of(draft), revision=1, by=group.other)

    with pytest.raises(ConflictError):
        save_scheme(draft.pk, changes_of(draft, min_months=4), revision=1, by=group.writer)
    with pytest.raises(ConflictError):
        submit_scheme(draft.pk, revision=1, by=group.writer)
    assert Scheme.objects.get(pk=draft.pk).parameters["min_months"] == 6


def test_what_waits_is_not_changed_and_what_is_approved_never(group):
    made = checked(group)
    changes = changes_of(made, min_months=4)

    assert refusal_of(save_scheme, made.pk, changes, revision=made.revision, by=group.writer).code == "not_now"
    approve_scheme(made.pk, by=group.manager)
    kept = Scheme.objects.get(pk=made.pk).parameters
    for act in (
        lambda: save_scheme(made.pk, changes, revision=made.revision, by=group.writer),
        lambda: submit_scheme(made.pk, by=group.writer),
        lambda: check_scheme(made.pk, by=group.leader),
        lambda: approve_scheme(made.pk, by=group.general),
        lambda: return_scheme(made.pk, reason="x", by=group.general),
        lambda: withdraw_scheme(made.pk, reason="x", by=group.leader),
    ):
        assert refusal_of(act).code == "approved_stays"
    assert Scheme.objects.get(pk=made.pk).parameters == kept


def test_its_writers_or_the_leader_drop_it_with_a_reason(group):
    draft = drafted(group)

    assert refusal_of(withdraw_scheme, draft.pk, reason="x", by=group.other).code == "not_allowed"
    assert refusal_of(withdraw_scheme, draft.pk, reason="", by=group.writer).code == "reason_missing"
    assert withdraw_scheme(draft.pk, reason="不改了", by=group.leader).state == SchemeState.WITHDRAWN
    assert refusal_of(submit_scheme, draft.pk, by=group.writer).code == "not_now"


def test_it_begins_tomorrow_at_the_earliest(group):
    draft, today = draft_scheme(first_scheme().pk, by=group.writer), timezone.localdate()
    changes = changes_of(draft)

    fault = refusal_of(
        save_scheme, draft.pk, replace(changes, effective_on=today), revision=draft.revision, by=group.writer
    )
    assert (fault.code, fault.field) == ("too_early", "effective_on")
    tomorrow = replace(changes, effective_on=today + timedelta(days=1))
    assert save_scheme(draft.pk, tomorrow, revision=draft.revision, by=group.writer).effective_on > today


def test_it_begins_after_every_opened_cycle_and_says_which_and_from_when(group):
    ready = checked(group)
    open_cycle("month", ready.effective_on, by=group.leader)

    fault = refusal_of(approve_scheme, ready.pk, by=group.manager)

    assert (fault.code, fault.field) == ("cycle_opened", "effective_on")
    assert f"{ready.effective_on:%Y-%m}" in str(fault)
    assert f"{ready.effective_on.month}月2日" in str(fault)


def test_of_two_that_begin_on_a_day_the_later_one_replaces_the_other(group):
    first, second = checked(group), drafted(group)
    approve_scheme(first.pk, by=group.manager)
    submit_scheme(second.pk, by=group.writer)
    check_scheme(second.pk, by=group.other)
    approve_scheme(second.pk, by=group.manager)

    assert scheme_in_force(second.effective_on) == second
    today = timezone.localdate()
    found = {one.scheme.version: one for one in versions_for(standing_of(group.leader, today), today)}
    assert found["1.1"].never
    assert not found["1.2"].never
    assert found["1.0"].until == first.effective_on - timedelta(days=1)
    assert replaced_by(second) == first
    assert [one.version for one in approved_history(second)] == ["1.0", "1.1", "1.2"]


def test_an_older_draft_does_not_hide_behind_a_newer_one_of_its_day(group):
    first, second = checked(group), checked(group)
    approve_scheme(second.pk, by=group.manager)

    assert refusal_of(approve_scheme, first.pk, by=group.manager).code == "day_taken"


BROKEN: dict[str, tuple[dict[str, object], str]] = {
    "weights": (
        {"managerial": {"kpi_and_goals": "80", "behaviour": "10", "management": "11"}},
        "管理岗位：合计要100，现在是101",
    ),
    "raters": ({"min_raters": 0}, "下级评分最少几人才计：要在1到100之间，现在是0"),
    "strange": ({"surprise": 1}, "surprise：方案没有这一项"),
    "word": ({"pool": "moon"}, "在哪里排名：“moon”不能选"),
    "gravity": ({"gravity": ["R1"]}, "同月多条取最重的，从重到轻：“R1”不能用"),
    "decimals": ({"pay_ceiling": "100.00001"}, "计薪时系数最高：最多4位小数"),
    "steps": ({"month_timeline": []}, "期限：这里只能改数字，步骤、顺序和起算不能改"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_can_not_be_a_scheme_is_not_stored_and_said_in_words(group, case):
    parameters, words = BROKEN[case]
    draft = draft_scheme(first_scheme().pk, by=group.writer)

    fault = refusal_of(save_scheme, draft.pk, changes_of(draft, **parameters), revision=draft.revision, by=group.writer)

    assert fault.code == "bad_scheme"
    assert words in fault.problems
    assert Scheme.objects.get(pk=draft.pk).revision == draft.revision


@pytest.mark.parametrize(
    ("version", "code"), [("新版", "bad_version"), ("../1", "bad_version"), ("1.0", "version_taken")]
)
def test_a_number_is_plain_and_taken_once(group, version, code):
    draft = draft_scheme(first_scheme().pk, by=group.writer)

    changes = replace(changes_of(draft), version=version)
    assert refusal_of(save_scheme, draft.pk, changes, revision=draft.revision, by=group.writer).code == code


WRITERS = {
    "appraisals/services/schemes.py",  # the three hands
    "reports/services/load_staff.py",  # a version of a workbook; one that stands is refused
}
"""The only modules that write a version, or make one."""
WRITE = re.compile(
    r"\bScheme\.objects\.(?:\w+\([^)]*\)\.)*(?:create|get_or_create|update_or_create|update|delete|bulk_\w+)\("
    r"|\bscheme\.(?:save|delete)\(|\.schemes?\.update\("
)


def test_no_other_road_writes_a_version():
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if not {"migrations", "demo"} & set(path.parts) and WRITE.search(path.read_text(encoding="utf-8"))
    }

    assert found == WRITERS
