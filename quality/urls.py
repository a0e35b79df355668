"""Addresses of call monitoring."""

from django.urls import path

from quality.views import assess, call, calls, drift, plan, rubrics

app_name = "quality"
urlpatterns = [
    path("calls/to-score/", assess.waiting_calls, name="to_score"),
    path("calls/disputes/", call.disputes, name="disputes"),
    path("calls/disputes/<int:pk>/rule/", call.rule, name="rule_dispute"),
    path("calls/<int:pk>/", call.call, name="call"),
    path("calls/<int:pk>/acknowledge/", call.acknowledge, name="acknowledge"),
    path("calls/<int:pk>/dispute/", call.dispute, name="dispute"),
    path("calls/<int:pk>/assess/", assess.assess, name="assess"),
    path("calls/<int:pk>/assess/save/", assess.save_assessment, name="save_assessment"),
    path("calls/<int:pk>/assess/submit/", assess.submit, name="submit_assessment"),
    path("calls/<int:pk>/assess/take-over/", assess.take_over, name="take_over"),
    path("calls/<int:pk>/assess/discard/", assess.discard, name="discard_assessment"),
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", calls.new_call, name="new_call"),
    path("calls/new/rows/", calls.paste_calls, name="paste_calls"),
    path("calls/plan/", plan.plan, name="plan"),
    path("calls/plan/draw/", plan.draw, name="draw_calls"),
    path("calls/<int:pk>/audio/", calls.call_audio, name="call_audio"),
    path("calls/<int:pk>/audio/new/", calls.attach, name="attach_audio"),
    path("calls/drift/", drift.drift, name="drift"),
    path("calls/drift/draw/", drift.draw, name="draw_seconds"),
    path("rubric/", rubrics.rubric, name="rubric"),
    path("rubric/drafts/", rubrics.start_rubric, name="start_rubric"),
    path("rubric/drafts/<int:pk>/", rubrics.rubric_draft, name="rubric_draft"),
    path("rubric/drafts/<int:pk>/publish/", rubrics.publish, name="publish_rubric"),
    path("rubric/drafts/<int:pk>/discard/", rubrics.discard, name="discard_rubric"),
    path("rubric/<str:key>/", rubrics.rubric_version, name="rubric_version"),
]
