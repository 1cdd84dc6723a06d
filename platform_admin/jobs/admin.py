"""Jobs in the admin: operators see what the worker did, what waits, and what failed."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from platform_admin.jobs import actions
from platform_admin.jobs.models import Job
from platform_admin.tenants.scoped_admin import PermissionFirst, signed_in


@admin.register(Job)
class JobAdmin(PermissionFirst):
    """For operators: jobs are the platform's."""

    list_display = ["kind", "key", "state", "due_at", "attempts", "finished_at", "told"]
    list_filter = ["state", "kind"]
    fields = ["kind", "key", "state", "due_at", "attempts", "started_at", "finished_at", "told"]
    actions = ["again"]
    view_on_site = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return request.user.is_authenticated and signed_in(request).is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Try again"))
    def again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            actions.again(job=job, now=timezone.now())
        self.message_user(request, gettext("The worker tries what had failed again."), messages.SUCCESS)
