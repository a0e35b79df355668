"""Both standards: 27 and 15 entries to read for everybody, edited by who keeps them, never changing what is decided."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.log import events_about
from common.errors import ConflictError
from incidents.models import Bonus, BonusKind, EventRules, IncidentKind, Severity
from incidents.selectors.rules import rules_on
from incidents.selectors.standards import standard_on
from incidents.services.standards import (
    BonusKindFacts,
    IncidentKindFacts,
    RulesFacts,
    StepFacts,
    save_bonus_kind,
    save_incident_kind,
    save_severity,
    set_event_rules,
    switch_bonus_kind,
    switch_incident_kind,
)
from tests.counting import statements
from tests.incidents.claims import Cast, as_, confirmed, draft, last_event, make_cast, raised, refusal

pytestmark = pytest.mark.django_db
PAGE = reverse("incidents:standards")
EDITORS = ("leader", "manager", "hr")
OTHERS = ("member", "auditor", "boss", "agent", "head", "stranger")


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def incident(code: str = "I04") -> IncidentKind:
    return IncidentKind.objects.select_related("severity").get(code=code)


def facts_of(kind: IncidentKind, **changed: Any) -> IncidentKindFacts:
    told: dict[str, Any] = {
        "category": kind.category,
        "category_en": kind.category_en,
        "name": kind.name,
        "name_en": kind.name_en,
    }
    return IncidentKindFacts(**{**told, "severity_id": kind.severity_id, "points": kind.points, **changed})


def bonus_facts(kind: BonusKind, **changed: Any) -> BonusKindFacts:
    steps = tuple(StepFacts(points=one.points, label=one.label, label_en=one.label_en) for one in kind.steps.all())
    return BonusKindFacts(**{"name": kind.name, "name_en": kind.name_en, "cap": kind.cap, "steps": steps, **changed})


def last_rules() -> EventRules:
    return EventRules.objects.order_by("-starts_on", "-pk")[0]


def rules(**changed: Any) -> RulesFacts:
    told: dict[str, Any] = {
        "starts_on": timezone.localdate(),
        "statement_days": 3,
        "repeat_months": 6,
        "repeat_moves_up": False,
    }
    return RulesFacts(**{**told, **changed})


def set_rules(cast: Cast, **changed: Any) -> EventRules:
    return set_event_rules(rules(**changed), seen=last_rules().pk, by=cast["leader"])


def test_the_defaults_are_27_incident_kinds_and_15_bonus_kinds(cast):
    standard = standard_on(date(2026, 10, 1))

    assert (standard.incident_count, standard.bonus_count, len(standard.severities)) == (27, 15, 4)
    assert [one.name for one in standard.categories][:3] == ["服务", "业务", "安全"]
    for kind in IncidentKind.objects.select_related("severity"):
        assert kind.severity.low <= kind.points <= kind.severity.high
    critical = standard.severities[-1]
    assert (critical.voids_bonus, critical.bars_top_grade) == (True, True)


@pytest.mark.parametrize("who", ["agent", "stranger", "auditor", "leader"])
def test_everybody_reads_both_standards(cast, who):
    shown = as_(cast[who]).get(PAGE).content.decode()

    for words in (
        "辱骂客户或故意激化矛盾",
        "当月不计加分",
        "当年不得评 A",
        "第2名",
        "再犯按上一档扣分",
        "2 个工作日内说明情况",
    ):
        assert words in shown
    assert ("停用" in shown) == (who == "leader")


def test_the_categories_have_their_english_too(cast):
    client = as_(cast["agent"])
    client.cookies["django_language"] = "en"

    shown = client.get(PAGE).content.decode()
    assert all(words in shown for words in ("Service", "Discipline", "Abusing a customer", "Incident standard"))
    assert not any(category in shown for category in ("服务", "纪律"))


def test_a_word_narrows_both(cast):
    standard = standard_on(date(2026, 10, 1), text="投诉")

    assert {kind.code for one in standard.categories for kind in one.kinds} == {"I03", "I06"}
    assert [kind.code for kind in standard.bonuses] == ["B05"]
    assert "没有这样的条目" in as_(cast["agent"]).get(PAGE, {"text": "没有的词"}).content.decode()


def test_the_page_asks_the_same_however_long_the_standard_is(cast):
    client = as_(cast["leader"])
    few = statements(lambda: client.get(PAGE))
    severity = Severity.objects.get(code="L1")
    IncidentKind.objects.bulk_create(
        IncidentKind(code=f"X{n}", category="服务", name=f"条目{n}", severity=severity, points=1) for n in range(300)
    )

    assert statements(lambda: client.get(PAGE)) == few <= 15


@pytest.mark.parametrize("who", EDITORS)
def test_who_keeps_the_standards_changes_an_entry(cast, who):
    kind = incident()

    saved = save_incident_kind(kind.pk, facts=facts_of(kind, points=Decimal(4)), version=1, by=cast[who])

    assert (saved.points, saved.version, saved.source) == (Decimal(4), 2, "own")
    told = last_event(saved)
    before, after = told.before or {}, told.after or {}
    assert (before["points"], after["points"], told.actor_name) == ("5.00", "4", cast[who].name)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_changes_anything(cast, who):
    kind, bonus, severity = incident(), BonusKind.objects.get(code="B01"), Severity.objects.get(code="L1")
    by = cast[who]

    assert refusal(save_incident_kind, kind.pk, facts=facts_of(kind), version=1, by=by) == "not_allowed"
    assert refusal(save_bonus_kind, bonus.pk, facts=bonus_facts(bonus), version=1, by=by) == "not_allowed"
    assert refusal(switch_incident_kind, kind.pk, is_active=False, by=by) == "not_allowed"
    assert refusal(switch_bonus_kind, bonus.pk, is_active=False, by=by) == "not_allowed"
    assert refusal(save_severity, severity.pk, low=Decimal(1), high=Decimal(2), version=1, by=by) == "not_allowed"
    assert refusal(set_event_rules, rules(), seen=last_rules().pk, by=by) == "not_allowed"
    client = as_(by)
    for name, args in (
        ("incident_kind", [kind.pk]),
        ("new_incident_kind", []),
        ("bonus_kind", [bonus.pk]),
        ("new_bonus_kind", []),
        ("severity", [severity.pk]),
        ("event_rules", []),
    ):
        url = reverse(f"incidents:{name}", args=args)
        assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    assert client.post(reverse("incidents:switch_kind", args=["bonuses", bonus.pk]), {"act": "off"}).status_code == 403


def test_the_later_of_two_editors_sees_what_the_other_saved(cast):
    kind, bonus, severity = incident(), BonusKind.objects.get(code="B01"), Severity.objects.get(code="L1")
    save_incident_kind(kind.pk, facts=facts_of(kind, points=Decimal(4)), version=1, by=cast["leader"])
    save_bonus_kind(bonus.pk, facts=bonus_facts(bonus, cap=Decimal(4)), version=1, by=cast["leader"])
    save_severity(severity.pk, low=Decimal(1), high=Decimal("2.5"), version=1, by=cast["leader"])

    with pytest.raises(ConflictError) as caught:
        save_incident_kind(kind.pk, facts=facts_of(kind, points=Decimal(3)), version=1, by=cast["hr"])
    assert caught.value.theirs == "无故挂断客户电话 一般 4.00"
    wanted = bonus_facts(bonus, cap=Decimal(5))
    assert refusal(save_bonus_kind, bonus.pk, facts=wanted, version=None, by=cast["hr"]) == "changed_meanwhile"
    told = {"low": Decimal(1), "high": Decimal(2), "version": 1}
    assert refusal(save_severity, severity.pk, **told, by=cast["hr"]) == "changed_meanwhile"
    stale = last_rules().pk
    set_rules(cast)
    assert refusal(set_event_rules, rules(), seen=stale, by=cast["hr"]) == "changed_meanwhile"


def test_a_conflict_on_the_page_keeps_what_was_typed_and_saving_again_is_meant(cast):
    kind = incident()
    save_incident_kind(kind.pk, facts=facts_of(kind, points=Decimal(4)), version=1, by=cast["leader"])
    url, client = reverse("incidents:incident_kind", args=[kind.pk]), as_(cast["hr"])
    data = {"name": "挂断客户电话", "category": kind.category, "severity": kind.severity_id, "points": "3"}

    answer = client.post(url, {**data, "version": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "现在是：无故挂断客户电话 一般 4.00" in shown
    assert 'value="挂断客户电话"' in shown
    assert 'name="version" value="2"' in shown
    assert client.post(url, {**data, "version": "2"}).status_code == 302
    assert incident().name == "挂断客户电话"


def test_a_new_entry_gets_the_next_code_and_stands_last(cast):
    severity = Severity.objects.get(code="L2")
    facts = IncidentKindFacts(category="服务", name="泄露考核分数", severity_id=severity.pk, points=Decimal(3))
    made = save_incident_kind(None, facts=facts, version=None, by=cast["hr"])
    bonus = save_bonus_kind(
        None,
        facts=BonusKindFacts(name="专利", cap=None, steps=(StepFacts(points=Decimal(5)),)),
        version=None,
        by=cast["hr"],
    )

    assert (made.code, bonus.code, made.version) == ("I28", "B16", 1)
    assert last_event(made).before is None
    assert IncidentKind.objects.order_by("-order")[0] == made
    assert raised(cast, "B16").points == Decimal(5)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "旷工（每半天）"}, "name_taken"),
        ({"category": " "}, "category_missing"),
        ({"severity_id": 0}, "severity_missing"),
        ({"points": Decimal("5.01")}, "outside_range"),
        ({"points": Decimal("2.99")}, "outside_range"),
        ({"points": Decimal("3.001")}, "out_of_range"),
        ({"points": Decimal("NaN")}, "out_of_range"),
    ],
)
def test_an_incident_kind_must_fit(cast, changed, code):
    kind = incident()

    assert refusal(save_incident_kind, kind.pk, facts=facts_of(kind, **changed), version=1, by=cast["hr"]) == code
    assert incident().version == 1


@pytest.mark.parametrize(
    ("steps", "cap", "code"),
    [
        ((), "3", "steps_missing"),
        ((("", "0"),), "3", "out_of_range"),
        ((("", "1"), ("第2名", "2")), "3", "labels_missing"),
        ((("第1名", "1"), ("第1名", "2")), "3", "labels_missing"),
        ((("", "4"),), "3", "cap_below_points"),
        ((("", "1"),), "101", "out_of_range"),
        (tuple((f"第{n}名", "1") for n in range(9)), "3", "steps_missing"),
    ],
)
def test_a_bonus_kind_must_fit(cast, steps, cap, code):
    kind = BonusKind.objects.get(code="B12")
    given = tuple(StepFacts(label=label, points=Decimal(points)) for label, points in steps)
    facts = bonus_facts(kind, steps=given, cap=Decimal(cap))

    assert refusal(save_bonus_kind, kind.pk, facts=facts, version=1, by=cast["hr"]) == code
    assert kind.steps.count() == 3


def test_a_changed_standard_leaves_what_was_raised_and_decided_alone(cast):
    counted, waiting = confirmed(cast, "B01"), raised(cast, "B01", grounds="等着的")
    chosen = draft(cast["agent"], "B01")
    kind = BonusKind.objects.get(code="B01")
    facts = bonus_facts(kind, cap=Decimal(9), steps=(StepFacts(points=Decimal(2)),))
    save_bonus_kind(kind.pk, facts=facts, version=1, by=cast["leader"])

    for bonus in (counted, waiting):
        row = Bonus.objects.get(pk=bonus.pk)
        assert (row.points, row.cap) == (Decimal(1), Decimal(3))
    fresh = raised(cast, "B01", grounds="新的")
    assert (fresh.points, fresh.cap) == (Decimal(2), Decimal(9))
    answer = as_(cast["agent"]).post(
        reverse("incidents:new_bonus"),
        {"employee": cast["agent"].number, "step": chosen.step_id, "occurred_on": "2026-10-13", "text": "旧页面"},
    )
    assert "加分标准刚改过" in answer.content.decode()


def test_an_entry_is_taken_out_of_use_and_back(cast):
    kind, bonus = incident(), BonusKind.objects.get(code="B01")
    old = raised(cast, "B01")
    switch_incident_kind(kind.pk, is_active=False, by=cast["hr"])
    switch_bonus_kind(bonus.pk, is_active=False, by=cast["hr"])

    standard = standard_on(date(2026, 10, 1))
    assert (standard.incident_count, standard.bonus_count) == (26, 14)
    assert refusal(raised, cast, "B01", grounds="再来") == "kind_missing"
    assert "客户表扬" in as_(cast["agent"]).get(reverse("incidents:bonus", args=[old.pk])).content.decode()
    assert refusal(switch_bonus_kind, bonus.pk, is_active=False, by=cast["hr"]) == "nothing_to_do"
    switch_incident_kind(kind.pk, is_active=True, by=cast["leader"])
    switch_bonus_kind(bonus.pk, is_active=True, by=cast["leader"])
    assert standard_on(date(2026, 10, 1)).incident_count == 27
    assert [event.after for event in events_about(bonus)] == [
        {"is_active": on, "name": bonus.name} for on in (False, True)
    ]


def test_an_entry_comes_back_only_if_its_points_are_still_in_the_range_and_its_name_free(cast):
    kind = incident("I10")  # 8 of 8 to 10
    switch_incident_kind(kind.pk, is_active=False, by=cast["hr"])
    switch_incident_kind(incident("I21").pk, is_active=False, by=cast["hr"])
    severity = Severity.objects.get(code="L3")
    save_severity(severity.pk, low=Decimal(9), high=Decimal(10), version=1, by=cast["hr"])

    assert refusal(switch_incident_kind, kind.pk, is_active=True, by=cast["hr"]) == "outside_range"
    bonus = BonusKind.objects.get(code="B01")
    switch_bonus_kind(bonus.pk, is_active=False, by=cast["hr"])
    facts = bonus_facts(bonus)
    save_bonus_kind(None, facts=facts, version=None, by=cast["hr"])
    assert refusal(switch_bonus_kind, bonus.pk, is_active=True, by=cast["hr"]) == "name_taken"


def test_a_range_that_leaves_out_entries_in_use_is_refused_naming_them(cast):
    severity = Severity.objects.get(code="L1")
    client, url = as_(cast["hr"]), reverse("incidents:severity", args=[severity.pk])

    answer = client.post(url, {"low": "1.5", "high": "2", "version": "1"})

    assert answer.status_code == 422
    assert "I15 迟到或早退 1.00" in answer.content.decode()
    assert "I01" not in answer.content.decode()
    assert client.post(url, {"low": "0.5", "high": "2.5", "version": "1"}).status_code == 302
    severity.refresh_from_db()
    assert (severity.low, severity.high) == (Decimal("0.5"), Decimal("2.5"))
    assert last_event(severity).before == {"low": "1.00", "high": "2.00"}


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [("5", "3", "wrong_order"), ("0", "5", "out_of_range"), ("1.99", "5", "overlaps"), ("3", "8.01", "overlaps")],
)
def test_a_range_runs_upwards_and_does_not_reach_into_the_next(cast, low, high, code):
    severity = Severity.objects.get(code="L2")
    told = {"low": Decimal(low), "high": Decimal(high), "version": 1}

    assert refusal(save_severity, severity.pk, **told, by=cast["hr"]) == code
    assert save_severity(severity.pk, low=Decimal(2), high=Decimal(8), version=1, by=cast["hr"]).high == Decimal(8)


def test_new_rules_hold_from_their_day_and_the_old_ones_stay(cast):
    today = timezone.localdate()
    before = EventRules.objects.get()
    set_rules(cast, starts_on=today + timedelta(days=10), note="小组决定")

    assert rules_on(today) == before
    later = rules_on(today + timedelta(days=10))
    assert (later.version, later.statement_days, later.repeat_months, later.created_by) == (
        "2.0",
        3,
        6,
        cast["leader"],
    )
    before.refresh_from_db()
    assert (before.statement_days, before.repeat_months) == (2, 12)
    assert (last_event(later).before or {})["statement_days"] == 2
    assert "第 2.0 版" in as_(cast["agent"]).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts_on": timezone.localdate() - timedelta(days=1)}, "too_early"),
        ({"statement_days": 31}, "out_of_range"),
        ({"repeat_months": 61}, "out_of_range"),
    ],
)
def test_rules_do_not_reach_back_and_stay_within_reason(cast, changed, code):
    assert refusal(set_rules, cast, **changed) == code


def test_no_rules_are_put_under_later_ones_but_the_same_day_may_be_set_again(cast):
    day = timezone.localdate() + timedelta(days=10)
    set_rules(cast, starts_on=day)

    assert refusal(set_rules, cast, starts_on=day - timedelta(days=1)) == "too_early"
    again = set_rules(cast, starts_on=day, statement_days=5)
    assert rules_on(day) == again


def test_the_sheets_are_filled_and_saved_in_the_browser(cast):
    client, kind = as_(cast["leader"]), BonusKind.objects.get(code="B12")
    url = reverse("incidents:bonus_kind", args=[kind.pk])
    assert 'name="points-2" value="1"' in client.get(url).content.decode()

    data = {"name": kind.name, "cap": "", "version": "1", "label-0": "金奖", "points-0": "4", "label-1": "银奖"}
    refused = client.post(url, data | {"points-1": "两分"})
    assert refused.status_code == 422
    assert 'value="两分"' in refused.content.decode()
    assert client.post(url, data | {"points-1": "2"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.cap, [f"{one.label}{one.points}" for one in kind.steps.all()]) == (None, ["金奖4.00", "银奖2.00"])
    page = client.get(reverse("incidents:event_rules")).content.decode()
    assert f'name="version" value="{last_rules().pk}"' in page
    told = {"starts_on": timezone.localdate().isoformat(), "statement_days": "3", "repeat_months": "0"}
    assert client.post(reverse("incidents:event_rules"), {**told, "version": last_rules().pk}).status_code == 302
    assert "同类事故不看以往" in client.get(PAGE).content.decode()
    new = {"name": "泄露分数", "category": "考核", "severity": Severity.objects.get(code="L2").pk, "points": "3"}
    assert client.post(reverse("incidents:new_incident_kind"), new).status_code == 302
    switched = client.post(reverse("incidents:switch_kind", args=["incidents", incident("I28").pk]), {"act": "off"})
    assert switched.headers["Location"] == PAGE
    assert client.post(reverse("incidents:switch_kind", args=["rubbish", 1]), {"act": "off"}).status_code == 404
    assert client.get(reverse("incidents:bonus_kind", args=[99999])).status_code == 404
    assert "最近改动" in client.get(PAGE).content.decode()
