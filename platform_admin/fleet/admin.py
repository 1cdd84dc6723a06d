"""The fleet in the admin: what is wanted, what was last seen, and the two verbs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from platform_admin.errors import ControlPlaneError
from platform_admin.fleet import actions
from platform_admin.fleet.models import Deployment
from platform_admin.tenants.identity import User
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, signed_in


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    list_display = ["tenant", "desired", "seen", "ready", "seen_at", "driver", "port", "seen_image", "canary", "reason"]
    list_select_related = ["tenant"]
    list_filter = ["desired", "seen"]
    fields = [
        "tenant",
        "desired",
        "driver",
        "port",
        "image",
        "canary",
        "volume_until",
        "seen",
        "seen_image",
        "ready",
        "seen_at",
        "reason",
    ]
    actions = ["resume", "suspend"]

    @admin.action(description=gettext_lazy("Run"))
    def resume(self, request: HttpRequest, queryset: QuerySet[Deployment]) -> None:
        self._each(request, queryset, lambda chosen, by: actions.deploy(tenant=chosen.tenant, by=by))

    @admin.action(description=gettext_lazy("Suspend"))
    def suspend(self, request: HttpRequest, queryset: QuerySet[Deployment]) -> None:
        self._each(request, queryset, lambda chosen, by: actions.suspend(deployment=chosen, by=by))

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Deployment], verb: Callable[[Deployment, User], Deployment]
    ) -> None:
        try:
            wanted = [verb(deployment, signed_in(request)) for deployment in queryset]
        except ControlPlaneError as error:
            self.message_user(request, error.message, messages.ERROR)
            return
        for deployment in wanted:
            self.message_user(
                request, f"{deployment.tenant}: {deployment.get_desired_display().lower()} is wanted now."
            )
