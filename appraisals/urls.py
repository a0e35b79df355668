"""Addresses of the appraisals room."""

from django.urls import path

from appraisals.views import cycles, figures, form, library, targets, teams, upward

app_name = "appraisals"
urlpatterns = [
    path("forms/", teams.my_forms, name="my_forms"),
    path("forms/<int:pk>/", form.form, name="form"),
    path("forms/<int:pk>/scores/", form.save_all, name="save_scores"),
    path("forms/<int:pk>/scores/<int:item>/", form.save_score, name="save_score"),
    path("forms/<int:pk>/scores/<int:item>/exact/", form.exact, name="exact"),
    path("forms/<int:pk>/items/<int:item>/applicable/", form.applicable, name="applicable"),
    path("forms/<int:pk>/move/<slug:name>/", form.move, name="move_form"),
    path("forms/<int:pk>/targets/", targets.targets, name="targets"),
    path("forms/<int:pk>/targets/save/", targets.save, name="save_targets"),
    path("forms/<int:pk>/targets/draft/", targets.draft, name="draft_targets"),
    path("forms/<int:pk>/targets/<slug:name>/", targets.move, name="move_targets"),
    path("forms/<int:pk>/remarks/", targets.remark, name="remark"),
    path("team/", teams.team, name="team"),
    path("team/<str:key>/", teams.team, name="team_month"),
    path("team/<str:key>/so-far/", teams.so_far, name="team_so_far"),
    path("team/<str:key>/act/", teams.team_act, name="team_act"),
    path("approvals/", teams.approvals, name="approvals"),
    path("approvals/decide/", teams.decide, name="decide"),
    path("figures/", figures.figures, name="figures"),
    path("figures/items/<int:pk>/", figures.figure, name="figure"),
    path("figures/items/<int:pk>/correct/", figures.correct, name="correct_figure"),
    path("figures/items/<int:pk>/files/", figures.attach, name="attach_evidence"),
    path("figures/files/<int:pk>/", figures.evidence, name="evidence"),
    path("figures/<str:key>/", figures.month, name="figures_month"),
    path("upward/", upward.upward, name="upward"),
    path("upward/<int:pk>/", upward.rate, name="rate"),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/open/", cycles.open_for, name="open_cycle"),
    path("library/", library.library, name="library"),
    path("library/<str:code>/confirm/", library.confirm_all, name="confirm_library"),
    path("library/<str:code>/new/", library.library_item, name="new_library_item"),
    path("library/<str:code>/new/save/", library.save_item, name="add_library_item"),
    path("library/<str:code>/<int:pk>/", library.library_item, name="library_item"),
    path("library/<str:code>/<int:pk>/save/", library.save_item, name="save_library_item"),
    path("library/<str:code>/<int:pk>/act/", library.item_act, name="library_act"),
    path("scheme/", library.scheme, name="scheme"),
]
