"""``/webhooks/whatsapp``: what Meta sends to the platform's own address."""

from __future__ import annotations

import base64
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from platform_admin.commands.actions import MOST_OPEN
from platform_admin.commands.models import RuntimeCommand
from platform_admin.message_templates.actions import replace_templates
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.observability.models import Incident
from platform_admin.releases.actions import save_settings
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp import deliveries
from platform_admin.whatsapp.models import AppDelivery
from runtime.channels.whatsapp.inbound import ParsedWebhook, parse_webhook
from tests.connectors.whatsapp.definitions import definition
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer
from tests.platform_admin.business import COMMAND
from tests.platform_admin.whatsapp.app_deliveries import change, post, template_change
from tests.platform_admin.whatsapp.conftest import NUMBER, WABA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def open_incidents(tenant: Tenant) -> list[str]:
    rows = Incident.objects.for_tenant(tenant).filter(ended_at=None)
    return [row.kind.partition(":")[0] for row in rows.order_by("kind")]


def test_the_same_bytes_again_are_acknowledged_and_mean_nothing(connected: Tenant) -> None:
    body = webhook_bodies.batch([webhook_bodies.text(Writer(phone_number_id=NUMBER), "hola")])
    assert [post(body).status_code for _ in range(3)] == [200] * 3
    assert AppDelivery.objects.count() == 1
    assert RuntimeCommand.objects.for_tenant(connected).count() == 1


class TestTemplates:
    @pytest.fixture(autouse=True)
    def fetched(self, connected: Tenant) -> None:
        replace_templates(tenant=connected, waba_id=WABA, definitions=[definition("reminder", "es")], at=NOW)

    @pytest.mark.parametrize("event", ["PAUSED", "REJECTED", "DISABLED", "FLAGGED"])
    def test_one_that_cannot_be_sent_any_more_raises_an_alarm_and_is_known(self, connected: Tenant, event: str) -> None:
        post(template_change(event, reason="INVALID_FORMAT"))
        row = MessageTemplate.objects.for_tenant(connected).get()
        assert (row.status, row.is_usable) == (event, False)
        (incident,) = Incident.objects.for_tenant(connected)
        assert incident.detail == f"reminder (es), {event.lower()}, INVALID_FORMAT"
        assert incident.said.startswith("a message template cannot be relied on: reminder (es), ")
        post(template_change("APPROVED", reason="NONE"))
        assert open_incidents(connected) == []
        assert MessageTemplate.objects.for_tenant(connected).get().is_usable

    def test_low_quality_is_one_too_under_either_field(self, connected: Tenant) -> None:
        scores = {"previous_quality_score": "YELLOW", "new_quality_score": "RED"}
        named = {"message_template_name": "reminder", "message_template_language": "es"}
        post(change("message_template_quality_update", {**scores, **named}))
        assert open_incidents(connected) == ["whatsapp_template"]
        post(change("message_template_status_update", {**scores, **named, "new_quality_score": "GREEN"}))
        assert open_incidents(connected) == []

    def test_a_category_is_noted_without_an_alarm(self, connected: Tenant) -> None:
        named = {"message_template_name": "reminder", "message_template_language": "es", "new_category": "MARKETING"}
        post(change("template_category_update", named))
        assert MessageTemplate.objects.for_tenant(connected).get().category == "MARKETING"
        assert open_incidents(connected) == []

    def test_one_that_was_never_fetched_raises_the_alarm_all_the_same(self, connected: Tenant) -> None:
        value = {"event": "REJECTED", "message_template_name": "new", "message_template_language": "en-US"}
        post(change("message_template_status_update", value))
        assert Incident.objects.for_tenant(connected).get().detail == "new (en_US), rejected"

    def test_an_account_of_nobody_is_kept_and_concerns_nobody(self, connected: Tenant) -> None:
        value = {"event": "REJECTED", "message_template_name": "reminder", "message_template_language": "es"}
        assert post(change("message_template_status_update", value, account="1")).status_code == 200
        assert (open_incidents(connected), AppDelivery.objects.get().state) == ([], "done")


