"""Addresses of people."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("people/", views.employees, name="employees"),
    path("people/find/", views.find, name="find"),
    path("people/<str:number>/", views.employee, name="employee"),
    path("people/<str:number>/save/", views.save, name="save"),
    path("people/<str:number>/superior/", views.change_superior, name="change_superior"),
    path("people/<str:number>/owner/", views.change_owner, name="change_owner"),
    path("people/<str:number>/role/", views.change_role, name="change_role"),
    path("people/<str:number>/password/", views.issue, name="issue"),
    path("people/<str:number>/account/", views.switch, name="switch"),
    path("rota/group/", views.membership, name="membership"),
    path("calendar/", views.calendar, name="calendar"),
]
