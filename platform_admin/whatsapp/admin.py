"""Deliveries to the platform's own address: that they came, not what they say."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, signed_in
from platform_admin.whatsapp.models import AppDelivery


@admin.register(AppDelivery)
class AppDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "state", "attempts", "fault"]
    list_filter = ["state"]
    fields = ["received_at", "state", "attempts", "fault", "digest"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return AppDelivery.objects.all() if signed_in(request).is_superuser else AppDelivery.objects.none()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return signed_in(request).is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and signed_in(request).is_superuser
