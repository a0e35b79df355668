"""The year's story: HR refreshes and publishes it, and somebody reads her own on the phone."""

from playwright.sync_api import Page, expect

from tests.browser.portal import Portal
from tests.browser.steps import be, expect_to_fit

LOCK = """
from django.utils import timezone
from calibration.models import Move
from calibration.services.moving import answer_move
from calibration.services.phases import lock_board
from people.models import Employee
from scoring.models import AnnualReview
review = AnnualReview.objects.latest("year")
for move in Move.objects.filter(state="waiting"):
    answer_move(move.pk, consents=False, answer="先看明年", by=move.authoriser)
if review.state == "open":
    lock_board(review.year, reason="按小组讨论的结果", by=Employee.objects.get(name="方志远"))
print(review.year)
"""


def test_hr_publishes_the_locked_year_and_somebody_reads_her_own(page: Page, portal: Portal):
    year = int(portal.rows("SELECT year FROM scoring_annualreview ORDER BY year DESC")[0][0])
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/year/{year}/"))
    page.get_by_label("公司任务完成率").fill("97.25")
    page.get_by_role("button", name="更新").click()
    expect(page.locator("main")).to_contain_text("97.25%")
    be(page, portal, "陈思雨")
    page.goto(portal.at("/year/mine/"))
    expect(page.locator("main")).to_contain_text("还没有公布的年度结果")

    assert int(portal.ask(LOCK)) == year
    be(page, portal, "赵琳")
    page.goto(portal.at(f"/year/{year}/"))
    page.get_by_role("link", name="公布").click()
    expect(page.locator("main")).to_contain_text("公布收不回来")
    page.get_by_role("button", name="公布").click()
    expect(page.locator("h1")).to_contain_text(f"{year}年度考核")
    assert portal.rows("SELECT state FROM scoring_annualreview WHERE year = ?", year) == [("published",)]

    page.set_viewport_size({"width": 390, "height": 844})
    be(page, portal, "陈思雨")
    page.goto(portal.at("/results/"))
    page.get_by_role("link", name="年度考核").click()
    expect(page.locator("main")).to_contain_text("年度绩效系数")
    amount = page.locator("#pay dd.sum")
    expect(amount).not_to_be_visible()
    page.locator("#pay summary").click()
    expect(amount).to_be_visible()
    expect_to_fit(page)
