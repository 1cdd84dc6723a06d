"""Addresses of the pages on which business staff write."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from platform_admin.authoring.draft_page import draft_page

app_name = "authoring"
urlpatterns = [path("flows/<int:flow_id>/draft/", admin.site.admin_view(draft_page), name="draft")]
