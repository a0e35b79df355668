"""Addresses of what is decided on results and what is paid for them."""

from django.urls import path

from consequences.views import cases, counters, letters, pay, proposals

app_name = "consequences"
urlpatterns = [
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/counters/", counters.counters, name="counters"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/decide/", proposals.decide, name="decide"),
    path("proposals/<int:pk>/report/", proposals.career_report, name="career_report"),
    path("proposals/<int:pk>/letter/<int:decision>/", letters.letter, name="letter"),
    path("proposals/<int:pk>/files/<int:file>/", cases.check_file, name="check_file"),
    path("proposals/<int:pk>/checks/<int:item>/<slug:name>/", cases.check, name="check"),
    path("proposals/<int:pk>/<int:decision>/<slug:name>/", cases.act, name="act"),
    path("pay/", pay.pay_months, name="pay"),
    path("pay/mine/", pay.my_pay, name="my_pay"),
    path("pay/<str:key>/", pay.pay_run, name="pay_run"),
    path("pay/<str:key>/prepare/", pay.prepare, name="prepare_pay"),
    path("pay/<str:key>/<int:pk>/settle/", pay.settle, name="settle_pay"),
    path("pay/<str:key>/<int:pk>/discard/", pay.discard, name="discard_pay"),
]
