"""Addresses of the year: the calibration board."""

from django.urls import path

from calibration.views import acting, board, mine, records, replays, year

app_name = "calibration"
urlpatterns = [
    path("calibration/", board.boards, name="boards"),
    path("calibration/<int:year>/", board.board, name="board"),
    path("calibration/<int:year>/table/", board.table, name="table"),
    path("calibration/<int:year>/live/", board.live, name="live"),
    path("calibration/<int:year>/changes/", records.changes, name="changes"),
    path("calibration/<int:year>/minutes/", records.minutes, name="minutes"),
    path("calibration/<int:year>/people/<int:pk>/", board.place, name="place"),
    path("calibration/<int:year>/people/<int:pk>/move/", acting.move, name="move"),
    path("calibration/<int:year>/people/<int:pk>/note/", acting.note, name="note"),
    path("calibration/<int:year>/moves/<int:pk>/answer/", acting.answer, name="answer"),
    path("calibration/<int:year>/step/<slug:name>/", acting.step, name="step"),
    path("what-if/", replays.replays, name="replays"),
    path("what-if/<int:pk>/", replays.replay, name="replay"),
    path("what-if/<int:pk>/people/<int:employee>/", replays.replay_person, name="replay_person"),
    path("year/", year.year, name="year"),
    path("year/mine/", mine.mine, name="my_year"),
    path("year/mine/<int:year>/", mine.mine, name="my_year"),
    path("year/<int:year>/", year.year, name="year"),
    path("year/<int:year>/reckon/", year.reckon, name="reckon_year"),
    path("year/<int:year>/publish/", year.publish, name="publish_year"),
    path("year/<int:year>/people/<int:pk>/correct/", year.correct, name="correct_year"),
]
