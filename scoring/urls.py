"""Addresses of the scoring room."""

from django.urls import path

from scoring.views import jobs

app_name = "scoring"
urlpatterns = [
    path("jobs/<int:pk>/", jobs.job, name="job"),
]
