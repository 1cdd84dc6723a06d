"""The rows of Django's admin: its model pages are the operators', and few of them change anything."""

from __future__ import annotations

import json
from typing import Any, Final

from platform_admin.fleet.models import Deployment
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Membership
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.tables import AUDIT, RELEASE
from tests.platform_admin.isolation.world import Objects, rows_of

# Django's admin. Its model pages are the operators'; members have their own pages above.
PAGES: Final = (
    Row(route="admin:index", least=Who.VIEWER),
    Row(route="admin:login", least=Who.ANONYMOUS, answers=None, reason="signing in has its own tests"),
    Row(route="admin:logout", method="POST", least=Who.VIEWER, answers=None, reason="ends the session it is asked in"),
    Row(route="admin:password_change", least=Who.VIEWER, answers=302),
    Row(route="admin:password_change_done", least=Who.VIEWER),
    Row(route="admin:jsi18n", least=Who.VIEWER),
    Row(route="admin:search", least=Who.VIEWER, query=lambda o: {"s": o.tenant.slug}),
    Row(route="admin:autocomplete", least=Who.OPERATOR, query=lambda _: {
        "app_label": "flows", "model_name": "flow", "field_name": "tenant", "term": ""}),
    Row(route="admin:view_on_site", least=Who.OPERATOR, refuses=404, answers=404,
        reason="no model has a public page of its own"),
    Row(route="admin:app_list", with_={"app_label": "flows"}, least=Who.OPERATOR, refuses=404),
    Row(route="admin/(?P<url>.*)$", with_={"url": "nowhere"}, least=Who.VIEWER, answers=404),
    Row(route="admin/*/<path:object_id>/", least=Who.VIEWER, answers=302, reason="leads to the page of the row"),
    Row(route="admin:*_*_changelist", least=Who.OPERATOR),
    Row(route="admin:*_*_changelist", method="POST", least=Who.OPERATOR, answers=None,
        reason="actions are tested with their verbs; here that nobody else may"),
    Row(route="admin:*_*_add", least=Who.OPERATOR, answers=None, reason="where it is: see the tests of the apps"),
    Row(route="admin:*_*_add", method="POST", least=Who.OPERATOR, answers=None),
    Row(route="admin:*_*_change", least=Who.OPERATOR),
    Row(route="admin:*_*_change", method="POST", least=Who.OPERATOR, answers=None),
    Row(route="admin:*_*_delete", least=Who.OPERATOR, answers=None, reason="few may be deleted at all"),
    Row(route="admin:*_*_delete", method="POST", least=Who.OPERATOR, answers=None),
    Row(route="admin:*_*_history", least=Who.OPERATOR),
    Row(route="admin:*_*_simple_history", least=Who.OPERATOR, answers=None),
)  # fmt: skip


READ_ONLY: Final = (
    "business_businessversion", "commands_runtimecommand", "fleet_deployment", "flows_flowversion", "jobs_job",
    "knowledge_knowledgeversion", "message_templates_messagetemplate", "message_templates_templateaccount",
    "observability_runtimesighting", "releases_release", "tenants_auditentry", "tenants_membership",
    "tenants_runtimetoken", "whatsapp_appdelivery",
)  # fmt: skip
"""Nobody adds, changes or deletes these by a form, operators included."""

WRITABLE: Final = (
    "business_businessdraft", "credentials_credential", "flows_flow", "knowledge_knowledgedocument",
    "releases_tenantsettings", "tenants_tenant", "tenants_user",
)  # fmt: skip

REFUSED: Final = tuple(
    Row(route=f"admin:{model}_{page}", method=method, least=Who.OPERATOR, answers=403)
    for model in READ_ONLY
    for page, method in (("add", "GET"), ("add", "POST"), ("change", "POST"), ("delete", "GET"), ("delete", "POST"))
)


def _chosen(model: type[Any], objects: Objects) -> str:
    return str(rows_of(model, objects.tenant).values_list("pk", flat=True)[0])


def _member(objects: Objects) -> str:
    return str(rows_of(Membership, objects.tenant).values_list("user", flat=True)[0])


def _form(model: str, page: str, changes: tuple[str, ...], **fields: object) -> Row:
    """``tenant`` is filled in where the form has it."""

    def sends(objects: Objects) -> dict[str, object]:
        return {"tenant": objects.tenant.pk or "", **fields}

    return Row(route=f"admin:{model}_{page}", method="POST", least=Who.OPERATOR, answers=302, sends=sends,
               changes=(*changes, "admin.logentry", *AUDIT))  # fmt: skip


def _action(model: str, action: str, key: Any, changes: tuple[str, ...]) -> Row:
    def sends(objects: Objects) -> dict[str, object]:
        return {"action": action, "_selected_action": key(objects)}

    return Row(route=f"admin:{model}_changelist", with_={"action": action}, method="POST", least=Who.OPERATOR,
               answers=302, sends=sends, changes=changes)  # fmt: skip


FORMS: Final = (
    _form("tenants_tenant", "change", ("tenants.tenant",), name="Luna y Sol", status="active", language="es",
          timezone="Europe/Madrid"),
    _form("business_businessdraft", "change", ("business.businessdraft",),
          document=json.dumps({"hours": {"mon": ["10:00-15:00"]}})),
    _form("credentials_credential", "add", ("credentials.credential",), field="connectors.llm.api_key",
          value="a-secret-of-the-form"),
    _form("credentials_credential", "change", ("credentials.credential",), value="a-secret-of-the-form"),
    _form("credentials_credential", "delete", ("credentials.credential",), post="yes"),
    _form("knowledge_knowledgedocument", "change", ("knowledge.knowledgedocument",), draft="# Luna"),
    _form("flows_flow", "add", ("flows.flow", "flows.flowdraft"), name="second"),
    _form("tenants_user", "add", ("tenants.user", "jobs.job"), email="new@example.com", name="Ana"),
    _form("tenants_user", "change", ("tenants.user",), name="Ana", is_active="on"),
)  # fmt: skip

ACTIONS: Final = (
    _action("tenants_runtimetoken", "revoke", lambda o: o.token, ("tenants.runtimetoken", *AUDIT)),
    _action("fleet_deployment", "suspend", lambda o: _chosen(Deployment, o), ("fleet.deployment", *AUDIT)),
    _action("fleet_deployment", "resume", lambda o: _chosen(Deployment, o), ()),
    _action("tenants_user", "send_link", _member, ("jobs.job",)),
    _action("tenants_user", "reset_second_factor", _member, ("jobs.job", *AUDIT)),
    _action("releases_release", "roll_back_to", lambda o: _chosen(Release, o), RELEASE),
    _action("tenants_user", "sign_out", _member, AUDIT),
)  # fmt: skip

ADMIN: Final = (*PAGES, *REFUSED, *FORMS, *ACTIONS)
