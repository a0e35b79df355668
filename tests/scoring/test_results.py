"""The result's page: who sees what of it, what it explains, and how it is signed."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from time_machine import travel

from appraisals.models import Item, UpwardScore, UpwardTurn
from appraisals.permissions import hats_on, visible_forms
from appraisals.states import FormState
from people.selectors import standing_of
from people.states import Role
from policy.rounding import ZERO
from scoring.facts.snapshots import read_snapshot
from scoring.models import Result, Signature
from scoring.permissions import can_view_pay, can_view_result, visible_results
from scoring.selectors.terms import result_terms
from scoring.services.consolidation import consolidate_forms, withdraw_consolidation
from scoring.services.publication import publish_results, withdraw_publication
from scoring.services.signing import sign_result
from scoring.states import Side
from scoring.views.explained import explained
from tests import world
from tests.counting import statements
from tests.scoring.board import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def consolidated(month, form):
    consolidate_forms(form.cycle_id, form_ids=[form.pk], by=month.leader)
    return Result.objects.get(form=form, superseded_at=None)


def published(month, form):
    consolidated(month, form)
    publish_results(form.cycle_id, form_ids=[form.pk], by=month.leader)
    return Result.objects.get(form=form, superseded_at=None)


def address(form) -> str:
    return f"/results/{form.pk}/"


def signing(result, **words) -> dict[str, str]:
    return {"digest": result.digest, "choice": "agree", "password": PASSWORD, **words}


def test_the_rule_for_a_result_and_the_rule_for_the_list_agree(month):
    auditor = world.with_role(world.person("孙悦", None), Role.AUDITOR)
    published(month, month.form)
    consolidated(month, month.second_form)
    consolidated(month, month.own_form)
    withdraw_consolidation(month.own_form.pk, reason="数据更正", by=month.leader)
    people = [getattr(month, name) for name in ("manager", "leader", "officer", "hr", "supervisor", "agent")]
    counts = []
    for person in (*people, month.second_agent, auditor):
        standing = standing_of(person, timezone.localdate())
        rows = set(visible_results(person, standing).values_list("pk", flat=True))
        found = Result.objects.select_related("form__cycle")
        assert rows == {result.pk for result in found if can_view_result(person, result, standing)}
        counts.append(len(rows))
    # HR loses sight of what is open again; the supervisor sees two of his own people and not himself.
    assert counts == [3, 3, 3, 2, 2, 1, 0, 3]


@pytest.mark.parametrize("number", ["999999", "9" * 30, "9" * 5000, "²"])
def test_a_number_that_is_no_results_is_passed_over(month, client, number):
    publish_month = {"password": PASSWORD, "form": [number, str(month.form.pk)]}

    answer = signed_in(client, month.supervisor).post("/results/to-sign/sign/", publish_month)

    assert answer.status_code in {302, 422}


def test_a_superior_who_has_left_opens_only_his_own(month):
    left, today = month.supervisor, timezone.localdate()
    left.left_on = today - timedelta(days=1)
    left.save()

    assert set(visible_forms(left, standing_of(left, today))) == {month.own_form}
    assert not hats_on(month.form, left)


def test_amounts_are_for_oneself_and_hr(month):
    result = published(month, month.form)

    seeing = {
        name: can_view_pay(getattr(month, name), result, standing_of(getattr(month, name), timezone.localdate()))
        for name in ("agent", "hr", "supervisor", "officer", "leader", "manager")
    }
    assert [name for name, sees in seeing.items() if sees] == ["agent", "hr"]


@pytest.mark.parametrize(
    ("name", "status", "sees_pay"),
    [
        ("agent", 200, True),
        ("hr", 200, True),
        ("supervisor", 200, False),
        ("officer", 200, False),
        ("leader", 200, False),
        ("manager", 200, False),
        ("second_agent", 404, False),
    ],
)
def test_the_page_shows_amounts_to_whom_they_belong(month, client, name, status, sees_pay):
    result = published(month, month.form)
    signed_in(client, getattr(month, name))

    page = client.get(address(month.form))

    assert page.status_code == status
    assert ("1,120.00" in page.text) == sees_pay  # 1400 × 80 %
    assert (result.check_code in page.text) == (status == 200)


def test_one_reads_ones_result_only_once_it_is_published(month, client):
    consolidated(month, month.form)
    signed_in(client, month.agent)

    assert client.get(address(month.form)).status_code == 404
    assert client.post(f"{address(month.form)}sign/").status_code == 404
    publish_results(month.cycle.pk, form_ids=[month.form.pk], by=month.leader)
    assert client.get(address(month.form)).status_code == 200


def test_the_trend_and_the_median_are_ones_own(month, client):
    published(month, month.form)

    signed_in(client, month.agent)
    assert "趋势" in client.get(address(month.form)).text
    signed_in(client, month.supervisor)
    assert "趋势" not in client.get(address(month.form)).text


def test_the_waterfall_goes_from_full_marks_to_the_score(month):
    day = date(2026, 10, 9)
    world.involvement(month.agent, month.leader, month.supervisor, day=day)
    world.bonus(month.agent, month.leader, month.supervisor, day=day, points="0.5")
    Item.objects.filter(form=month.form, name="月度重点").update(not_applicable_reason="项目顺延")

    told = explained(read_snapshot(consolidated(month, month.form).snapshot))

    rows = [(row["no"], row["kind"], row["change"], row["after"]) for row in told.rows]
    assert rows == [
        ("一", "lost", Decimal("-14.00"), Decimal("76.00")),
        ("二", "off", ZERO, Decimal("76.00")),
        ("三", "lost", Decimal("-4.00"), Decimal("72.00")),
        ("四", "off", ZERO, Decimal("72.00")),
        ("五", "bad", Decimal("-2.00"), Decimal("70.00")),
        ("六", "ok", Decimal("0.50"), Decimal("70.50")),
    ]
    assert (told.full, told.score, told.coefficient) == (Decimal(90), Decimal("70.50"), Decimal("78.33"))
    assert told.marks.solid == 70


def test_a_mean_of_ratings_is_shown_with_its_count_and_never_who_gave_which(month, client):
    for number in range(3):
        rater = world.person(f"评分人{number}", superior=month.supervisor)
        UpwardTurn.objects.create(form=month.own_form, rater=rater, is_done=True)
        UpwardScore.objects.create(item=Item.objects.get(form=month.own_form, part="management"), points=6 + number)
    published(month, month.own_form)
    signed_in(client, month.supervisor)

    page = client.get(address(month.own_form)).text

    assert re.search(r"7\.00\s*<span class=\"tg\">3 人", page)
    assert "评分人" not in page


def test_the_page_shows_the_snapshot_and_not_what_was_changed_since(month, client):
    published(month, month.form)
    Item.objects.filter(form=month.form, name="接通率").update(name="改过的名字")
    signed_in(client, month.agent)

    page = client.get(address(month.form)).text

    assert "接通率" in page
    assert "改过的名字" not in page


def test_terms_run_from_the_day_after_the_publication_in_working_days(month):
    with travel(datetime(2026, 9, 28, 17, tzinfo=SHANGHAI), tick=False):  # Monday before the National Day week
        result = published(month, month.form)
    result = Result.objects.select_related("form__cycle__scheme").get(pk=result.pk)

    terms = result_terms([result], date(2026, 10, 8))[result.pk]

    assert (terms.sign.starts_on, terms.sign.due_on, terms.sign.left) == (date(2026, 9, 29), date(2026, 10, 8), 1)
    assert (terms.appeal.due_on, terms.appeal.left, terms.appeal.passed) == (date(2026, 10, 10), 3, 2)
    over = result_terms([result], date(2026, 10, 11))[result.pk].appeal
    assert (over.is_over, over.passed) == (True, 5)


def test_nothing_is_chosen_before_one_signs(month, client):
    published(month, month.form)
    signed_in(client, month.agent)

    page = client.get(address(month.form)).text

    assert page.count('name="choice"') == 2
    assert not re.search(r'name="choice"[^>]*checked', page)


def test_both_sign_by_their_passwords(month, client):
    result = published(month, month.form)

    for person in (month.supervisor, month.agent):
        signed_in(client, person)
        assert client.post(f"{address(month.form)}sign/", signing(result)).status_code == 302

    month.form.refresh_from_db()
    assert month.form.state == FormState.SIGNED
    assert {signature.side for signature in Signature.objects.all()} == set(Side)


def test_an_objection_is_kept_and_shown_to_both(month, client):
    result = published(month, month.form)
    signed_in(client, month.agent)

    client.post(f"{address(month.form)}sign/", signing(result, choice="object", objection="差错一项对方已撤销"))

    signed_in(client, month.supervisor)
    assert "差错一项对方已撤销" in client.get(address(month.form)).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"password": "wrong"}, "密码不对，没有签。"),
        ({"password": ""}, "填你的登录密码"),
        ({"choice": ""}, "选“同意结果”或“带异议签认”。"),
        ({"choice": "object", "objection": " "}, "写一句你对哪里有异议。"),
    ],
)
def test_what_is_missing_for_a_signature_is_said_and_nothing_signed(month, client, words, said):
    result = published(month, month.form)
    signed_in(client, month.agent)

    page = client.post(f"{address(month.form)}sign/", signing(result, **words))

    assert page.status_code == 422
    assert said in page.text
    assert not Signature.objects.exists()


def test_a_wrong_password_keeps_the_objection_that_was_typed(month, client):
    result = published(month, month.form)
    signed_in(client, month.agent)

    typed = signing(result, choice="object", objection="差错一项对方已撤销", password="wrong")

    assert "差错一项对方已撤销" in client.post(f"{address(month.form)}sign/", typed).text


def test_a_version_that_was_replaced_is_not_signed(month, client):
    seen = published(month, month.form)
    withdraw_publication(month.form.pk, reason="数据更正", by=month.leader)
    published(month, month.form)
    signed_in(client, month.agent)

    page = client.post(f"{address(month.form)}sign/", signing(seen), follow=True)

    assert "结果换了新的一版" in page.text
    assert not Signature.objects.exists()


def test_one_signs_once(month, client):
    result = published(month, month.form)
    signed_in(client, month.agent)
    client.post(f"{address(month.form)}sign/", signing(result))

    page = client.post(f"{address(month.form)}sign/", signing(result), follow=True)

    assert "你已经签过了。" in page.text
    assert Signature.objects.count() == 1


def test_passwords_are_not_tried_without_end(month, client):
    result = published(month, month.form)
    signed_in(client, month.agent)
    for _try in range(10):
        client.post(f"{address(month.form)}sign/", signing(result, password="wrong"))

    page = client.post(f"{address(month.form)}sign/", signing(result), follow=True)

    assert "密码试得太多" in page.text
    assert not Signature.objects.exists()


def test_versions_are_listed_and_an_older_one_can_be_read(month, client):
    published(month, month.form)
    withdraw_publication(month.form.pk, reason="数据更正", by=month.leader)
    signed_in(client, month.agent)
    assert "第 1 版在" in client.get(address(month.form)).text  # withdrawn, and nothing newer is out
    published(month, month.form)

    page = client.get(address(month.form)).text
    assert "第 2 版" in page
    assert "收回：数据更正" in page
    old = client.get(f"{address(month.form)}?version=1").text
    assert "看现在这一版" in old
    assert 'name="choice"' not in old
    assert client.get(f"{address(month.form)}?version=9").status_code == 404


def test_the_months_before_and_after_are_one_click_away(month, client):
    before = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1), share="0.7")
    published(month, before)
    published(month, month.form)
    signed_in(client, month.agent)

    page = client.get(address(month.form)).text
    assert f'rel="prev" href="{address(before)}"' in page
    assert "比 9月高 10.00" in page
    assert f'rel="next" href="{address(month.form)}"' in client.get(address(before)).text


def test_the_appeal_says_how_and_until_when_and_has_no_dead_button(month, client):
    with travel(datetime(2026, 11, 6, 17, tzinfo=SHANGHAI), tick=False):
        published(month, month.form)
        signed_in(client, month.agent)
        page = client.get(address(month.form)).text
    assert "可以逐项申诉，11月13日 周五 24:00 前（送达后 5 个工作日内）提交" in page
    assert "提出申诉" in page
    with travel(datetime(2026, 11, 14, 9, tzinfo=SHANGHAI), tick=False):
        client.force_login(month.agent.account)
        assert "申诉期到 11月13日 24:00 为止，已经结束" in client.get(address(month.form)).text


def test_ones_results_are_listed_newest_first_and_only_the_published(month, client):
    older = world.ready_form(month.agent, month.supervisor, month=date(2026, 9, 1))
    published(month, older)
    published(month, month.form)
    consolidated(month, world.ready_form(month.agent, month.supervisor, month=date(2026, 11, 1)))
    signed_in(client, month.agent)

    rows = client.get("/results/").context["rows"]

    assert [row["result"].form_id for row in rows] == [month.form.pk, older.pk]


def test_an_owner_signs_his_people_together_each_as_it_was_shown(month, client):
    results = [published(month, form) for form in (month.form, month.second_form)]
    published(month, month.own_form)
    signed_in(client, month.supervisor)
    rows = client.get("/results/to-sign/").context["rows"]
    assert [row["result"] for row in rows] == results  # not his own

    typed = {f"digest-{result.form_id}": result.digest for result in results}
    typed[f"digest-{month.second_form.pk}"] = "stale"
    ids = [result.form_id for result in results]
    page = client.post("/results/to-sign/sign/", {**typed, "form": ids, "password": PASSWORD}, follow=True)

    assert "已签认 1 人的结果" in page.text
    assert "结果换了新的一版" in page.text
    assert [signature.result for signature in Signature.objects.all()] == results[:1]


@pytest.mark.parametrize(("ticked", "password"), [(True, "wrong"), (False, PASSWORD)])
def test_signing_together_needs_a_tick_and_the_password(month, client, ticked, password):
    result = published(month, month.form)
    signed_in(client, month.supervisor)
    typed = {f"digest-{month.form.pk}": result.digest, "password": password}

    page = client.post("/results/to-sign/sign/", typed | ({"form": month.form.pk} if ticked else {}))

    assert page.status_code == 422
    assert not Signature.objects.exists()


def test_somebody_elses_result_is_not_signed_with_the_others(month, client):
    result = published(month, month.own_form)
    signed_in(client, month.agent)

    typed = {"form": month.own_form.pk, f"digest-{month.own_form.pk}": result.digest, "password": PASSWORD}
    client.post("/results/to-sign/sign/", typed)

    assert not Signature.objects.exists()


def test_the_pages_take_as_many_statements_for_many_as_for_few(month, client):
    for number in range(1, 3):
        published(month, world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1)))
    published(month, month.form)
    published(month, month.second_form)
    addresses = {address(month.form): month.agent, "/results/": month.agent, "/results/to-sign/": month.supervisor}
    few = {}
    for page, person in addresses.items():
        signed_in(client, person).get(page)
        few[page] = statements(partial(client.get, page))

    for number in range(3, 9):
        published(month, world.ready_form(month.agent, month.supervisor, month=date(2026, number, 1)))
    for number in range(6):
        form = world.ready_form(
            world.graded(world.person(f"员工{number}", superior=month.supervisor)), month.supervisor
        )
        result = published(month, form)
        sign_result(form.pk, digest=result.digest, by=form.employee)

    for page, person in addresses.items():
        signed_in(client, person)
        assert statements(partial(client.get, page)) == few[page] <= 15
