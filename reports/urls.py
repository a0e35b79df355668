"""Addresses of reports: HR's month, the files, the printed form."""

from django.urls import path

from reports.views import feed, hr, importing, printing

app_name = "reports"
urlpatterns = [
    path("hr/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/report.xlsx", hr.month_report, name="month_report"),
    path("hr/<str:key>/file/", hr.file_signed, name="file_signed"),
    path("hr/<str:key>/file/<int:pk>/", hr.file_by_reason, name="file_by_reason"),
    path("import/", importing.import_workbook, name="import_workbook"),
    path("import/blank.xlsx", importing.blank, name="import_blank"),
    path("import/<str:token>/", importing.import_preview, name="import_preview"),
    path("import/<str:token>/load/", importing.import_load, name="import_load"),
    path("import/<str:token>/marked.xlsx", importing.import_marked, name="import_marked"),
    path("feed/<str:token>.ics", feed.feed, name="feed"),
    path("forms/<int:pk>/print/", printing.print_form, name="print_form"),
]
