"""Addresses of incidents and bonuses."""

from django.urls import path

from incidents.views import bonuses, incidents, records, standards

app_name = "incidents"
urlpatterns = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.new_incident, name="new_incident"),
    path("incidents/new/hints/", incidents.incident_hints, name="incident_hints"),
    path("incidents/<int:pk>/", records.incident, name="incident"),
    path("incidents/<int:pk>/<slug:name>/", records.decide_incident, name="decide_incident"),
    path("incidents/shares/<int:pk>/<slug:name>/", records.decide_share, name="decide_share"),
    path("incidents/files/<int:pk>/", records.incident_file, name="incident_file"),
    path("incidents/files/<int:pk>/picture/", records.incident_picture, name="incident_picture"),
    path("bonuses/", bonuses.bonuses, name="bonuses"),
    path("bonuses/new/", bonuses.new_bonus, name="new_bonus"),
    path("bonuses/new/hints/", bonuses.bonus_hints, name="bonus_hints"),
    path("bonuses/<int:pk>/", bonuses.bonus, name="bonus"),
    path("bonuses/<int:pk>/files/<int:file>/", bonuses.bonus_file, name="bonus_file"),
    path("bonuses/<int:pk>/<slug:name>/", bonuses.decide_bonus, name="decide_bonus"),
    path("standards/", standards.standards, name="standards"),
    path("standards/incidents/new/", standards.incident_kind, name="new_incident_kind"),
    path("standards/incidents/<int:pk>/", standards.incident_kind, name="incident_kind"),
    path("standards/bonuses/new/", standards.bonus_kind, name="new_bonus_kind"),
    path("standards/bonuses/<int:pk>/", standards.bonus_kind, name="bonus_kind"),
    path("standards/severities/<int:pk>/", standards.severity, name="severity"),
    path("standards/rules/", standards.event_rules, name="event_rules"),
    path("standards/<slug:what>/<int:pk>/switch/", standards.switch_kind, name="switch_kind"),
]
