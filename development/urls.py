"""Addresses of interviews, improvement plans and training requests."""

from django.urls import path

from development.views import interviews

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
]
