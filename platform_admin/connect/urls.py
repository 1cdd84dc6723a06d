"""Addresses of the page *Connections*."""

from __future__ import annotations

from django.urls import path

from platform_admin.connect.page import choose, connection, connections, probe

app_name = "connect"

urlpatterns = [
    path("<str:slug>/", connections, name="connections"),
    path("<str:slug>/<str:category>/probe/", probe, name="probe"),
    path("<str:slug>/<str:category>/choose/", choose, name="choose"),
    path("<str:slug>/<str:category>/<str:type_name>/", connection, name="connection"),
]
