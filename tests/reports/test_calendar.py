"""The working-day calendar: a day, a year from a spreadsheet, what terms it moves, and who may (P6.3, decided)."""

from datetime import date, datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from appraisals.models import Cycle
from audit.models import Event
from common.errors import RuleError
from common.models import CalendarDay
from common.years import SpecialDay, year_view
from people.facts import Standing
from people.models import Employee
from people.selectors import calendar_seen
from people.services.calendar import remove_calendar_day, save_calendar_day, save_calendar_year
from people.states import Role
from reports.facts.calendars import calendar_workbook, read_calendar
from reports.workbooks.writing import Column, Sheet, workbook_bytes
from tests import world
from tests.reports.books import heads, table

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HR = Standing(is_hr=True)
NEW_YEAR = SpecialDay(date(2027, 1, 1), False, "元旦")
MADE_UP = SpecialDay(date(2027, 2, 20), True, "春节调休")


@pytest.fixture
def hr() -> Employee:
    return world.with_role(world.person("赵琳", None, account=True), Role.HR)


def client_of(person: Employee) -> Client:
    assert person.account
    client = Client()
    client.force_login(person.account)
    return client


def rows_of(year: int) -> list[CalendarDay]:
    return list(CalendarDay.objects.filter(date__year=year).order_by("date"))


def written(*rows: tuple[object, ...], titles: tuple[str, ...] = ("日期", "这天", "名称")) -> bytes:
    columns = [Column(title=title, value=itemgetter(at)) for at, title in enumerate(titles)]
    return workbook_bytes([Sheet(name="2027年", columns=columns, rows=rows)])


# --- the page ---------------------------------------------------------------------------------


def test_the_year_shows_days_off_and_worked_weekends_with_a_word():
    view = year_view(2026, date(2026, 10, 10))
    october = {cell.day.day: cell for week in view.months[9].weeks for cell in week if cell}

    assert (october[1].kind, october[10].kind, october[11].kind, october[12].kind) == ("off", "worked", "rest", "plain")
    assert october[10].is_today
    assert view.months[9].working == 18
    assert view.is_arranged
    assert (view.came_along, view.by_hand) == (len(view.rows), 0)


def test_a_year_nobody_arranged_is_computed_and_says_so(hr):
    view = year_view(2027, date(2026, 11, 20))
    page = client_of(hr).get(reverse("people:calendar"), {"year": "2027"}).content.decode()

    assert not view.is_arranged
    assert date(2027, 2, 8) in [one.day for one in view.guessed]
    assert "还没有录入" in page
    assert "只会顺延" in page


def test_the_notice_stands_on_the_home_page_of_who_can_help_and_of_nobody_else(hr):
    agent = world.person("陈思雨", account=True)
    officer = world.on_duty(world.in_group(world.person("沈玉兰", None, account=True)), date(2026, 10, 1))
    with travel(datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), tick=False):
        shown = [b"2027" in client_of(one).get("/").content for one in (hr, officer, agent)]

    assert shown == [True, True, False]


# --- a day ------------------------------------------------------------------------------------


def test_a_day_off_extends_the_running_terms_and_the_page_says_which(hr):
    owner = world.person("周敏", "KFZG")
    world.form(world.person("陈思雨", superior=owner), owner)
    with travel(datetime(2026, 10, 20, 9, tzinfo=SHANGHAI), tick=False):
        page = client_of(hr).post(
            reverse("reports:save_calendar_day"), {"date": "2026-11-03", "is_workday": "0", "name": "停电"}, follow=True
        )

    assert Cycle.objects.get().data_due_on == date(2026, 11, 5)
    assert "10月的期限顺延了" in page.content.decode()


@pytest.mark.parametrize(
    ("day", "is_workday", "word"), [(date(2026, 11, 4), True, "上班"), (date(2026, 11, 7), False, "放假")]
)
def test_a_day_that_is_so_already_is_not_written_and_the_page_says_so(hr, day, is_workday, word):
    kept = CalendarDay.objects.count()
    page = client_of(hr).post(
        reverse("reports:save_calendar_day"), {"date": day.isoformat(), "is_workday": str(int(is_workday))}, follow=True
    )
    assert f"{day.month}月{day.day}日本来就{word}，没有要改的。" in page.content.decode()
    assert CalendarDay.objects.count() == kept


def test_a_plain_workday_is_written_where_the_year_only_computes_a_day_off(hr):
    save_calendar_day(date(2028, 10, 3), is_workday=True, name="", by=hr, standing=HR)
    assert CalendarDay.objects.filter(date=date(2028, 10, 3), is_workday=True).exists()


def test_the_day_form_starts_at_a_day_off(hr):
    page = client_of(hr).get(reverse("people:calendar")).content.decode()
    assert page.index('<option value="0"') < page.index('<option value="1"')


