"""Addresses of interviews, improvement plans and training requests."""

from django.urls import path

from development.views import interviews, meetings, plans, training

app_name = "development"
urlpatterns = [
    path("interviews/", interviews.interviews, name="interviews"),
    path("interviews/of/<int:pk>/", interviews.of_form, name="interview_of"),
    path("interviews/of/<int:pk>/prepare/", interviews.prepare, name="prepare_interview"),
    path("interviews/of/<int:pk>/targets/", interviews.targets_note, name="targets_note"),
    path("interviews/<int:pk>/", interviews.interview, name="interview"),
    path("interviews/<int:pk>/print/", interviews.print_interview, name="print_interview"),
    path("interviews/<int:pk>/save/", interviews.save, name="save_interview"),
    path("interviews/<int:pk>/share/", interviews.share, name="share_interview"),
    path("interviews/<int:pk>/targets/", interviews.start_targets, name="start_targets"),
    path("interviews/<int:pk>/<slug:name>/", interviews.act, name="interview_act"),
    path("plans/", plans.plans, name="plans"),
    path("plans/for/<int:pk>/", plans.start, name="start_plan"),
    path("plans/for/<int:pk>/waive/", plans.waive, name="waive_plan"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/save/", plans.save, name="save_plan"),
    path("plans/<int:pk>/publish/", plans.publish, name="publish_plan"),
    path("plans/<int:pk>/<slug:name>/", plans.act, name="plan_act"),
    path("training/", training.training, name="training"),
    path("training/new/", training.new, name="new_training"),
    path("training/collect/", training.collect, name="collect_training"),
    path("training/<int:pk>/", training.one, name="training_one"),
    path("training/<int:pk>/<slug:name>/", training.act, name="training_act"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/amendments/", meetings.proposals, name="amendments"),
    path("meetings/prepare/<int:pk>/", meetings.prepare, name="prepare_meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/print/", meetings.print_meeting, name="print_meeting"),
    path("meetings/<int:pk>/save/", meetings.save, name="save_meeting"),
    path("meetings/<int:pk>/regions/<int:minute>/", meetings.save_region, name="save_minute"),
    path("meetings/<int:pk>/amendments/<int:amendment>/", meetings.answer, name="answer_amendment"),
    path("meetings/<int:pk>/<slug:name>/", meetings.act, name="meeting_act"),
]
