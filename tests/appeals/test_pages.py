"""The pages of appeals: who reads what, what each may do there, and what nobody is told."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from appeals.facts import ItemRuling
from appeals.models import Appeal
from appeals.services.filing import AppealDraft, draft_appeal, submit_appeal
from appeals.services.further import take_further
from appeals.states import AppealState
from appraisals.models import Form
from appraisals.states import DataSource, FormState
from scoring.models import AnnualResult, AnnualReview
from scoring.services.publication import withdraw_publication
from scoring.services.years import close_year
from scoring.states import ReviewState
from tests import world
from tests.answers import let_go
from tests.appeals.conftest import (
    as_,
    contested,
    drafted,
    examined,
    line_key,
    on,
    publish,
    rejected,
    rule,
    ruled,
    submitted,
    upheld,
)
from tests.counting import statements


def get(person, path: str, day: int = 11):
    client = as_(person)
    with on(day):
        return client.get(path)


def post(person, path: str, day: int = 11, /, **data):
    client = as_(person)
    with on(day):
        return client.post(path, data)


def text(answer) -> str:
    page: str = answer.content.decode()
    return page


def test_the_result_leads_to_the_appeal_and_a_second_click_to_the_same(cast):
    page = get(cast.agent, f"/results/{cast.form.pk}/")
    assert "提出申诉" in text(page)
    assert "书面" not in text(page)
    start = f"/appeals/start/{cast.result.pk}/"

    first, again = post(cast.agent, start), post(cast.agent, start)

    appeal = Appeal.objects.get()
    assert first.url == again.url == f"/appeals/{appeal.pk}/"
    assert "对 10月结果提出申诉" in text(get(cast.agent, first.url))


def test_a_draft_in_the_list_says_until_when_it_can_be_handed_in_and_then_that_it_cannot(cast):
    drafted(cast)

    assert "还剩 3 个工作日" in text(get(cast.agent, "/appeals/", 12))
    assert "今天 24:00 截止" in text(get(cast.agent, "/appeals/", 16))
    over = text(get(cast.agent, "/appeals/", 17))
    assert "申诉期到 11月16日 24:00 为止" in over
    assert "逾期" not in over


def test_a_ruling_says_how_long_it_can_be_taken_further(cast):
    appeal = ruled(cast, rejected())

    assert "还剩" in text(get(cast.agent, f"/appeals/{appeal.pk}/", 12))


@pytest.mark.parametrize("who", ["supervisor", "leader", "hr", "second_agent"])
def test_nobody_else_starts_one(cast, who):
    assert post(getattr(cast.month, who), f"/appeals/start/{cast.result.pk}/").status_code == 404
    assert not Appeal.objects.exists()


def test_after_the_term_there_is_no_button_but_the_way_out(cast):
    page = text(get(cast.agent, f"/results/{cast.form.pk}/", day=17))
    refused = post(cast.agent, f"/appeals/start/{cast.result.pk}/", 17)

    assert "提出申诉" not in page
    assert "可以和 周敏 约面谈" in page
    assert refused.url == f"/results/{cast.form.pk}/"
    assert not Appeal.objects.exists()


def test_a_draft_is_saved_as_it_is_typed_and_handed_in_whole(cast):
    appeal = drafted(cast)
    key = line_key(cast.result).replace(":", "-")
    path, typed = (
        f"/appeals/{appeal.pk}/",
        {f"grounds-{key}": "data", f"reason-{key}": "少算一次", f"wanted-{key}": "19"},
    )

    client = as_(cast.agent)
    with on(10):
        saved = client.post(f"{path}save/", {"version": appeal.version, **typed}, headers={"HX-Request": "true"})
        stale = client.post(f"{path}save/", {"version": appeal.version, **typed}, headers={"HX-Request": "true"})
    assert (saved.status_code, stale.status_code) == (200, 409)
    appeal.refresh_from_db()
    assert f'value="{appeal.version}" hx-swap-oob' in text(saved)
    assert (appeal.items.get().reason, appeal.items.get().wanted) == ("少算一次", Decimal(19))

    empty = post(cast.agent, f"{path}submit/", 10)
    assert (empty.status_code, "至少选一项" in text(empty)) == (422, True)
    wrong = post(
        cast.agent, f"{path}submit/", 10, **{f"reason-{key}": "x", f"grounds-{key}": "data", f"wanted-{key}": "多"}
    )
    assert "最多两位小数" in text(wrong)
    done = post(cast.agent, f"{path}submit/", 10, **typed)
    assert done.url == path
    appeal.refresh_from_db()
    assert appeal.state == AppealState.SUBMITTED


def test_evidence_goes_up_with_the_draft_comes_down_as_a_download_and_off_again(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appeal = drafted(cast)
    path = f"/appeals/{appeal.pk}/"
    bad = post(cast.agent, f"{path}save/", 10, files=SimpleUploadedFile("a.exe", b"MZ"))
    assert (bad.status_code, "不能收" in text(bad)) == (422, True)
    post(cast.agent, f"{path}save/", 10, files=SimpleUploadedFile("记录.txt", "导出".encode()))
    file = appeal.files.get()
    down = get(cast.agent, f"{path}files/{file.pk}/")
    assert down.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in down.headers["Content-Disposition"]
    let_go(down)
    assert get(cast.month.supervisor, f"{path}files/{file.pk}/").status_code == 404

    post(cast.agent, f"{path}files/{file.pk}/remove/", 10)

    assert not appeal.files.exists()


def upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "导出".encode())


def test_evidence_of_one_item_stands_beside_it_and_needs_a_reason(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appeal = drafted(cast)
    path, key = f"/appeals/{appeal.pk}/", line_key(cast.result).replace(":", "-")
    typed = {f"grounds-{key}": "data", f"wanted-{key}": ""}
    post(cast.agent, f"{path}save/", 10, **typed, **{f"reason-{key}": "", f"files-{key}": upload("单.txt")})
    assert appeal.files.get().item == appeal.items.get()
    post(cast.agent, f"{path}save/", 10, **typed, **{f"reason-{key}": ""})  # saved anew as something else is typed
    assert appeal.files.get().item == appeal.items.get()
    assert "每一项都要写理由" in text(post(cast.agent, f"{path}submit/", 10, **typed, **{f"reason-{key}": ""}))
    done = post(cast.agent, f"{path}submit/", 10, **typed, **{f"reason-{key}": "少算一次"})
    assert done.url == path

    page = text(get(cast.month.leader, path, 10))
    assert page.index("少算一次") < page.index("单.txt") < page.index("整件申诉的证据")


def test_whoever_may_see_the_calls_behind_a_mean_gets_to_them(cast):
    items = cast.form.items
    items.filter(name="差错").update(data_source=DataSource.MONITORING, provider=None)
    world.call(cast.agent, cast.month.supervisor, "18")
    with on(9):
        withdraw_publication(cast.form.pk, reason="重算", by=cast.month.leader)
        Form.objects.filter(pk=cast.form.pk).update(state=FormState.READY)
        publish(cast.month, cast.form)
    appeal = examined(cast)
    way = f"/calls/?agent={cast.agent.number}&amp;month=2026-10"
    for somebody, sees in ((cast.member, True), (cast.agent, True), (cast.month.hr, False)):
        assert (way in text(get(somebody, f"/appeals/{appeal.pk}/"))) is sees


def test_the_second_instance_shows_what_the_first_has_given(cast):
    first = ruled(cast, ItemRuling(ruling="partly", reason="少算了", points=Decimal(2)))
    with on(13):
        second = take_further(first.pk, reasons={first.items.get().pk: "还差"}, wish="", by=cast.agent)
    assert "+2.00（第一次裁定）" in text(get(cast.month.hr, f"/appeals/{second.pk}/", 13))


@pytest.mark.parametrize("who", ["supervisor", "leader", "manager", "officer", "hr", "second_agent"])
def test_a_draft_is_seen_by_its_author_alone(cast, who):
    appeal = drafted(cast)
    somebody = getattr(cast.month, who)

    assert get(somebody, f"/appeals/{appeal.pk}/").status_code == 404
    assert appeal.number not in text(get(somebody, "/appeals/"))


def test_the_case_is_read_by_those_concerned_and_those_who_answer_for_all(cast):
    appeal = examined(cast)
    month = cast.month
    for somebody in (cast.agent, month.supervisor, month.leader, month.manager, month.hr, cast.auditor, cast.member):
        assert get(somebody, f"/appeals/{appeal.pk}/").status_code == 200
        assert appeal.number in text(get(somebody, "/appeals/"))
        assert get(somebody, f"/appeals/of/{cast.form.pk}/").url == f"/appeals/{appeal.pk}/"
    for somebody in (month.officer, month.second_agent, cast.other, cast.administrator, cast.stranger):
        assert get(somebody, f"/appeals/{appeal.pk}/").status_code == 404
        assert appeal.number not in text(get(somebody, "/appeals/"))
        assert get(somebody, f"/appeals/of/{cast.form.pk}/").status_code == 404


def test_the_leader_chooses_among_the_eligible_with_their_load(cast):
    examined(cast)
    other = cast.month.second_form.results.get()
    with on(10):
        appeal = draft_appeal(other.pk, AppealDraft(items=[contested(other)]), by=cast.month.second_agent)
        submit_appeal(appeal.pk, by=cast.month.second_agent)

    page = text(get(cast.month.leader, f"/appeals/{appeal.pk}/"))

    assert "手上 1 件" in page
    assert "沈玉兰" not in page
    assert post(cast.month.leader, f"/appeals/{appeal.pk}/assign/", handler=cast.month.officer.pk).status_code == 422
    assert post(cast.month.leader, f"/appeals/{appeal.pk}/assign/", handler=cast.other.pk).status_code == 302
    assert Appeal.objects.get(pk=appeal.pk).handler == cast.other


def test_the_handler_weighs_then_rules_and_what_was_shown_is_applied(cast):
    appeal = examined(cast)
    path, item = f"/appeals/{appeal.pk}/", appeal.items.get()
    typed = {f"ruling-{item.pk}": "upheld", f"points-{item.pk}": "2", f"why-{item.pk}": "少算一次", "reason": "查过"}

    weighed = post(cast.member, f"{path}weigh/", **typed)

    page = text(weighed)
    assert weighed.status_code == 200
    assert "还没有生效" in page
    assert "82.00%" in page
    assert "1,148.00" not in page  # the handler sees that pay changes, not how much
    assert "数额只有本人和人力资源部看得到" in page
    assert cast.result.version == 1
    done = post(cast.member, f"{path}rule/", version=appeal.version, **typed)
    assert done.url == path
    assert cast.result.score == Decimal("82.00")
    assert "1,148.00" in text(get(cast.agent, path, 12))
    assert "1,148.00" in text(get(cast.month.hr, path, 12))
    for somebody in (cast.member, cast.month.supervisor, cast.month.leader, cast.auditor):
        assert "1,148.00" not in text(get(somebody, path, 12))


def test_an_incomplete_ruling_is_shown_with_its_fault_and_keeps_what_was_typed(cast):
    appeal = examined(cast)
    path, item = f"/appeals/{appeal.pk}/", appeal.items.get()
    typed = {
        f"ruling-{item.pk}": "upheld",
        f"points-{item.pk}": "9",
        f"why-{item.pk}": "少算一次",
        "reason": "查过原始",
    }

    answer = post(cast.member, f"{path}weigh/", **typed)

    assert answer.status_code == 422
    assert "最多加4.00分" in text(answer)
    assert "查过原始" in text(answer)
    assert post(cast.member, f"{path}rule/", **typed).status_code == 422
    assert cast.result.version == 1


@pytest.mark.parametrize("who", ["agent", "supervisor", "leader", "hr"])
def test_nobody_else_weighs_or_rules(cast, who):
    appeal = examined(cast)
    for name in ("weigh", "rule"):
        assert post(getattr(cast.month, who), f"/appeals/{appeal.pk}/{name}/").status_code == 404


def test_findings_are_read_by_the_parties_with_the_ruling_and_not_before(cast):
    appeal = examined(cast)
    path = f"/appeals/{appeal.pk}/"
    post(cast.member, f"{path}finding/", text="查到少算一次")
    post(cast.member, f"{path}ask/", text="请附导出")

    for somebody in (cast.agent, cast.month.supervisor):
        assert "查到少算一次" not in text(get(somebody, path))
        assert "请附导出" in text(get(somebody, path))
    assert "等你补充" in text(get(cast.agent, path))
    assert "查到少算一次" in text(get(cast.member, path))
    assert "查到少算一次" in text(get(cast.month.leader, path))
    assert post(cast.agent, f"{path}supplement/", text=" ").status_code == 422
    post(cast.agent, f"{path}supplement/", text="附上了")
    rule(Appeal.objects.get(pk=appeal.pk), rejected())
    assert "查到少算一次" in text(get(cast.agent, path, 12))


def test_the_page_names_no_rater(cast):
    appeal = examined(cast)

    for somebody in (cast.agent, cast.member):
        page = text(get(somebody, f"/appeals/{appeal.pk}/"))
        assert cast.month.second_agent.name not in page


def test_the_appellant_takes_a_ruling_further_from_its_page(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    appeal = ruled(cast, rejected())
    path, item = f"/appeals/{appeal.pk}/", appeal.items.get()

    assert "不服裁定" in text(get(cast.agent, path, 13))
    assert "不服裁定" not in text(get(cast.month.supervisor, path, 13))
    refused = post(cast.agent, f"{path}further/", 13, wish="改成18分", **{f"again-{item.pk}": "长" * 501})
    assert (refused.status_code, "长" * 501 in text(refused), "改成18分" in text(refused)) == (422, True, True)
    lost = post(cast.agent, f"{path}further/", 13, **{f"files-again-{item.pk}": upload("单.txt")})
    assert (lost.status_code, "写清楚理由" in text(lost)) == (422, True)
    typed = {f"again-{item.pk}": "记录在这里", f"files-again-{item.pk}": upload("项.txt"), "files": upload("整件.txt")}
    done = post(cast.agent, f"{path}further/", 13, wish="改成18分", **typed)

    second = Appeal.objects.get(instance=2)
    assert second.wish == "改成18分"
    assert {(file.name, file.item_id) for file in second.files.all()} == {
        ("整件.txt", None),
        ("项.txt", second.items.get().pk),
    }
    page = text(get(cast.month.hr, f"/appeals/{second.pk}/", 13))
    assert "项.txt" in page
    assert done.url == f"/appeals/{second.pk}/"
    assert second.number in text(get(cast.agent, path, 13))
    assert "等你分人受理" in text(get(cast.month.hr, "/appeals/", 13))
    assert "等你分人受理" not in text(get(cast.month.leader, "/appeals/", 13))


def test_hr_is_told_of_a_closed_year_that_a_ruling_has_overtaken(cast):
    with on(11):
        close_year(2026, completion=Decimal(100), by=cast.month.hr)
        AnnualReview.objects.update(state=ReviewState.PUBLISHED, published_at=timezone.now())
    ruled(cast, upheld("2"))

    assert "年度要更正" in text(get(cast.month.hr, "/appeals/", 12))
    assert "年度要更正" not in text(get(cast.month.leader, "/appeals/", 12))
    AnnualResult.objects.filter(employee=cast.agent).update(coefficient=82)
    assert "年度要更正" not in text(get(cast.month.hr, "/appeals/", 13))


def test_statistics_count_items_by_indicator_and_owner_and_are_not_everybodys(cast):
    appeal = examined(cast, contested(cast.result), contested(cast.result, "接通率"))
    rule(appeal, upheld("2"), rejected())

    for somebody in (cast.month.leader, cast.month.manager, cast.month.hr, cast.auditor):
        page = text(get(somebody, "/appeals/statistics/", 13))
        assert "50.00" in page
        assert "接通率" in page
        assert "周敏" in page
    for somebody in (cast.agent, cast.member, cast.month.supervisor, cast.administrator):
        assert get(somebody, "/appeals/statistics/", 13).status_code == 403


def test_an_appeal_shows_on_the_result_and_on_hrs_month(cast):
    submitted(cast)

    page = text(get(cast.agent, f"/results/{cast.form.pk}/"))
    assert "申诉中" in page
    assert f"/appeals/of/{cast.form.pk}/" in page
    assert "申诉中" in text(get(cast.month.hr, "/hr/2026-10/"))


def test_the_corrected_result_says_what_the_appeal_added_and_keeps_the_old_version(cast):
    appeal = ruled(cast, upheld("2"))

    page = text(get(cast.agent, f"/results/{cast.form.pk}/", 12))
    assert f"{appeal.number} 差错" in page
    assert "申诉调整" in page
    assert f"申诉{appeal.number}" in page
    old = text(get(cast.agent, f"/results/{cast.form.pk}/?version=1", 12))
    assert "80.00%" in old
    paper = text(get(cast.agent, f"/forms/{cast.form.pk}/print/", 12))
    assert f"{appeal.number} 差错" in paper


def test_the_pages_are_read_in_a_constant_number_of_statements(cast):
    appeal = examined(
        cast, contested(cast.result), contested(cast.result, "接通率"), contested(cast.result, "月度重点")
    )
    draft = cast.month.second_form.results.get()
    with on(10):
        begun = draft_appeal(draft.pk, AppealDraft(items=[contested(draft)]), by=cast.month.second_agent)
    leader, member, author = as_(cast.month.leader), as_(cast.member), as_(cast.month.second_agent)
    with on(12):
        counts = {
            "list": statements(lambda: leader.get("/appeals/")),
            "case": statements(lambda: member.get(f"/appeals/{appeal.pk}/")),
            "draft": statements(lambda: author.get(f"/appeals/{begun.pk}/")),
            "statistics": statements(lambda: leader.get("/appeals/statistics/")),
        }

    assert all(count <= 15 for count in counts.values()), counts