def test_a_wrong_day_is_taken_back_with_what_stood_there(hr):
    save_calendar_day(NEW_YEAR.day, is_workday=False, name="元旦", by=hr, standing=HR)

    remove_calendar_day(NEW_YEAR.day, by=hr, standing=HR)

    assert not CalendarDay.objects.filter(date=NEW_YEAR.day).exists()
    removed = Event.objects.get(action="calendar.day_removed")
    assert removed.before == {"date": "2027-01-01", "is_workday": False, "name": "元旦"}
    with pytest.raises(RuleError) as refusal:
        remove_calendar_day(NEW_YEAR.day, by=hr, standing=HR)
    assert refusal.value.code == "no_such_day"


@pytest.mark.parametrize("standing", [Standing(), Standing(is_leader=True), Standing(is_auditor=True)])
def test_nobody_but_hr_and_administrators_keeps_the_calendar(hr, standing):
    with pytest.raises(RuleError):
        remove_calendar_day(date(2026, 10, 1), by=hr, standing=standing)
    with pytest.raises(RuleError):
        save_calendar_year(2027, [NEW_YEAR], seen=calendar_seen([]), by=hr, standing=standing)
    assert CalendarDay.objects.filter(date=date(2026, 10, 1)).exists()


# --- a year from a spreadsheet ----------------------------------------------------------------


def test_the_template_holds_what_is_known_and_is_read_back_as_it_is():
    content = calendar_workbook(year_view(2027, timezone.localdate()))

    assert heads(content, "2027年") == ["日期", "这天", "名称"]
    assert {"日期": "2027-01-01", "这天": "放假", "名称": "元旦"} in table(content, "2027年")
    sheet = read_calendar(content, 2027)
    assert (sheet.faults, sheet.left_out) == ([], [])


def test_every_fault_names_its_cell_and_nothing_is_kept(hr):
    content = written(
        ("2027-01-01", "放假", "元旦"),
        ("2026-10-01", "放假", ""),
        ("明天", "上班", ""),
        ("2027-01-01", "放假", ""),
        ("2027-02-06", "调休", ""),
    )

    sheet = read_calendar(content, 2027)
    page = upload(client_of(hr), content)

    assert [fault.cell for fault in sheet.faults] == ["A3", "A4", "A5", "B6"]
    assert page.status_code == 422
    assert rows_of(2027) == []


def upload(client: Client, content: bytes, year: int = 2027):
    file = SimpleUploadedFile("日历.xlsx", content)
    return client.post(reverse("reports:import_calendar"), {"year": year, "workbook": file})


def test_a_sheet_without_the_three_columns_is_refused():
    with pytest.raises(RuleError) as refusal:
        read_calendar(written(("2027-01-01", "放假"), titles=("日期", "状态")), 2027)

    assert refusal.value.code == "no_sheet"


def test_a_preview_saves_nothing_and_its_button_saves_just_that(hr):
    client = client_of(hr)
    page = upload(
        client, written(("2027-01-01", "放假", "元旦"), ("2027-01-02", "放假", ""), ("2027-02-20", "上班", "春节调休"))
    )
    assert page.status_code == 200
    assert rows_of(2027) == []

    saved = client.post(
        reverse("reports:save_calendar_year"),
        {"year": 2027, "seen": page.context["seen"], "days": page.context["days"]},
        follow=True,
    )

    assert [(row.date, row.is_workday, row.name) for row in rows_of(2027)] == [NEW_YEAR, MADE_UP]
    assert "改了2天" in saved.content.decode()


def test_the_year_is_what_the_sheet_says_and_the_audit_keeps_both(hr):
    save_calendar_day(date(2027, 3, 1), is_workday=False, name="错的", by=hr, standing=HR)
    save_calendar_day(NEW_YEAR.day, is_workday=False, name="元旦", by=hr, standing=HR)
    seen = calendar_seen(rows_of(2027))

    changes = save_calendar_year(2027, [NEW_YEAR, MADE_UP], seen=seen, by=hr, standing=HR)

    assert [one.day for one in changes] == [MADE_UP.day, date(2027, 3, 1)]
    assert [row.date for row in rows_of(2027)] == [NEW_YEAR.day, MADE_UP.day]
    assert Event.objects.filter(action="calendar.day_removed", before__date="2027-03-01").exists()


def test_a_year_changed_since_the_preview_is_not_overwritten(hr):
    seen = calendar_seen(rows_of(2027))
    save_calendar_day(NEW_YEAR.day, is_workday=False, name="元旦", by=hr, standing=HR)

    with pytest.raises(RuleError) as refusal:
        save_calendar_year(2027, [MADE_UP], seen=seen, by=hr, standing=HR)

    assert refusal.value.code == "changed_meanwhile"
    assert [row.date for row in rows_of(2027)] == [NEW_YEAR.day]


@pytest.mark.parametrize(
    "days", ['[["2027-01-01", 1, "元旦"]]', '[["x", true, ""]]', "7", '[["2026-01-01", true, ""]]']
)
def test_what_no_preview_would_post_is_refused(hr, days):
    answer = client_of(hr).post(
        reverse("reports:save_calendar_year"), {"year": 2027, "seen": calendar_seen([]), "days": days}
    )

    assert answer.status_code == 302
    assert rows_of(2027) == []
