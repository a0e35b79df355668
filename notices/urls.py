"""Addresses of messages, and of how they leave the house."""

from django.urls import path

from notices.views import channels, inbox, mine

app_name = "notices"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:pk>/open/", inbox.open_one, name="open"),
    path("notices/mine/", mine.mine, name="mine"),
    path("notices/mine/save/", mine.save_mine, name="save_mine"),
    path("notices/mine/feed/", mine.renew, name="renew_feed"),
    path("notices/mine/feed/revoke/", mine.revoke, name="revoke_feed"),
    path("notices/robots/", channels.robots, name="robots"),
    path("notices/robots/new/", channels.new_robot, name="new_robot"),
    path("notices/robots/<int:pk>/", channels.robot, name="robot"),
    path("notices/robots/<int:pk>/switch/", channels.switch, name="switch_robot"),
    path("notices/robots/<int:pk>/test/", channels.try_out, name="try_robot"),
    path("notices/rules/", channels.rules, name="rules"),
]
