"""The monitoring standard in versions: drafted, written, compared and published by who keeps it, and by nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log import events_about
from audit.models import Event
from common.errors import ConflictError, RuleError
from incidents.models import IncidentKind
from people.models import Employee
from people.states import Duty, Role
from quality.facts.standard_changes import changes_between
from quality.facts.standard_checks import publishing_problems, storing_problems
from quality.facts.standards import FaultFacts, ItemFacts, LevelFacts, PlanFacts, StandardFacts, facts_of
from quality.models import Rubric, RubricItem, RubricLevel
from quality.selectors.rubrics import plan_of, rubric_on, whole_rubrics
from quality.services.rubrics import discard_rubric, draft_rubric, edit_mark, publish_rubric, save_rubric
from quality.states import RubricState
from tests import world
from tests.counting import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db) -> Employee:
    return world.with_role(world.person("赵琳", None, account=True), Role.HR)


@pytest.fixture
def agent(db) -> Employee:
    return world.person("陈思雨", account=True)


def as_(person: Employee) -> Client:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return client


def today() -> date:
    return timezone.localdate()


def in_force(day: date | None = None) -> Rubric:
    found = rubric_on(day or today())
    assert found is not None
    return found


def plan_from(month: date) -> Rubric:
    found = plan_of(month)
    assert found is not None
    return found


def whole(pk: int) -> StandardFacts:
    return facts_of(whole_rubrics().get(pk=pk))


def item(name: str = "聆听", points: str = "100", levels: tuple[str, ...] = ("100", "0")) -> ItemFacts:
    return ItemFacts("技巧", name, Decimal(points), tuple(LevelFacts(Decimal(one), "说明") for one in levels))


def standard(*items: ItemFacts, **facts: Any) -> StandardFacts:
    return StandardFacts(**{"version": "9.9", "items": items or (item(),), **facts})


def test_a_draft_begins_as_a_copy_of_the_version_in_force(keeper):
    draft = draft_rubric(by=keeper)

    current = in_force()
    assert (draft.state, draft.version, draft.starts_on) == (RubricState.DRAFT, "1.1", None)
    assert replace(whole(draft.pk), version="1.0") == facts_of(current)
    assert len(whole(draft.pk).faults) == 6
    sources = RubricItem.objects.filter(rubric=draft).values_list("source", flat=True)
    assert set(sources) == {"policy", "proposed"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, None])
def test_who_does_not_keep_the_standard_drafts_nothing(role):
    person = world.person("孙悦", None)
    if role:
        world.with_role(person, role)

    with pytest.raises(RuleError) as caught:
        draft_rubric(by=person)

    assert caught.value.code == "not_allowed"


@pytest.mark.parametrize("who", ["leader", "department"])
def test_the_leader_and_the_department_draft_too(who):
    person = world.person("方志远", None)
    world.in_group(person, Duty.LEADER) if who == "leader" else world.with_role(person, Role.DEPARTMENT)

    assert draft_rubric(by=person).state == RubricState.DRAFT


def test_a_plain_member_of_the_group_does_not():
    with pytest.raises(RuleError):
        draft_rubric(by=world.in_group(world.person("沈玉兰", None)))


def test_there_is_one_draft_at_a_time(keeper):
    draft_rubric(by=keeper)

    with pytest.raises(RuleError) as caught:
        draft_rubric(by=keeper)

    assert caught.value.code == "draft_exists"


def test_a_discarded_draft_is_gone_but_for_the_audit(keeper):
    draft = draft_rubric(by=keeper)

    discard_rubric(draft.pk, by=keeper)

    assert not Rubric.objects.filter(pk=draft.pk).exists()
    assert len((Event.objects.get(action="rubric.discarded").before or {})["items"]) == 13


def test_a_published_version_is_neither_discarded_nor_written(keeper):
    current = in_force()

    for act in (
        lambda: discard_rubric(current.pk, by=keeper),
        lambda: save_rubric(current.pk, standard(), seen="", by=keeper),
        lambda: publish_rubric(current.pk, starts_on=today(), by=keeper),
    ):
        with pytest.raises(RuleError) as caught:
            act()
        assert caught.value.code == "no_draft"


def test_what_was_typed_is_kept_in_its_order_with_faults_and_plan(keeper):
    draft = draft_rubric(by=keeper)
    kind = IncidentKind.objects.earliest("pk")
    facts = standard(
        item("乙", "60", ("60", "0")),
        item("甲", "40", ("40", "20", "0")),
        version="2026.1",
        note="新的",
        plan=PlanFacts(per_agent=4, pass_mark=Decimal("85.5")),
        faults=(FaultFacts("F1", "辱骂", "Abuse", kind.pk),),
    )

    save_rubric(draft.pk, facts, seen=edit_mark(draft), by=keeper)

    assert whole(draft.pk) == facts


def test_an_unfinished_draft_may_be_kept(keeper):
    draft = draft_rubric(by=keeper)

    save_rubric(draft.pk, standard(item("甲", "0", ())), seen=edit_mark(draft), by=keeper)

    assert publishing_problems(whole(draft.pk))


def test_unchanged_items_keep_their_origin_and_changed_ones_become_ones_own(keeper):
    draft = draft_rubric(by=keeper)
    facts = whole(draft.pk)
    first, *rest = facts.items
    changed = first._replace(levels=(first.levels[0]._replace(description="别的"), *first.levels[1:]))

    save_rubric(draft.pk, replace(facts, items=(changed, *rest)), seen=edit_mark(draft), by=keeper)

    levels = RubricLevel.objects.filter(item__rubric=draft, item__name=first.name).order_by("-points")
    assert [level.source for level in levels] == ["own", "policy", "policy"]
    assert RubricItem.objects.get(rubric=draft, name=first.name).source == "policy"


def test_two_who_write_at_once_are_told_and_neither_is_lost(keeper):
    other = world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    draft = draft_rubric(by=keeper)
    seen = edit_mark(draft)
    save_rubric(draft.pk, standard(note="一"), seen=seen, by=other)

    with pytest.raises(ConflictError) as caught:
        save_rubric(draft.pk, standard(note="二"), seen=seen, by=keeper)

    assert "何建国" in str(caught.value)
    assert whole(draft.pk).note == "一"


def test_everything_that_cannot_be_kept_is_named_at_once(keeper):
    draft = draft_rubric(by=keeper)
    facts = standard(
        item("甲"),
        item("甲", "20", ("5", "5")),
        item("", "1001"),
        item("长" * 61),
        version="1.0",
        faults=(FaultFacts("F1", "一"), FaultFacts("F1", "二"), FaultFacts("", "三")),
    )

    with pytest.raises(RuleError) as caught:
        save_rubric(draft.pk, facts, seen=edit_mark(draft), by=keeper)

    said = "".join(caught.value.problems)
    for words in ("“甲”写了两次", "等级 5 写了两次", "没有名称", "1001", "太长", "F1”用了两次", "1.0 版"):
        assert words in said
    assert whole(draft.pk).items[0].name == "首语及连接语"


@pytest.mark.parametrize("version", ["drafts", "a/b", "一 二", "", "x" * 21])
def test_a_version_is_a_name_for_an_address(keeper, version):
    draft = draft_rubric(by=keeper)

    with pytest.raises(RuleError):
        save_rubric(draft.pk, standard(version=version), seen=edit_mark(draft), by=keeper)


@pytest.mark.parametrize("points", ["NaN", "Infinity", "1E+900000", "-1", "0.001"])
def test_points_are_numbers_of_two_decimals(points):
    assert storing_problems(standard(item(points=points)))


def test_a_version_holds_from_its_day_on(keeper):
    draft = draft_rubric(by=keeper)
    day = today() + timedelta(days=40)

    publish_rubric(draft.pk, starts_on=day, by=keeper)

    assert in_force(day).pk == draft.pk
    assert in_force(day - timedelta(days=1)).version == "1.0"
    assert (events_about(draft).get(action="rubric.published").after or {})["starts_on"] == day.isoformat()


def test_a_months_plan_is_that_of_its_first_day(keeper):
    draft = draft_rubric(by=keeper)
    first = (today().replace(day=1) + timedelta(days=40)).replace(day=1)

    publish_rubric(draft.pk, starts_on=first + timedelta(days=1), by=keeper)

    assert plan_from(first).version == "1.0"
    assert plan_from(first + timedelta(days=31)).pk == draft.pk


def test_it_never_begins_in_the_past(keeper):
    draft = draft_rubric(by=keeper)

    with pytest.raises(RuleError) as caught:
        publish_rubric(draft.pk, starts_on=today() - timedelta(days=1), by=keeper)

    assert caught.value.code == "in_the_past"


def test_a_day_with_calls_scored_already_keeps_its_version(keeper, agent):
    draft = draft_rubric(by=keeper)
    world.call(agent, keeper, called_on=today())

    with pytest.raises(RuleError) as caught:
        publish_rubric(draft.pk, starts_on=today(), by=keeper)
    assert caught.value.code == "already_scored"
    assert publish_rubric(draft.pk, starts_on=today() + timedelta(days=1), by=keeper).starts_on


def test_two_versions_never_begin_on_one_day(keeper):
    day = today() + timedelta(days=3)
    publish_rubric(draft_rubric(by=keeper).pk, starts_on=day, by=keeper)

    with pytest.raises(RuleError) as caught:
        publish_rubric(draft_rubric(by=keeper).pk, starts_on=day, by=keeper)

    assert caught.value.code == "day_taken"


def test_another_sum_than_100_has_to_be_meant(keeper):
    draft = draft_rubric(by=keeper)
    odd = standard(item("甲", "90", ("90", "0")))
    draft = save_rubric(draft.pk, odd, seen=edit_mark(draft), by=keeper)

    with pytest.raises(RuleError) as caught:
        publish_rubric(draft.pk, starts_on=today(), by=keeper)
    assert caught.value.code == "unusual_total"
    assert publish_rubric(draft.pk, starts_on=today(), by=keeper, accepts_total=True).starts_on == today()


def test_what_is_published_is_what_was_read(keeper):
    draft = draft_rubric(by=keeper)
    seen = edit_mark(draft)
    save_rubric(draft.pk, standard(), seen=seen, by=keeper)

    with pytest.raises(ConflictError):
        publish_rubric(draft.pk, starts_on=today(), by=keeper, seen=seen)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (StandardFacts(version="9"), "还没有评分项"),
        (standard(item(levels=("50", "0"))), "少一个等于满分 100 的等级"),
        (standard(item(levels=("100", "50"))), "少一个 0 分的等级"),
        (standard(item(levels=("120", "100", "0"))), "等级 120 不在 0 到满分 100 之间"),
        (standard(item(points="0", levels=("0",))), "满分要大于 0"),
        (standard(item()._replace(levels=(LevelFacts(Decimal(100)), LevelFacts(Decimal(0), "无")))), "没有说明"),
        (standard(plan=PlanFacts(pass_mark=Decimal(101))), "高过满分合计 100"),
        (standard(plan=PlanFacts(dispute_days=0)), "提异议期限"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_published(keeper, facts, words):
    draft = draft_rubric(by=keeper)
    draft = save_rubric(draft.pk, facts, seen=edit_mark(draft), by=keeper)

    with pytest.raises(RuleError) as caught:
        publish_rubric(draft.pk, starts_on=today(), by=keeper)

    assert words in "".join(caught.value.problems)
    assert Rubric.objects.get(pk=draft.pk).state == RubricState.DRAFT


def test_the_seeded_standard_is_sound_and_of_100_points():
    facts = facts_of(in_force())

    assert (facts.total, storing_problems(facts), publishing_problems(facts)) == (Decimal(100), [], [])


def test_two_equal_versions_differ_in_nothing():
    assert changes_between(standard(), standard(version="2"), {}) == []


def test_every_kind_of_change_is_said():
    old = standard(
        item("甲", "60", ("60", "30", "0")),
        item("乙", "40", ("40", "0")),
        item("丙", "5", ("5", "1", "0")),
        faults=(FaultFacts("F1", "辱骂"), FaultFacts("F2", "挂断")),
    )
    new = standard(
        item("丁", "5", ("5", "1", "0")),
        item("甲", "50", ("50", "30", "0"))._replace(may_not_apply=True, category="态度"),
        item("戊", "10", ("10", "0")),
        faults=(FaultFacts("F1", "辱骂客户", "", 3), FaultFacts("F3", "泄密")),
        plan=PlanFacts(per_agent=6),
    )

    assert changes_between(old, new, {3: "I07 辱骂"}) == [
        "去掉评分项“乙”（40分）",
        "评分项“丙”改名为“丁”",
        "“甲”的类别 技巧 → 态度",
        "“甲”的满分 60 → 50",
        "“甲”可以不适用",
        "“甲”去掉等级 60",
        "“甲”新增等级 50：说明",
        "新增评分项“戊”（技巧，10分）",
        "去掉一票否决 F2 挂断",
        "一票否决 F1 改为：辱骂客户",
        "一票否决 F1 登记的事故改为：I07 辱骂",
        "新增一票否决 F3 泄密（不登记事故）",
        "每人每月几通 5 → 6",
        "满分合计 105 → 65",
    ]


def test_order_and_words_of_a_level_are_said():
    one, two = item("甲", "60", ("60", "0")), item("乙", "40", ("40", "0"))
    spoken = two._replace(levels=(two.levels[0]._replace(description="清楚"), two.levels[1]))

    assert changes_between(standard(one, two), standard(spoken, one), {}) == [
        "“乙”等级 40 的说明改为：清楚",
        "评分项的次序变了",
    ]


def test_everybody_reads_the_standard_in_force_and_every_version(agent):
    client = as_(agent)
    page = client.get(reverse("quality:rubric")).content.decode()

    for words in ("首语及连接语", "提示音未完就抢说", "业务熟悉", "辱骂、威胁或嘲讽客户", "可以不适用", "在用"):
        assert words in page
    assert "做新版本" not in page
    assert client.get(reverse("quality:rubric_version", args=["1.0"])).status_code == 200
    pk = in_force().pk
    assert client.get(reverse("quality:rubric_version", args=[pk])).status_code == 200
    assert client.get(reverse("quality:rubric_version", args=["7.7"])).status_code == 404


def test_a_draft_is_for_its_keepers_alone(agent, keeper):
    draft = draft_rubric(by=keeper)
    client = as_(agent)

    assert client.post(reverse("quality:start_rubric")).status_code == 403
    for name in ("rubric_draft", "publish_rubric"):
        assert client.get(reverse(f"quality:{name}", args=[draft.pk])).status_code == 404
        assert client.post(reverse(f"quality:{name}", args=[draft.pk])).status_code == 404
    assert client.post(reverse("quality:discard_rubric", args=[draft.pk])).status_code == 404
    assert client.get(reverse("quality:rubric_version", args=[draft.version])).status_code == 404
    assert Rubric.objects.filter(pk=draft.pk).exists()


def test_from_the_button_to_the_published_version(keeper):
    client = as_(keeper)
    editor = client.post(reverse("quality:start_rubric"))
    draft = Rubric.objects.get(state=RubricState.DRAFT)
    assert editor.headers["Location"] == reverse("quality:rubric_draft", args=[draft.pk])
    data = typed(client, draft)

    data |= {"c-0-i-0-l-1-zh": "新的说明", "act": "publish"}
    answer = client.post(reverse("quality:rubric_draft", args=[draft.pk]), data)

    publishing = reverse("quality:publish_rubric", args=[draft.pk])
    assert answer.headers["Location"] == publishing
    page = client.get(publishing)
    assert "“首语及连接语”等级 2 的说明改为：新的说明" in page.content.decode()
    day = today() + timedelta(days=1)
    answer = client.post(publishing, {"starts_on": day.isoformat(), "seen": page.context["mark"]})
    assert answer.headers["Location"] == reverse("quality:rubric_version", args=["1.1"])
    assert in_force(day).pk == draft.pk


def test_what_is_refused_stays_on_the_page(keeper):
    client, draft = as_(keeper), draft_rubric(by=keeper)
    data = typed(client, draft) | {"c-0-i-0-name": "开场", "c-0-i-1-points": "五分", "act": "save"}

    answer = client.post(reverse("quality:rubric_draft", args=[draft.pk]), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "满分要填数字，现在是“五分”" in page
    assert 'value="开场"' in page
    assert 'value="五分"' in page
    assert whole(draft.pk).items[0].name == "首语及连接语"


def test_a_conflict_shows_ones_own_words_and_lets_one_choose(keeper):
    client, draft = as_(keeper), draft_rubric(by=keeper)
    data = typed(client, draft) | {"note": "我的", "act": "save"}
    other = world.with_role(world.person("何建国", None), Role.DEPARTMENT)
    save_rubric(draft.pk, standard(note="他的"), seen=edit_mark(draft), by=other)

    answer = client.post(reverse("quality:rubric_draft", args=[draft.pk]), data)
    assert answer.status_code == 409
    assert "何建国" in answer.content.decode()
    assert 'value="我的"' in answer.content.decode()
    client.post(reverse("quality:rubric_draft", args=[draft.pk]), {**data, "act": "mine"})
    assert whole(draft.pk).note == "我的"


def test_rows_move_without_anything_being_stored(keeper):
    client, draft = as_(keeper), draft_rubric(by=keeper)
    before, data = whole(draft.pk), typed(client, draft)

    answer = client.post(
        reverse("quality:rubric_draft", args=[draft.pk]),
        {**data, "act": "down_item:0-0"},
        headers={"HX-Request": "true"},
    )

    assert [item.name for item in answer.context["sheet"].categories[0].items[:2]] == ["聆听能力", "首语及连接语"]
    assert "<html" not in answer.content.decode()
    assert whole(draft.pk) == before


@pytest.mark.parametrize(
    "act", ["up_item:0-0", "drop_item:0-99", "drop_item:9-9", "up_item", "x", "drop_level:0-0-0-0", "up_item:a-b"]
)
def test_a_move_that_leads_nowhere_changes_nothing(keeper, act):
    client, draft = as_(keeper), draft_rubric(by=keeper)

    answer = client.post(reverse("quality:rubric_draft", args=[draft.pk]), {**typed(client, draft), "act": act})

    names = [item.name for category in answer.context["sheet"].categories for item in category.items]
    assert names == [item.name for item in whole(draft.pk).items]


def test_an_item_goes_over_the_edge_of_its_category(keeper):
    client, draft = as_(keeper), draft_rubric(by=keeper)
    act = {"act": "up_item:1-0"}

    answer = client.post(reverse("quality:rubric_draft", args=[draft.pk]), {**typed(client, draft), **act})

    assert answer.context["sheet"].categories[0].items[-1].name == "业务熟悉"


def test_the_pages_take_few_statements(keeper):
    client, draft = as_(keeper), draft_rubric(by=keeper)
    client.get("/rubric/")

    for address in ("/rubric/", f"/rubric/drafts/{draft.pk}/", f"/rubric/drafts/{draft.pk}/publish/"):
        assert statements(partial(client.get, address)) <= 15


def typed(client: Client, draft: Rubric) -> dict[str, str]:
    """All fields of the editor as it is shown."""
    page = client.get(reverse("quality:rubric_draft", args=[draft.pk]))
    sheet, data = page.context["sheet"], {"seen": page.context["mark"]}
    data |= {name: str(sheet.head[name].value() or "") for name in sheet.head.fields}
    for c, category in enumerate(sheet.categories):
        data |= {f"c-{c}-name": category.name, f"c-{c}-en": category.name_en}
        for i, row in enumerate(category.items):
            at = f"c-{c}-i-{i}"
            data |= {f"{at}-name": row.name, f"{at}-en": row.name_en, f"{at}-points": row.points}
            data |= {f"{at}-na": "1"} if row.may_not_apply else {}
            for n, level in enumerate(row.levels):
                data |= {f"{at}-l-{n}-points": level.points, f"{at}-l-{n}-zh": level.description}
                data |= {f"{at}-l-{n}-en": level.description_en}
    for f, fault in enumerate(sheet.faults):
        data |= {f"f-{f}-code": fault.code, f"f-{f}-name": fault.name, f"f-{f}-en": fault.name_en}
        data |= {f"f-{f}-kind": fault.kind}
    return data
