"""Addresses of incidents and bonuses."""

from django.urls import path

from incidents import views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/add/", views.add_incident, name="add_incident"),
    path("incidents/<int:pk>/<slug:name>/", views.decide_incident, name="decide_incident"),
    path("bonuses/", views.bonuses, name="bonuses"),
    path("bonuses/add/", views.add_bonus, name="add_bonus"),
    path("bonuses/<int:pk>/<slug:name>/", views.decide_bonus, name="decide_bonus"),
]
