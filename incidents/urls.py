"""Addresses of incidents and bonuses."""

from django.urls import path

from incidents.views import pages as views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<int:pk>/<slug:name>/", views.decide_incident, name="decide_incident"),
    path("bonuses/", views.bonuses, name="bonuses"),
    path("bonuses/<int:pk>/<slug:name>/", views.decide_bonus, name="decide_bonus"),
]
