"""Addresses of the runtime API, version 1."""

from __future__ import annotations

from django.urls import path

from platform_admin.releases.api import RuntimeBundle

urlpatterns = [path("tenants/<str:slug>/bundle", RuntimeBundle.as_view(), name="runtime-bundle")]