ACCOUNT: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "a violation": ("account_update", {"event": "ACCOUNT_VIOLATION"}, ["whatsapp_account_restricted"]),
    "a ban": (
        "account_update",
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}},
        ["whatsapp_account_restricted"],
    ),
    "a ban that is taken back": (
        "account_update",
        {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}},
        [],
    ),
    "something about prices": ("account_update", {"event": "VOLUME_BASED_PRICING_TIER_UPDATE"}, []),
    "a review that failed": ("account_review_update", {"decision": "REJECTED"}, ["whatsapp_account_restricted"]),
    "a review that went well": ("account_review_update", {"decision": "APPROVED"}, []),
    "a lower rating": (
        "phone_number_quality_update",
        {"event": "FLAGGED", "display_phone_number": "34600", "current_limit": "TIER_1K"},
        ["whatsapp_number_quality"],
    ),
    "a faster number": ("phone_number_quality_update", {"event": "THROUGHPUT_UPGRADE"}, []),
    "a grave warning": (
        "account_alerts",
        {"alert_severity": "CRITICAL", "alert_type": "OBA_REVOKED", "alert_description": "x"},
        ["whatsapp_account_alert"],
    ),
    "some news": ("account_alerts", {"alert_severity": "INFORMATIONAL"}, []),
    "a field of some future year": ("telepathy", {"event": "X"}, []),
}


@pytest.mark.parametrize(("field", "value", "incidents"), ACCOUNT.values(), ids=ACCOUNT)
def test_what_is_said_of_the_account_becomes_what_the_table_says(
    connected: Tenant, field: str, value: dict[str, Any], incidents: list[str]
) -> None:
    assert post(change(field, value)).status_code == 200
    assert open_incidents(connected) == incidents
    assert AppDelivery.objects.get().state == "done"


def test_a_rating_that_rises_again_ends_the_alarm(connected: Tenant) -> None:
    for event in ("FLAGGED", "UNFLAGGED"):
        post(change("phone_number_quality_update", {"event": event, "display_phone_number": "34600"}))
    assert open_incidents(connected) == []
    assert Incident.objects.for_tenant(connected).count() == 1


class TestStrayedMessages:
    def test_they_are_handed_to_the_runtime_and_the_missing_override_is_told(self, connected: Tenant) -> None:
        first = webhook_bodies.text(Writer(phone_number_id=NUMBER), "hola", message_id="wamid.1")
        read = webhook_bodies.status(NUMBER, "wamid.9", "read", "34600111222")
        assert post(webhook_bodies.batch([first, read])).status_code == 200
        (command,) = RuntimeCommand.objects.for_tenant(connected)
        assert (command.kind, command.payload["channel_id"]) == ("inbound", f"whatsapp:{NUMBER}")
        handed = json.loads(base64.b64decode(command.payload["body_base64"]))
        assert [entry["changes"][0]["value"] for entry in handed["entry"]] == [first, read]
        (incident,) = Incident.objects.for_tenant(connected)
        assert (incident.kind, incident.detail) == ("whatsapp_override_missing", NUMBER)

    def test_each_tenant_is_given_its_own_and_nothing_else(self, connected: Tenant, sol: Tenant) -> None:
        save_settings(
            tenant=sol, document={"channels": [{"type": "whatsapp", "phone_number_id": "2222222222"}]}, by=COMMAND
        )
        texts = {
            number: webhook_bodies.text(Writer(phone_number_id=number), f"for {number}")
            for number in (NUMBER, "2222222222", "3333333333")
        }
        post(webhook_bodies.batch(list(texts.values())))
        for tenant, number in ((connected, NUMBER), (sol, "2222222222")):
            (command,) = RuntimeCommand.objects.for_tenant(tenant)
            handed = base64.b64decode(command.payload["body_base64"]).decode()
            assert f"for {number}" in handed
            assert handed.count("for ") == 1

    def test_a_number_of_nobody_is_kept_and_handed_to_nobody(self, connected: Tenant) -> None:
        body = webhook_bodies.batch([webhook_bodies.text(Writer(phone_number_id="999999"), "hola")])
        assert post(body).status_code == 200
        assert not RuntimeCommand.objects.across_tenants("nobody was asked").exists()
        assert bytes(AppDelivery.objects.get().body) == body

    def test_echoes_and_preferences_go_the_same_way(self, connected: Tenant) -> None:
        value = webhook_bodies.value(NUMBER, message_echoes=[{"to": "1", "id": "a", "type": "text"}])
        post(webhook_bodies.encode(webhook_bodies.envelope(value, field="smb_message_echoes")))
        assert RuntimeCommand.objects.for_tenant(connected).count() == 1


