"""Addresses of call monitoring."""

from django.urls import URLPattern

app_name = "quality"
urlpatterns: list[URLPattern] = []
