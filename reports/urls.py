"""Addresses of reports: HR's month, the files, the printed form."""

from django.urls import path

from reports.views import hr, printing

app_name = "reports"
urlpatterns = [
    path("hr/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/", hr.hr_month, name="hr_month"),
    path("hr/<str:key>/report.xlsx", hr.month_report, name="month_report"),
    path("hr/<str:key>/file/", hr.file_signed, name="file_signed"),
    path("hr/<str:key>/file/<int:pk>/", hr.file_by_reason, name="file_by_reason"),
    path("forms/<int:pk>/print/", printing.print_form, name="print_form"),
]
