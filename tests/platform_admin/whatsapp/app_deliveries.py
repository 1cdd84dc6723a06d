"""What Meta delivers to the app, signed."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests.fakes import webhook_bodies
from tests.platform_admin.whatsapp.conftest import WABA

ADDRESS = "/webhooks/whatsapp"
NEW, OLD = "app-secret-new", "app-secret-old"


def post(body: bytes, *, secret: str = NEW, signature: str | None = None) -> Any:
    signed = webhook_bodies.sign(body, secret) if signature is None else signature
    headers = {"X-Hub-Signature-256": signed} if signed else {}
    return Client().post(ADDRESS, data=body, content_type="application/json", headers=headers)


def change(field: str, value: dict[str, Any], *, account: str = WABA) -> bytes:
    entry = {"id": account, "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def template_change(event: str, **more: Any) -> bytes:
    value = {"event": event, "message_template_name": "reminder", "message_template_language": "es", **more}
    return change("message_template_status_update", value)
