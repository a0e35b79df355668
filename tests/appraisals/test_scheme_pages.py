"""The scheme's pages: who sees which version, the editor that loses nothing, the three hands, the paper."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appraisals.forms.schemes import sheet_of
from appraisals.models import Scheme
from appraisals.services.schemes import (
    SchemeChanges,
    approve_scheme,
    check_scheme,
    draft_scheme,
    save_scheme,
    submit_scheme,
)
from appraisals.states import SchemeState
from people.selectors import standing_of
from people.states import Role
from reports.selectors.todos import waiting_for
from reports.selectors.waiting import APPROVE_SCHEME, CHECK_SCHEME, REDRAFT
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast) -> Scheme:
    """A version that the officer drafted, with a cap on the bonus; a second member may check it."""
    world.in_group(world.person("韩冰", None, account=True, number="M2"))
    made = draft_scheme(Scheme.objects.get(version="1.0").pk, by=cast.officer)
    changes = SchemeChanges(
        version="1.1", effective_on=made.effective_on, note="加分封顶", parameters={"bonus_limit": "10"}
    )
    return save_scheme(made.pk, changes, revision=made.revision, by=cast.officer)


def seen_by(person) -> Client:
    client = Client()
    client.force_login(person.account)
    return client


def typed(draft: Scheme, **changes: str) -> dict[str, object]:
    """The editor as it is sent back untouched, but for ``changes`` (double underscores are the points of a path)."""
    sheet = sheet_of(draft.parameters)
    found: dict[str, object] = {
        "revision": draft.revision,
        "version": draft.version,
        "effective_on": draft.effective_on.isoformat(),
        "note": draft.note,
        "act": "save",
        **{name: value for name, value in sheet.typed.items() if value},
    }
    for place, row in enumerate(sheet.rules):
        found |= {f"triggers.{place}.{name}": value for name, value in row.items() if value}
    return found | {name.replace("__", "."): value for name, value in changes.items()}


def edit(draft: Scheme) -> str:
    return reverse("appraisals:scheme_edit", args=[draft.pk])


def test_everybody_reads_what_is_approved_and_a_draft_only_who_works_on_it(cast, draft):
    auditor = world.with_role(world.person("孙悦", None, account=True), Role.AUDITOR)
    address = reverse("appraisals:scheme_version", args=[draft.pk])

    for person in (cast.leader, cast.officer, cast.manager, cast.hr, auditor):
        assert seen_by(person).get(address).status_code == 200
    for person in (cast.agent, cast.supervisor):
        client = seen_by(person)
        assert client.get(address).status_code == 404
        assert client.get(f"{reverse('appraisals:scheme')}?version=1.1").status_code == 404
        assert client.get(f"{reverse('appraisals:scheme_diff')}?a=1.0&b=1.1").status_code == 404
        assert "1.1" not in client.get(reverse("appraisals:schemes")).content.decode()
        page = client.get(reverse("appraisals:scheme")).content.decode()
        assert "1.0 版" in page
        assert "1.1" not in page


def test_a_future_version_does_not_hide_the_one_in_force(cast, draft):
    submit_scheme(draft.pk, by=cast.officer)
    check_scheme(draft.pk, by=cast.leader)
    approve_scheme(draft.pk, by=cast.manager)

    assert "考核方案 1.0 版" in seen_by(cast.agent).get(reverse("appraisals:scheme")).content.decode()
    told = seen_by(cast.agent).get(reverse("appraisals:scheme_version", args=[draft.pk])).content.decode()
    assert "每月加分上限" in told
    assert "已经批准" in told


def test_the_editor_saves_what_is_typed_and_shows_it_against_the_one_in_force(cast, draft):
    client = seen_by(cast.officer)

    answer = client.post(
        edit(draft), typed(draft, act="done", triggers__3__threshold="65", upward__own="１０", upward__superior="70")
    )

    assert answer.status_code == 302
    stored = Scheme.objects.get(pk=draft.pk).parameters
    assert (stored["triggers"][3]["threshold"], stored["upward"]["own"], stored["bonus_limit"]) == ("65", "10", "10")
    page = client.get(answer["Location"]).content.decode()
    for words in ("R4 · 系数", "<del>60%</del>", "<ins>65%</ins>", "<del>不设</del>", "<ins>10分</ins>"):
        assert words in page


def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(cast, draft):
    client = seen_by(cast.officer)

    answer = client.post(edit(draft), typed(draft, grades__A__quota="7", note="为了公平", triggers__0__times="两次"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="grades.A.quota" value="7"' in page
    assert 'name="triggers.0.times" value="两次"' in page
    assert "为了公平" in page
    assert "合计要100，现在是102" in page
    assert "写数字" in page
    assert Scheme.objects.get(pk=draft.pk).revision == draft.revision


def test_a_day_that_can_not_be_is_said_at_the_day(cast, draft):
    answer = seen_by(cast.officer).post(edit(draft), typed(draft, effective_on=timezone.localdate().isoformat()))

    assert answer.status_code == 422
    assert "生效日期最早是明天" in answer.content.decode()


def test_somebody_elses_save_is_a_conflict_that_keeps_what_is_typed(cast, draft):
    client, mine = seen_by(cast.officer), typed(draft, min_months="4")
    assert seen_by(cast.leader).post(edit(draft), typed(draft, min_months="5")).status_code == 302

    answer = client.post(edit(draft), mine)

    assert answer.status_code == 409
    assert 'name="min_months" value="4"' in answer.content.decode()
    assert client.post(edit(draft), {**mine, "act": "mine"}).status_code == 302
    assert Scheme.objects.get(pk=draft.pk).parameters["min_months"] == 4


def test_a_rule_comes_and_goes_without_being_stored(cast, draft):
    client = seen_by(cast.officer)

    more = client.post(edit(draft), typed(draft, act="add_rule", note="新规则")).content.decode()
    less = client.post(edit(draft), typed(draft, act="drop_rule:0")).content.decode()

    assert 'name="triggers.4.code"' in more
    assert "新规则" in more
    assert 'name="triggers.3.code"' not in less
    assert Scheme.objects.get(pk=draft.pk).revision == draft.revision


def test_only_a_draft_is_edited(cast, draft):
    submit_scheme(draft.pk, by=cast.officer)

    assert seen_by(cast.officer).get(edit(draft)).status_code == 302
    assert seen_by(cast.manager).get(edit(draft)).status_code == 403
    old = Scheme.objects.get(version="1.0")
    assert seen_by(cast.leader).post(edit(old), typed(old, min_months="1")).status_code == 302
    assert Scheme.objects.get(version="1.0").parameters["min_months"] == 6


def test_the_steps_are_offered_to_whom_they_are_for(cast, draft):
    def acts(person) -> set[str]:
        page = seen_by(person).get(reverse("appraisals:scheme_version", args=[draft.pk])).content.decode()
        return {
            name for name in ("submit", "check", "return", "approve", "withdraw") if f'data-dialog="#{name}"' in page
        }

    assert acts(cast.officer) == {"submit", "withdraw"}
    submit_scheme(draft.pk, by=cast.officer)
    assert (acts(cast.officer), acts(cast.leader)) == ({"return", "withdraw"}, {"check", "return", "withdraw"})
    assert (acts(cast.manager), acts(cast.hr)) == ({"return"}, set())
    check_scheme(draft.pk, by=cast.leader)
    assert acts(cast.manager) == {"approve", "return"}


def test_a_step_is_taken_and_refused_through_the_page(cast, draft):
    def act(person, name: str, **data: str):
        address = reverse("appraisals:scheme_act", args=[draft.pk, name])
        return seen_by(person).post(address, {"revision": draft.revision, **data})

    def state() -> str:
        return Scheme.objects.get(pk=draft.pk).state

    act(cast.officer, "submit")
    act(cast.officer, "check")
    assert state() == SchemeState.SUBMITTED
    act(cast.leader, "check")
    act(cast.manager, "approve", revision="1")
    assert state() == SchemeState.CHECKED
    act(cast.manager, "return", reason="")
    assert state() == SchemeState.CHECKED
    act(cast.manager, "approve")
    assert state() == SchemeState.APPROVED
    assert act(cast.manager, "delete").status_code == 404


def test_it_waits_for_who_is_next(cast, draft):
    def waits(person) -> set[str]:
        today = timezone.localdate()
        rows = waiting_for(person, standing_of(person, today), today)
        return {row.what for row in rows if row.n} & {CHECK_SCHEME, APPROVE_SCHEME, REDRAFT}

    people = (cast.officer, cast.leader, cast.manager)
    assert [waits(person) for person in people] == [set(), set(), set()]
    submit_scheme(draft.pk, by=cast.officer)
    assert [waits(person) for person in people] == [set(), {CHECK_SCHEME}, set()]
    check_scheme(draft.pk, by=cast.leader)
    assert [waits(person) for person in people] == [set(), set(), {APPROVE_SCHEME}]
    seen_by(cast.manager).post(reverse("appraisals:scheme_act", args=[draft.pk, "return"]), {"reason": "再想想"})
    assert [waits(person) for person in people] == [{REDRAFT}, set(), set()]
    submit_scheme(draft.pk, by=cast.officer)
    assert waits(cast.officer) == set()


def test_on_paper_it_has_its_history(cast, draft):
    submit_scheme(draft.pk, by=cast.officer)
    check_scheme(draft.pk, by=cast.leader)
    client = seen_by(cast.hr)
    assert "未批准，不能作依据" in client.get(reverse("appraisals:scheme_print", args=["1.1"])).content.decode()

    approve_scheme(draft.pk, by=cast.manager)

    page = client.get(reverse("appraisals:scheme_print", args=["1.1"])).content.decode()
    history = page[page.index("修订记录") :]
    for words in ("1.0", "新发布", "姜丽华", "1.1", "加分封顶", "沈玉兰", "李娜", "何建国"):
        assert words in history
    assert "未批准" not in page
    assert seen_by(cast.agent).get(reverse("appraisals:scheme_print", args=["2.0"])).status_code == 404


@pytest.mark.parametrize("name", ["scheme_version", "scheme_edit", "schemes", "scheme_diff", "scheme_print"])
def test_a_page_takes_few_statements(cast, draft, name):
    client = seen_by(cast.officer)
    args = {"scheme_version": [draft.pk], "scheme_edit": [draft.pk], "scheme_print": ["1.1"]}.get(name, [])
    address = reverse(f"appraisals:{name}", args=args) + ("?a=1.0&b=1.1" if name == "scheme_diff" else "")

    assert statements(lambda: client.get(address)) <= 15


def test_the_list_says_from_when_until_when(cast, draft):
    submit_scheme(draft.pk, by=cast.officer)
    check_scheme(draft.pk, by=cast.leader)
    approve_scheme(draft.pk, by=cast.manager)
    last = draft.effective_on - timedelta(days=1)

    page = seen_by(cast.agent).get(reverse("appraisals:schemes")).content.decode()

    assert f"到{last.year}年{last.month}月{last.day}日" in page
    assert "在用" in page
    assert "拟新版" not in page
