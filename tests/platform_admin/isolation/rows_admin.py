"""The rows of Django's admin: its model pages are the operators', and few of them change anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from platform_admin.credentials.models import Credential
from platform_admin.fleet.models import Deployment
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Membership
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.objects import Objects
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.scenes import Given
from tests.platform_admin.isolation.table_rows import rows_of
from tests.platform_admin.isolation.tables import AUDIT, RELEASE

# Django's admin. Its model pages are the operators'; members have their own pages above.
PAGES: Final = (
    Row(route="admin:index", least=Who.VIEWER),
    Row(route="admin:login", least=Who.ANONYMOUS, answers=302, reason="there is one way in"),
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
    Row(route="admin:*_*_changelist", method="POST", least=Who.OPERATOR,
        reason="no action was chosen: the list again; ACTIONS has a row for each action"),
    Row(route="admin:*_*_change", least=Who.OPERATOR),
    Row(route="admin:*_*_history", least=Who.OPERATOR),
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


OFFERED: Final = tuple(
    Row(route=f"admin:{model}_{page}", least=Who.OPERATOR, answers=200 if page in pages else 403)
    for model, pages in (
        ("business_businessdraft", ("add",)),
        ("credentials_credential", ("add", "delete")),
        ("flows_flow", ("add",)),
        ("knowledge_knowledgedocument", ("add",)),
        ("releases_tenantsettings", ("add",)),
        ("tenants_tenant", ()),
        ("tenants_user", ("add",)),
    )
    for page in ("add", "delete")
)
"""The forms of models that are written here; what a form is not offered for, its POST does not do either."""

NOT_OFFERED: Final = tuple(
    Row(route=f"admin:{model}_{page}", method="POST", least=Who.OPERATOR, answers=403)
    for model, pages in (
        ("business_businessdraft", ("delete",)),
        ("flows_flow", ("change", "delete")),
        ("knowledge_knowledgedocument", ("delete",)),
        ("releases_tenantsettings", ("delete",)),
        ("tenants_tenant", ("add", "delete")),
        ("tenants_user", ("delete",)),
    )
    for page in pages
)


def _chosen(model: type[Any], objects: Objects) -> str:
    return str(rows_of(model, objects.tenant).values_list("pk", flat=True)[0])


def _member(objects: Objects) -> str:
    return str(rows_of(Membership, objects.tenant).values_list("user", flat=True)[0])


def _form(
    model: str,
    page: str,
    changes: tuple[str, ...],
    given: Given | None = None,
    opened: Callable[[Objects], int] | None = None,
    **fields: object,
) -> Row:
    """``tenant`` is filled in where the form has it; ``opened`` is the revision that the page showed."""

    def sends(objects: Objects) -> dict[str, object]:
        shown = {} if opened is None else {"opened_revision": opened(objects)}
        return {"tenant": objects.tenant.pk or "", **shown, **fields}

    return Row(route=f"admin:{model}_{page}", method="POST", least=Who.OPERATOR, answers=302, sends=sends,
               given=given, changes=(*changes, "admin.logentry", *AUDIT))  # fmt: skip


def _none_yet(_: Objects) -> int:
    return 0


def _action(
    model: str, action: str, key: Any, changes: tuple[str, ...], given: Given | None = None, **fields: str
) -> Row:
    def sends(objects: Objects) -> dict[str, object]:
        return {"action": action, "_selected_action": key(objects), **fields}

    return Row(route=f"admin:{model}_changelist", with_={"action": action}, method="POST", least=Who.OPERATOR,
               answers=302, sends=sends, given=given, changes=changes)  # fmt: skip


SETTINGS: Final[dict[str, Any]] = {
    "channels": json.dumps([{"type": "http_dev"}]),
    "connectors": json.dumps({"calendar": {"type": "mock_calendar"}}),
    "llm": "{}",
    "sentences": "{}",
    "policies": "{}",
}

FORMS: Final = (
    _form("tenants_tenant", "change", ("tenants.tenant",), name="Luna y Sol", status="deleted", language="es",
          timezone="Europe/Madrid"),
    Row(route="admin:tenants_tenant_suspend", method="POST", least=Who.OPERATOR, answers=302,
        sends=lambda _: {"reason": "not paid"}, changes=("tenants.tenant", *AUDIT)),
    Row(route="admin:tenants_tenant_resume", method="POST", least=Who.OPERATOR, answers=302,
        given=scenes.asked_to_delete, changes=("tenants.tenant", *AUDIT)),
    Row(route="admin:tenants_tenant_suspend", least=Who.OPERATOR, answers=405, refuses=405, reason="pressed only"),
    Row(route="admin:tenants_tenant_resume", least=Who.OPERATOR, answers=405, refuses=405, reason="pressed only"),
    _form("business_businessdraft", "change", ("business.businessdraft",), opened=lambda o: o.hours_revision,
          document=json.dumps({"hours": {"mon": ["10:00-15:00"]}})),
    _form("business_businessdraft", "add", ("business.businessdraft",), given=scenes.new_business, opened=_none_yet,
          document=json.dumps({"hours": {"mon": ["10:00-15:00"]}})),
    _form("credentials_credential", "add", ("credentials.credential",), field="connectors.llm.api_key",
          value="a-secret-of-the-form"),
    _form("credentials_credential", "change", ("credentials.credential",), value="a-secret-of-the-form"),
    _form("credentials_credential", "delete", ("credentials.credential",), post="yes"),
    _form("knowledge_knowledgedocument", "change", ("knowledge.knowledgedocument",), opened=lambda o: o.faq_revision,
          draft="# Luna"),
    _form("knowledge_knowledgedocument", "add", ("knowledge.knowledgedocument",), given=scenes.new_business,
          opened=_none_yet, draft="# New"),
    _form("releases_tenantsettings", "change", ("releases.tenantsettings",), opened=lambda o: o.settings_revision,
          **SETTINGS),
    _form("releases_tenantsettings", "add", ("releases.tenantsettings",), given=scenes.new_business, opened=_none_yet,
          **SETTINGS),
    _form("flows_flow", "add", ("flows.flow", "flows.flowdraft"), name="second"),
    _form("tenants_user", "add", ("tenants.user", "jobs.job"), email="new@example.com", name="Ana"),
    _form("tenants_user", "change", ("tenants.user",), name="Ana", is_active="on"),
)  # fmt: skip

ACTIONS: Final = (
    _action("tenants_runtimetoken", "revoke", lambda o: o.token, ("tenants.runtimetoken", *AUDIT)),
    _action("fleet_deployment", "suspend", lambda o: _chosen(Deployment, o), ("fleet.deployment", *AUDIT)),
    _action("fleet_deployment", "resume", lambda o: _chosen(Deployment, o), ()),
    _action("jobs_job", "again", lambda _: "", ("jobs.job",), given=scenes.failed_job),
    _action("credentials_credential", "delete_selected", lambda o: _chosen(Credential, o),
            ("credentials.credential", "admin.logentry", *AUDIT), post="yes"),
    _action("tenants_user", "send_link", _member, ("jobs.job",)),
    _action("tenants_user", "reset_second_factor", _member, ("jobs.job", "people.personsession", *AUDIT)),
    _action("releases_release", "roll_back_to", lambda o: _chosen(Release, o), RELEASE),
    _action("tenants_user", "sign_out", _member, ("people.personsession", *AUDIT)),
)  # fmt: skip

ADMIN: Final = (*PAGES, *REFUSED, *OFFERED, *NOT_OFFERED, *FORMS, *ACTIONS)
