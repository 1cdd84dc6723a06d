"""Addresses of this app outside the admin."""

from __future__ import annotations

from django.urls import path

from platform_admin.sight.metrics import metrics_page

urlpatterns = [path("metrics", metrics_page, name="metrics")]
