"""Addresses for people without an account."""

from __future__ import annotations

from django.urls import path

from platform_admin.authoring import shared_page

urlpatterns = [
    path("try/<str:token>/", shared_page.shared_page, name="try-draft"),
    path("try/<str:token>/phone", shared_page.shared_phone, name="try-draft-phone"),
]
