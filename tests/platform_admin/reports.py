"""Reports as a runtime sends them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.test import Client

REPORT_URL = "/api/runtime/v1/tenants/luna/report"
AT = "2026-11-29T18:20:00+00:00"

HEARTBEAT: dict[str, Any] = {
    "at": AT, "serial": 1, "staged_serial": None, "ready": True, "degraded": [], "refusal": None,
    "last_inbound_at": AT, "suspended": False,
}  # fmt: skip
TURN: dict[str, Any] = {
    "id": "luna:1:1", "conversation": "c1", "contact": "c-5f1c0a9be2d4-41", "channel": "http_dev", "at": AT,
    "serial": 1, "heard": "hola", "said": ["¡Hola!"], "state_before": "", "state_after": "MENU",
    "trace": {"entries": [], "duration_ms": 3}, "error": None,
}  # fmt: skip


def report(report_id: str | None = None, **parts: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "report_id": report_id or str(uuid.uuid4()),
        "runtime": {"version": "0.1.0", "build": "abc", "started_at": AT, "formats": {"bundle": [1]}},
        "heartbeat": HEARTBEAT,
        **parts,
    }


def send(client: Client, token: str, body: dict[str, Any] | bytes, *, url: str = REPORT_URL) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(url, data=raw, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
