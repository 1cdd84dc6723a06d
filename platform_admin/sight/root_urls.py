"""Addresses of this app outside the admin."""

from __future__ import annotations

from django.urls import path

from platform_admin.sight.metrics import metrics_page
from platform_admin.sight.pages.audit_trail import whole_trail, whole_trail_export

urlpatterns = [
    path("metrics", metrics_page, name="metrics"),
    path("admin/audit/", whole_trail, name="whole_trail"),
    path("admin/audit/<str:form>/", whole_trail_export, name="whole_trail_export"),
]
