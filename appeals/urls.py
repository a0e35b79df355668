"""Addresses of appeals."""

from django.urls import path

from appeals.views import cases, drafts, rulings

app_name = "appeals"
urlpatterns = [
    path("appeals/", cases.appeals, name="appeals"),
    path("appeals/statistics/", cases.statistics, name="statistics"),
    path("appeals/start/<int:pk>/", drafts.start, name="start"),
    path("appeals/of/<int:pk>/", cases.of_form, name="of_form"),
    path("appeals/<int:pk>/", cases.appeal, name="appeal"),
    path("appeals/<int:pk>/save/", drafts.save, name="save"),
    path("appeals/<int:pk>/submit/", drafts.submit, name="submit"),
    path("appeals/<int:pk>/weigh/", rulings.weigh, name="weigh"),
    path("appeals/<int:pk>/rule/", rulings.rule, name="rule"),
    path("appeals/<int:pk>/files/<int:file>/", cases.appeal_file, name="file"),
    path("appeals/<int:pk>/files/<int:file>/remove/", drafts.remove, name="remove_file"),
    path("appeals/<int:pk>/<slug:name>/", cases.act, name="act"),
]
