"""Puts hostile texts wherever a customer's, a runtime's or an author's words are shown. Run where the site's settings are.

``python -m tests.e2e.hostile_seed FILE``: a JSON list of texts; each is put everywhere once.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import models  # noqa: E402 - needs the settings
from django.utils import timezone  # noqa: E402

from platform_admin.flows import actions as flows  # noqa: E402
from platform_admin.flows.queries import main_flow  # noqa: E402
from platform_admin.knowledge import actions as knowledge  # noqa: E402
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount  # noqa: E402
from platform_admin.observability.models import (  # noqa: E402
    DeadLetter,
    HandOff,
    Incident,
    Notice,
    RuntimeSighting,
    ScheduledTask,
    UnansweredQuestion,
)
from platform_admin.observability.report_document import TurnSeen  # noqa: E402
from platform_admin.observability.taking_in.turns import add_turns  # noqa: E402
from platform_admin.tenants.actor import CommandActor  # noqa: E402
from platform_admin.tenants.models import Tenant  # noqa: E402

BY = CommandActor("test")
CONVERSATION = "conv-hostile"


def plant(tenant: Tenant, texts: list[str]) -> None:
    _customers(tenant, texts)
    _runtime(tenant, texts)
    _authors(tenant, texts)


def _customers(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    for number, text in enumerate(texts):
        turn = {
            "id": f"t{number}", "contact": f"c-{text}"[:60], "channel": "whatsapp:1", "serial": 1, "trace": {},
            "at": now - timedelta(minutes=number), "heard": text, "said": [text, {"text": text}], "state_before": text[:100],
            "state_after": text[:100], "error": {"kind": text[:60], "detail": text[:400]},
        }  # fmt: skip
        add_turns(tenant=tenant, turns=[TurnSeen(conversation=CONVERSATION, **turn)])  # type: ignore[arg-type] # a mixed table
        add_turns(tenant=tenant, turns=[TurnSeen(conversation=f"{number} {text}"[:190], **{**turn, "id": f"u{number}"})])  # type: ignore[arg-type] # the same
        _row(HandOff, tenant, hand_off_id=str(number), conversation=f"{number} {text}", contact=text, open=True,
             channel="whatsapp:1", at=now, reason=text, messages=[{"from": "customer", "text": text, "at": now.isoformat()}])
        _row(UnansweredQuestion, tenant, question_id=str(number), question=text, language="es", reason=text, at=now)


def _runtime(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    for number, text in enumerate(texts):
        _row(DeadLetter, tenant, kind="outbound", error=text, at=now, contact=text, **_id(DeadLetter, number))
        _row(ScheduledTask, tenant, task=text, contact=text, channel=text, due_at=now, state="missed",
             **_id(ScheduledTask, number))
        _row(Notice, tenant, notice_id=str(number), kind=text, at=now, detail=text)
        _row(Incident, tenant, kind=f"{number} {text}", detail=text, started_at=now)
    gauges = {
        "open_conversations": [{"state": text, "serial": 1, "count": 1} for text in texts],
        "breakers": [{"connector": text, "state": "open"} for text in texts],
        "connector_latency": [
            {"connector": text, "operation": text, "count": 1, "p50_ms": 1, "p95_ms": 2} for text in texts
        ],
    }
    RuntimeSighting.objects.update_or_create(
        tenant=tenant, defaults={"last_pull_at": now, "serial": 1, "gauges": gauges, "degraded": texts}
    )


def _authors(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    flow = main_flow(tenant)
    assert flow is not None
    shown = "\n".join(f"      - action: send_text\n        text: {json.dumps(_plain(text)[:900])}" for text in texts)
    document = (
        "id: hostile\ninitial_state: MENU\nstates:\n  MENU:\n    on_enter:\n" + shown + "\n      - action: send_interactive_buttons\n"
        f"        body: {json.dumps(_plain(texts[0])[:900])}\n        buttons:\n"
        f"          - id: one\n            title: {json.dumps(_plain(texts[1])[:20])}\n"
        "    transitions:\n      - on_payload: one\n        target: MENU\n    fallback: MENU\n"
    )
    flows.save_draft(flow=flow, text=document, by=BY)
    flows.save_case(flow=flow, name="hostile.yaml", text=f"description: {json.dumps(texts[0][:150])}\nsteps: []\n", by=BY)
    knowledge.save_draft(tenant=tenant, markdown="\n\n".join(f"## {text}\n\n{text}" for text in texts)[:200_000], by=BY)
    account = TemplateAccount(tenant=tenant, waba_id="1", fetched_at=now)
    models.QuerySet(TemplateAccount).bulk_create([account])
    for text in texts:
        _row(MessageTemplate, tenant, account=account, name=text, language="es", category="UTILITY", status="APPROVED",
             quality="GREEN", reason=text, parameters=1, buttons=[{"text": text}], seen_at=now)
    models.QuerySet(Tenant).filter(pk=tenant.pk).update(name=texts[0][:120])


def _plain(text: str) -> str:
    """Braces begin an expression of the flow language, which is another corpus's matter."""
    return text.replace("{", "(").replace("}", ")")


def _id(model: type[models.Model], number: int) -> dict[str, str]:
    name = next(field.name for field in model._meta.fields if field.name.endswith("_id") and not field.is_relation)
    return {name: str(number)}


def _row(model: type[models.Model], tenant: Tenant, **values: Any) -> None:
    """As long as the column is; fields that the model does not have are left out."""
    kept: dict[str, Any] = {}
    for field in model._meta.fields:
        if field.name in values:
            value = values[field.name]
            kept[field.name] = value[: field.max_length] if isinstance(value, str) and field.max_length else value
    models.QuerySet(model).bulk_create([model(tenant=tenant, **kept)], ignore_conflicts=True)


if __name__ == "__main__":
    plant(Tenant.objects.get(slug="luna"), json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
