"""Templates from the account into the gate and the bundle."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from flow_engine.bundle import open_bundle
from platform_admin.errors import HasFaultsError
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.message_templates.queries import templates_for_bundle, usable_names
from platform_admin.observability.models import Incident
from platform_admin.releases.actions import check_release, publish
from platform_admin.releases.signing_key import verifying_keys
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.template_sync import sync_all_templates, sync_templates
from runtime.outreach import ApprovedTemplates
from runtime.outreach.approved_template import ApprovedButton
from tests.platform_admin.business import COMMAND, FLOW, sources
from tests.platform_admin.whatsapp.conftest import TOKEN, WABA, Meta

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
REMINDS = FLOW.replace(
    '        text: "De 10:00 a 20:00."',
    '        text: "De 10:00 a 20:00."\n'
    "      - {action: send_template, name: reminder, language: es, parameters: [Ana]}",
)


def template(name: str = "reminder", language: str = "es", **facts: Any) -> dict[str, Any]:
    body = {"type": "BODY", "text": "Hola {{1}}, le esperamos."}
    return {
        "name": name,
        "language": language,
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [body],
        "quality_score": {"score": "GREEN"},
        **facts,
    }


def known(tenant: Tenant) -> list[tuple[str, str]]:
    return [(row.name, row.status) for row in MessageTemplate.objects.for_tenant(tenant)]


def test_every_page_is_fetched_and_what_is_gone_goes(connected: Tenant, meta: Meta) -> None:
    meta.account.templates = [template(f"t_{number:03}") for number in range(250)]
    (result,) = sync_templates(tenant=connected, by=COMMAND, now=NOW)
    assert (result.templates, result.unusable, result.fault) == (250, (), "")
    assert len(known(connected)) == 250
    assert [path for _, path in meta.account.calls].count(f"{WABA}/message_templates") == 3
    meta.account.templates = [template("t_000", status="PAUSED")]
    (result,) = sync_templates(tenant=connected, by=COMMAND, now=NOW + timedelta(hours=1))
    assert (known(connected), result.unusable) == ([("t_000", "PAUSED")], ("t_000 (es)",))


def test_a_fetch_that_fails_leaves_what_was_known_and_says_why(connected: Tenant, meta: Meta) -> None:
    meta.account.templates = [template()]
    sync_templates(tenant=connected, by=COMMAND, now=NOW)
    meta.account.failures[f"{WABA}/message_templates"] = (500, 1, "Please try again")
    (result,) = sync_templates(tenant=connected, by=COMMAND, now=NOW + timedelta(hours=1))
    account = TemplateAccount.objects.for_tenant(connected).get()
    assert result.fault == account.fault == "WhatsApp answered: (#1) Please try again"
    assert (known(connected), account.fetched_at) == ([("reminder", "APPROVED")], NOW)


def test_one_tenants_trouble_leaves_the_others(connected: Tenant, sol: Tenant, meta: Meta) -> None:
    meta.account.templates = [template()]
    assert [(result.tenant, result.fault) for result in sync_all_templates(by=COMMAND, now=NOW)] == [("luna", "")]
    assert known(sol) == []


def test_what_is_known_goes_into_the_bundle(connected: Tenant, meta: Meta) -> None:
    buttons = [{"type": "QUICK_REPLY", "text": "No puedo"}, {"type": "URL", "text": "Ver", "url": "https://x/{{1}}"}]
    components = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Hola {{name}}, el {{day}} a las {{hour}}."},
        {"type": "BUTTONS", "buttons": buttons},
    ]
    meta.account.templates = [template(components=components, parameter_format="NAMED")]
    sync_templates(tenant=connected, by=COMMAND, now=NOW)
    release = publish(tenant=connected, by=COMMAND, sources=sources(REMINDS))
    bundle = open_bundle(
        bytes(release.envelope),
        public_keys=verifying_keys(),
        tenant="luna",
        floor_serial=1,
        floor_digest=None,
    )
    assert bundle.more["templates"] == [
        {
            "name": "reminder",
            "language": "es",
            "category": "UTILITY",
            "status": "APPROVED",
            "parameters": ["name", "day", "hour"],
            "header": {"format": "IMAGE"},
            "buttons": [
                {"type": "QUICK_REPLY", "text": "No puedo"},
                {"type": "URL", "text": "Ver", "parameters": 1},
            ],
        }
    ]


def test_what_a_bundle_says_of_templates_is_what_the_runtime_reads(connected: Tenant, meta: Meta) -> None:
    meta.account.templates = [template(), template("old", status="PAUSED")]
    sync_templates(tenant=connected, by=COMMAND, now=NOW)
    known_there = ApprovedTemplates.from_json(templates_for_bundle(connected))
    assert known_there is not None
    reminder, old = known_there.find("reminder", "es"), known_there.find("old", "es")
    assert reminder is not None
    assert old is not None
    assert (reminder.status, reminder.parameters, old.status) == ("APPROVED", 1, "PAUSED")


def test_a_place_a_code_and_a_form_are_known_by_what_they_need(connected: Tenant, meta: Meta) -> None:
    buttons = [
        {"type": "COPY_CODE", "text": "Copy offer code", "example": ["GIFT7"]},
        {"type": "FLOW", "text": "Tell us", "flow_id": 7, "flow_action": "NAVIGATE", "navigate_screen": "FIRST"},
    ]
    components = [
        {"type": "HEADER", "format": "LOCATION"},
        {"type": "BODY", "text": "Hola"},
        {"type": "BUTTONS", "buttons": buttons},
    ]
    meta.account.templates = [template(components=components)]
    sync_templates(tenant=connected, by=COMMAND, now=NOW)
    known_there = ApprovedTemplates.from_json(templates_for_bundle(connected))
    assert known_there is not None
    reminder = known_there.find("reminder", "es")
    assert reminder is not None
    assert reminder.header == "LOCATION"
    assert reminder.buttons == (ApprovedButton("COPY_CODE", is_open=True), ApprovedButton("FLOW"))


def test_without_a_fetch_a_bundle_says_nothing_of_templates(connected: Tenant) -> None:
    release = publish(tenant=connected, by=COMMAND, sources=sources())
    bundle = open_bundle(
        bytes(release.envelope),
        public_keys=verifying_keys(),
        tenant="luna",
        floor_serial=1,
        floor_digest=None,
    )
    assert "templates" not in bundle.more


@pytest.mark.parametrize(
    "facts",
    [{"status": "PAUSED"}, {"status": "REJECTED", "rejected_reason": "SCAM"}, {"quality_score": {"score": "RED"}}],
)
def test_a_step_whose_template_cannot_be_relied_on_is_not_published(
    connected: Tenant, meta: Meta, facts: dict[str, Any]
) -> None:
    meta.account.templates = [template(**facts), template("other")]
    sync_templates(tenant=connected, by=COMMAND, now=NOW)
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=connected, by=COMMAND, sources=sources(REMINDS))
    assert [fault.code for fault in refused.value.faults] == ["S213"]
    assert publish(tenant=connected, by=COMMAND, sources=sources()).serial == 1
    (incident,) = Incident.objects.for_tenant(connected)
    assert incident.detail.startswith("reminder (es), ")
    assert incident.ended_at is None
    meta.account.templates = [template()]
    sync_templates(tenant=connected, by=COMMAND, now=NOW + timedelta(hours=1))
    assert Incident.objects.for_tenant(connected).get().ended_at == NOW + timedelta(hours=1)
    assert publish(tenant=connected, by=COMMAND, sources=sources(REMINDS)).serial == 2


def test_while_nobody_has_asked_the_gate_says_that_it_does_not_know(connected: Tenant) -> None:
    report = check_release(tenant=connected, by=COMMAND, sources=sources(REMINDS)).to_json()
    (row,) = [row for row in report if row["code"] == "templates"]
    assert (row["state"], usable_names(connected)) == ("not_available", None)


class TestCommand:
    def test_it_tells_what_it_fetched(self, connected: Tenant, meta: Meta) -> None:
        meta.account.templates = [template(), template("old", status="DISABLED")]
        out = StringIO()
        call_command("sync_templates", "luna", stdout=out)
        assert out.getvalue() == f"luna {WABA}: 2 templates; not usable: old (es)\n"

    def test_it_speaks_json_for_all_tenants(self, connected: Tenant, sol: Tenant, meta: Meta) -> None:
        out = StringIO()
        call_command("sync_templates", "--all", "--json", stdout=out)
        assert [row["tenant"] for row in json.loads(out.getvalue())] == ["luna"]

    def test_it_ends_with_1_when_an_account_could_not_be_asked(self, connected: Tenant, meta: Meta) -> None:
        meta.account.failures[f"{WABA}/message_templates"] = (400, 190, "Session has expired")
        with pytest.raises(CommandError, match="1 of 1 accounts could not be asked") as failed:
            call_command("sync_templates", "luna", stdout=StringIO())
        assert failed.value.returncode == 1
        assert TOKEN not in TemplateAccount.objects.for_tenant(connected).get().fault

    def test_it_knows_who_has_no_account(self, luna: Tenant) -> None:
        out = StringIO()
        call_command("sync_templates", "luna", stdout=out)
        assert out.getvalue() == "No channel names its WhatsApp account; set waba_id in the settings.\n"
        with pytest.raises(CommandError) as refused:
            call_command("sync_templates", "nobody")
        assert refused.value.returncode == 2


def test_the_clock_of_the_command_is_the_systems(connected: Tenant, meta: Meta) -> None:
    before = timezone.now()
    call_command("sync_templates", "luna", stdout=StringIO())
    fetched = TemplateAccount.objects.for_tenant(connected).get().fetched_at
    assert fetched is not None
    assert before <= fetched <= timezone.now()
