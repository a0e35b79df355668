"""Addresses of messages, and of how they leave the house."""

from django.urls import path

from notices.views import inbox

app_name = "notices"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:pk>/open/", inbox.open_one, name="open"),
]
