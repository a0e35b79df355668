"""Addresses of the scoring room."""

from django.urls import path

from scoring.views import checking, duty, handover, jobs, nudging, results, rota

app_name = "scoring"
urlpatterns = [
    path("duty/", duty.duty, name="duty"),
    path("duty/<str:key>/", duty.duty, name="duty_month"),
    path("duty/<str:key>/consolidate/", duty.consolidate, name="consolidate"),
    path("duty/<str:key>/publish/", duty.publish, name="publish"),
    path("duty/<str:key>/checks/", checking.checks, name="checks"),
    path("duty/<str:key>/checks/run/", checking.check_now, name="check_now"),
    path("duty/<str:key>/checks/look/", checking.look_at, name="look_at"),
    path("duty/<str:key>/handover/", handover.handover, name="handover"),
    path("duty/<str:key>/nudge/", nudging.nudge, name="nudge"),
    path("duty/<str:key>/withdraw/<int:pk>/", duty.withdraw, name="withdraw"),
    path("rota/", rota.rota, name="rota"),
    path("rota/turns/", rota.set_months, name="set_turns"),
    path("rota/swaps/", rota.ask, name="ask_swap"),
    path("rota/swaps/<int:pk>/<str:name>/", rota.decide, name="decide_swap"),
    path("results/", results.my_results, name="my_results"),
    path("results/to-sign/", results.to_sign, name="to_sign"),
    path("results/to-sign/sign/", results.sign_many, name="sign_many"),
    path("results/<int:pk>/", results.result, name="result"),
    path("results/<int:pk>/sign/", results.sign, name="sign"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
]
