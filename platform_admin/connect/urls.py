"""Addresses of the page *Connections*."""

from __future__ import annotations

from django.urls import path

from platform_admin.connect.page import choose, connection, connections, disconnect, free_answers, probe
from platform_admin.connect.whatsapp_page import check, new_number, number

app_name = "connect"

urlpatterns = [
    path("<str:slug>/", connections, name="connections"),
    path("<str:slug>/whatsapp/", new_number, name="whatsapp"),
    path("<str:slug>/whatsapp/<str:number_id>/", number, name="whatsapp_number"),
    path("<str:slug>/whatsapp/<str:number_id>/check/", check, name="whatsapp_check"),
    path("<str:slug>/llm/answers/", free_answers, name="free_answers"),
    path("<str:slug>/<str:category>/disconnect/", disconnect, name="disconnect"),
    path("<str:slug>/<str:category>/probe/", probe, name="probe"),
    path("<str:slug>/<str:category>/choose/", choose, name="choose"),
    path("<str:slug>/<str:category>/<str:type_name>/", connection, name="connection"),
]
