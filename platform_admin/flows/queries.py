"""What is asked about flows."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.errors import NotThereError
from platform_admin.flows.models import Flow, FlowCase, FlowDraft, FlowVersion
from platform_admin.tenants.models import Tenant, User


def main_flow(tenant: Tenant) -> Flow | None:
    """The flow a tenant's releases are made from: the first one it has."""
    flow = Flow.objects.for_tenant(tenant).order_by("pk").first()
    if flow is not None:
        flow.tenant = tenant  # known already: nobody need ask for it
    return flow


def draft_for(*, flow_id: int, user: User) -> FlowDraft:
    """The draft a person may see; ``NotThereError`` for another tenant's as for one that never was."""
    flow = Flow.objects.for_user(user).select_related("tenant").filter(pk=flow_id).first()
    if flow is None:
        raise NotThereError(_("There is no such flow."))
    draft = FlowDraft.objects.for_tenant(flow.tenant).select_related("updated_by").filter(flow=flow).first()
    draft = draft or FlowDraft(tenant=flow.tenant)
    draft.flow = flow
    return draft


def cases_of(flow: Flow) -> dict[str, str]:
    """The conversation tests by name, as they are now."""
    return dict(FlowCase.objects.for_tenant(flow.tenant).filter(flow=flow).values_list("name", "text"))


def version_by_number(flow: Flow, number: int) -> FlowVersion | None:
    return FlowVersion.objects.for_tenant(flow.tenant).filter(flow=flow, number=number).first()
