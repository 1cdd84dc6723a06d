"""Addresses of the runtime API, version 1."""

from __future__ import annotations

from django.urls import path

from platform_admin.commands.waiting_room import WaitingRoom
from platform_admin.runtime_api.bundle import RuntimeBundle, RuntimeKeys, RuntimeStagedBundle
from platform_admin.runtime_api.commands import RuntimeCommands, look_into_the_queue
from platform_admin.runtime_api.exports import RuntimeExport
from platform_admin.runtime_api.report import RuntimeReport

_TENANT = "tenants/<str:slug>"

urlpatterns = [
    path(f"{_TENANT}/bundle", RuntimeBundle.as_view(), name="runtime-bundle"),
    path(f"{_TENANT}/staged-bundle", RuntimeStagedBundle.as_view(), name="runtime-staged-bundle"),
    path(f"{_TENANT}/keys", RuntimeKeys.as_view(), name="runtime-keys"),
    path(f"{_TENANT}/report", RuntimeReport.as_view(), name="runtime-report"),
    path(
        f"{_TENANT}/commands",
        RuntimeCommands.as_view(room=WaitingRoom(look_into_the_queue)),
        name="runtime-commands",
    ),
    path(f"{_TENANT}/exports/<uuid:command_id>", RuntimeExport.as_view(), name="runtime-export"),
]
