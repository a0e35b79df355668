"""Addresses of reports: HR's month, the files, the printed form."""

from django.urls import path

from reports.views import (
    archive,
    calendar,
    feed,
    following,
    hr,
    importing,
    minutes,
    payroll,
    printing,
    replays,
    training,
    yearly,
)

app_name = "reports"
urlpatterns = [
    path("following/", following.following, name="following"),
    path("hr/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/report.xlsx", hr.month_report, name="month_report"),
    path("hr/<str:key>/file/", hr.file_signed, name="file_signed"),
    path("hr/<str:key>/file/<int:pk>/", hr.file_by_reason, name="file_by_reason"),
    path("pay/<str:key>/payroll.xlsx", payroll.payroll, name="payroll"),
    path("calibration/<int:year>/minutes.xlsx", minutes.board_minutes, name="board_minutes"),
    path("what-if/<int:pk>/replay.xlsx", replays.replay, name="replay_workbook"),
    path("year/<int:year>/report.xlsx", yearly.year_report, name="year_report"),
    path("duty/<str:key>/package/", archive.make, name="make_package"),
    path("duty/<str:key>/checks.xlsx", archive.checks, name="checks_workbook"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:pk>/", archive.document, name="document"),
    path("import/", importing.import_workbook, name="import_workbook"),
    path("import/blank.xlsx", importing.blank, name="import_blank"),
    path("import/<str:token>/", importing.import_preview, name="import_preview"),
    path("import/<str:token>/load/", importing.import_load, name="import_load"),
    path("import/<str:token>/act/<slug:name>/", importing.decide_import, name="decide_import"),
    path("import/<str:token>/workbook.xlsx", importing.import_file, name="import_file"),
    path("import/<str:token>/marked.xlsx", importing.import_marked, name="import_marked"),
    path("calendar/day/", calendar.save_day, name="save_calendar_day"),
    path("calendar/day/remove/", calendar.remove_day, name="remove_calendar_day"),
    path("calendar/import/", calendar.import_year, name="import_calendar"),
    path("calendar/import/save/", calendar.save_year, name="save_calendar_year"),
    path("calendar/<int:year>/template.xlsx", calendar.template, name="calendar_template"),
    path("feed/<str:token>.ics", feed.feed, name="feed"),
    path("training/export.xlsx", training.training_workbook, name="training_export"),
    path("forms/<int:pk>/print/", printing.print_form, name="print_form"),
]
