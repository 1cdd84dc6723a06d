"""What runtimes of a fleet ask for beside the rest of their API."""

from __future__ import annotations

from django.urls import path

from platform_admin.fleet.api import RuntimeCopy

urlpatterns = [
    path("tenants/<str:slug>/copies/<str:ticket>", RuntimeCopy.as_view(), name="runtime-copy"),
]
