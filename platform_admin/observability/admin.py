"""When each runtime was last here, and whether it has what is live."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from platform_admin.observability.models import RuntimeSighting
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin


@admin.register(RuntimeSighting)
class RuntimeSightingAdmin(ReadOnlyAdmin):
    list_display = ["tenant", "last_pull_at", "serial", "is_current"]
    list_select_related = ["tenant"]
    fields = ["tenant", "last_pull_at", "serial"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RuntimeSighting]:
        return super().get_queryset(request).annotate(live=Max("tenant__releases__serial"))

    @admin.display(description=gettext_lazy("up to date"), boolean=True)
    def is_current(self, sighting: RuntimeSighting) -> bool:
        return sighting.serial == getattr(sighting, "live", None)
