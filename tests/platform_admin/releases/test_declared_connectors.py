"""A flow that calls what its own tenant declared: checked against the declaration, and published."""

from __future__ import annotations

import pytest

from flow_engine.diagnostics import Severity
from platform_admin.credentials.actions import set_credential
from platform_admin.errors import HasFaultsError
from platform_admin.releases import actions
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

STUDIO = """
channels: [{type: http_dev}]
connectors:
  studio:
    type: http
    base_url: https://api.studio.example/v1
    auth: bearer
    operations:
      find_customer:
        path: /customers
        query: {phone: "{phone}"}
        parameters: {phone: the number}
        result: {name: customer.name}
        example: {name: Ana}
"""

FLOW = """
id: studio
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: studio
        operation: OPERATION
        params: {PARAMETER: "{{ contact.phone }}"}
        result_key: customer
        on_error: SORRY
      - action: send_text
        text: "Hello {{ data.customer.FIELD }}."
    transitions:
      - on_payload: again
        target: MENU
    fallback: MENU
  SORRY:
    on_enter:
      - {action: send_text, text: "Somebody will call you."}
      - {action: end}
"""


def flow(operation: str = "find_customer", parameter: str = "phone", field: str = "name") -> str:
    return FLOW.replace("OPERATION", operation).replace("PARAMETER", parameter).replace("FIELD", field)


def store_secret(tenant: Tenant) -> None:
    set_credential(tenant=tenant, field="connectors.studio.secret", value="sk-studio-0123456789", by=COMMAND)


def test_a_declared_operation_can_be_called(luna: Tenant) -> None:
    store_secret(luna)
    release = actions.publish(tenant=luna, by=COMMAND, sources=sources(flow=flow(), settings=STUDIO))
    assert release.flow_version.program["id"] == "studio"


_FAULTS = {
    "an operation there is none": (flow(operation="delete_customer"), "F110"),
    "a parameter there is none": (flow(parameter="number"), "F111"),
}


@pytest.mark.parametrize(("text", "code"), _FAULTS.values(), ids=_FAULTS.keys())
def test_a_wrong_call_is_refused_by_the_tenants_own_declaration(luna: Tenant, text: str, code: str) -> None:
    store_secret(luna)
    with pytest.raises(HasFaultsError) as refused:
        actions.publish(tenant=luna, by=COMMAND, sources=sources(flow=text, settings=STUDIO))
    assert code in {fault.code for fault in refused.value.faults if fault.severity is Severity.ERROR}


def test_a_declaration_with_a_fault_is_refused_at_its_place(luna: Tenant) -> None:
    store_secret(luna)
    settings = STUDIO.replace("path: /customers", "path: customers")
    with pytest.raises(HasFaultsError) as refused:
        actions.publish(tenant=luna, by=COMMAND, sources=sources(flow=flow(), settings=settings))
    told = [str(fault) for fault in refused.value.faults]
    assert any("S202" in line and "find_customer.path: must begin with '/'" in line for line in told), told


def test_a_secret_with_a_form_is_checked_without_being_opened(luna: Tenant) -> None:
    """The stand-in of a stored secret must have the form that the provider reads."""
    set_credential(tenant=luna, field="connectors.notification.secret", value="whsec_" + "A" * 32, by=COMMAND)
    settings = (
        "channels: [{type: http_dev}]\nconnectors:\n  notification: {type: webhook, url: 'https://hooks.example/x'}\n"
    )
    assert actions.publish(tenant=luna, by=COMMAND, sources=sources(settings=settings)).serial == 1


def test_a_credential_in_the_open_is_refused_by_what_its_provider_says_it_is() -> None:
    """Its name alone tells nothing: the provider's form does."""
    block = "{type: google_calendar, calendar_id: c, credentials: x}"
    text = f"channels: [{{type: http_dev}}]\nconnectors:\n  calendar: {block}\n"
    reading = read_settings_file(text, file="s.yaml")
    assert [fault.code for fault in reading.faults] == ["S104"]
    assert "connectors.calendar.credentials" in reading.faults[0].message