def test_what_failed_is_done_by_a_later_delivery_and_once(connected: Tenant) -> None:
    """The queue of a runtime that never comes back is full; a delivery waits until there is room."""
    waiting = [RuntimeCommand(tenant=connected, kind="backup", issued_at=NOW) for _ in range(MOST_OPEN)]
    RuntimeCommand.objects.bulk_create(waiting)
    body = webhook_bodies.batch([webhook_bodies.text(Writer(phone_number_id=NUMBER), "hola")])
    assert post(body).status_code == 200
    delivery = AppDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.fault) == ("waiting", 1, "LimitReachedError")
    assert bytes(delivery.body) == body
    assert not Incident.objects.for_tenant(connected).exists()
    RuntimeCommand.objects.for_tenant(connected).update(state="expired")
    assert post(template_change("APPROVED")).status_code == 200
    assert RuntimeCommand.objects.for_tenant(connected).filter(kind="inbound").count() == 1
    delivery.refresh_from_db()
    assert (delivery.state, deliveries.take_in(delivery, now=NOW)) == ("done", False)
    assert RuntimeCommand.objects.for_tenant(connected).filter(kind="inbound").count() == 1


def test_what_the_runtime_is_handed_is_what_it_reads_at_its_own_address(connected: Tenant) -> None:
    value = webhook_bodies.text(Writer(phone_number_id=NUMBER), "mañana 😀", message_id="wamid.1")
    post(webhook_bodies.batch([value]))
    handed = base64.b64decode(RuntimeCommand.objects.for_tenant(connected).get().payload["body_base64"])
    strayed, direct = (
        parse_webhook(body, channel_of={NUMBER: f"whatsapp:{NUMBER}"}.get, received_at=NOW)
        for body in (handed, webhook_bodies.batch([value]))
    )
    assert isinstance(strayed, ParsedWebhook)
    assert strayed == direct
    assert [envelope.message.text for envelope in strayed.messages] == ["mañana 😀"]


def test_what_found_its_owner_leaves_its_digest_and_no_words(connected: Tenant) -> None:
    body = webhook_bodies.batch([webhook_bodies.text(Writer(phone_number_id=NUMBER), "texto secreto")])
    post(body)
    row = AppDelivery.objects.get()
    assert (row.state, bytes(row.body)) == ("done", b"")
    assert post(body).status_code == 200
    assert RuntimeCommand.objects.for_tenant(connected).count() == 1


def test_what_is_old_is_forgotten_and_not_before(connected: Tenant) -> None:
    deliveries.keep(b"old", at=NOW)
    deliveries.keep(b"new", at=NOW + timedelta(days=1))
    assert deliveries.forget_deliveries(now=NOW + deliveries.KEPT) == 0
    assert deliveries.forget_deliveries(now=NOW + deliveries.KEPT + timedelta(seconds=1)) == 1
    assert [bytes(row.body) for row in AppDelivery.objects.all()] == [b"new"]


def test_every_published_body_is_taken_in(connected: Tenant, shared_data: Path) -> None:
    files = sorted((shared_data / "whatsapp").glob("*/webhook__*.json"))
    assert len(files) > 60
    for file in files:
        assert post(file.read_bytes()).status_code == 200, file.name
    assert {row.state for row in AppDelivery.objects.all()} == {"done"}


def test_no_log_line_carries_a_number_or_a_text(connected: Tenant, caplog: pytest.LogCaptureFixture) -> None:
    body = webhook_bodies.batch([webhook_bodies.text(Writer(NUMBER, "34600999888", "Nombre"), "texto secreto")])
    with caplog.at_level(logging.DEBUG):
        post(body)
        post(body[:-4])
        post(body, signature="sha256=bad")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("platform_admin.")]
    assert ours == ["whatsapp webhook refused: signature missing or wrong"]
