"""Puts hostile texts wherever a customer's, a runtime's or an author's words are shown.

``python -m tests.e2e.hostile_seed FILE``, where the site's settings are: a JSON list of texts; each is put everywhere
once. Rows are written past the actions that would refuse some of them: the pages must hold even then.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Permission  # noqa: E402 - needs the settings
from django.db import models  # noqa: E402 - needs the settings
from django.utils import timezone  # noqa: E402

from platform_admin.flows import actions as flows  # noqa: E402
from platform_admin.flows.queries import main_flow  # noqa: E402
from platform_admin.knowledge import actions as knowledge  # noqa: E402
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount  # noqa: E402
from platform_admin.observability.models import (  # noqa: E402
    Conversation,
    DeadLetter,
    HandOff,
    Incident,
    Notice,
    RuntimeSighting,
    ScheduledTask,
    Turn,
    UnansweredQuestion,
)
from platform_admin.observability.report_document import TurnSeen  # noqa: E402
from platform_admin.observability.taking_in.turns import add_turns  # noqa: E402
from platform_admin.tenants.actor import CommandActor  # noqa: E402
from platform_admin.tenants.models import Tenant, User  # noqa: E402

BY = CommandActor("test")
CONVERSATION = "conv-hostile"
SHOWN: tuple[type[models.Model], ...] = (
    Conversation, DeadLetter, HandOff, Incident, MessageTemplate, Notice, RuntimeSighting, ScheduledTask,
    TemplateAccount, Turn, UnansweredQuestion,
)  # fmt: skip
"""Whose rows make way, so that planting other texts leaves as many."""


def plant(tenant: Tenant, texts: list[str]) -> None:
    for model in SHOWN:
        _all(model).filter(tenant=tenant).delete()
    _customers(tenant, texts)
    _runtime(tenant, texts)
    _authors(tenant, texts)
    # Lists of the plain admin are for whoever was given them.
    seen = Permission.objects.get(codename="view_messagetemplate")
    for person in User.objects.filter(memberships__tenant=tenant):
        person.user_permissions.add(seen)


def _customers(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    for number, text in enumerate(texts):
        # Another one for the name: a list that shows thirty rows then shows sixty texts.
        named = texts[(number + len(texts) // 2) % len(texts)]
        turn = {
            "contact": f"c-{named}"[:60],
            "channel": "whatsapp:1",
            "serial": 1,
            "trace": {},
            "at": now - timedelta(minutes=number),
            "heard": text,
            "said": [text, {"text": text}],
            "state_before": text[:100],
            "state_after": text[:100],
            "error": {"kind": text[:60], "detail": text[:400]},
        }
        seen: list[dict[str, Any]] = [
            {**turn, "id": f"t{number}", "conversation": CONVERSATION},
            {**turn, "id": f"u{number}", "conversation": f"{number} {text}"[:190]},
        ]
        add_turns(tenant=tenant, turns=[TurnSeen(**one) for one in seen])
        message = {"from": "customer", "text": text, "at": now.isoformat()}
        _row(HandOff, tenant, hand_off_id=str(number), conversation=f"{number} {text}"[:190], contact=text, open=True,
             channel="whatsapp:1", at=now, reason=text, messages=[message])  # fmt: skip
        _row(UnansweredQuestion, tenant, question_id=str(number), question=text, language="es", reason=text, at=now)


def _runtime(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    for number, text in enumerate(texts):
        _row(DeadLetter, tenant, kind="outbound", error=text, at=now, contact=text, **_id(DeadLetter, number))
        _row(
            ScheduledTask,
            tenant,
            task=text,
            contact=text,
            channel=text,
            due_at=now,
            state="missed",
            **_id(ScheduledTask, number),
        )
        _row(Notice, tenant, notice_id=str(number), kind=text, at=now, detail=text)
        _row(Incident, tenant, kind=f"{number} {text}", detail=text, started_at=now)
    gauges = {
        "open_conversations": [{"state": text, "serial": 1, "count": 1} for text in texts],
        "breakers": [{"connector": text, "state": "open"} for text in texts],
        "connector_latency": [
            {"connector": text, "operation": text, "count": 1, "p50_ms": 1, "p95_ms": 2} for text in texts
        ],
    }
    _row(RuntimeSighting, tenant, last_pull_at=now, serial=1, gauges=gauges, degraded=texts)


def _authors(tenant: Tenant, texts: list[str]) -> None:
    now = timezone.now()
    flow = main_flow(tenant)
    assert flow is not None
    # A step says at most 20 messages.
    groups = ["\n".join(_plain(text) for text in group) for group in batched(texts, 4)]
    sent = [{"action": "send_text", "text": group} for group in groups]
    choice = {
        "action": "send_interactive_buttons",
        "body": _plain(texts[0])[:900],
        "buttons": [{"id": "one", "title": _plain(texts[1])[:20]}],
    }
    menu = {
        "on_enter": [*sent, choice],
        "transitions": [{"on_payload": "one", "target": "MENU"}],
        "fallback": "MENU",
    }
    document = {"id": "hostile", "initial_state": "MENU", "states": {"MENU": menu}}
    # JSON is YAML too, and nothing in it needs escaping twice.
    flows.save_draft(flow=flow, text=json.dumps(document, indent=1, ensure_ascii=False), by=BY)
    case = json.dumps({"description": texts[0][:150], "steps": []})
    flows.save_case(flow=flow, name="hostile.yaml", text=case, by=BY)
    markdown = "\n\n".join(f"## {text}\n\n{text}" for text in texts)
    knowledge.save_draft(tenant=tenant, markdown=markdown, by=BY)
    account = TemplateAccount(tenant=tenant, waba_id="1", fetched_at=now)
    _all(TemplateAccount).bulk_create([account])
    for text in texts:
        _row(MessageTemplate, tenant, account=account, name=text, language="es", category="UTILITY", status="APPROVED",
             quality="GREEN", reason=text, parameters=1, buttons=[{"text": text}], seen_at=now)  # fmt: skip
    _all(Tenant).filter(pk=tenant.pk).update(name=texts[0][:120])


def _plain(text: str) -> str:
    """Braces begin an expression of the flow language, which is another corpus's matter."""
    return text.replace("{", "(").replace("}", ")")


def _id(model: type[models.Model], number: int) -> dict[str, str]:
    name = next(field.name for field in model._meta.fields if field.name.endswith("_id") and not field.is_relation)
    return {name: str(number)}


def _row(model: type[models.Model], tenant: Tenant, **values: Any) -> None:
    """Each text is cut to its column."""
    longest = {field.name: getattr(field, "max_length", None) for field in model._meta.fields}
    kept = {name: value[: longest[name]] if isinstance(value, str) else value for name, value in values.items()}
    _all(model).bulk_create([model(tenant=tenant, **kept)], ignore_conflicts=True)


def _all(model: type[models.Model]) -> models.QuerySet[Any, Any]:
    """Without the scope that the pages need: this is the one who owns the whole database."""
    return models.QuerySet[Any, Any](model)


if __name__ == "__main__":
    plant(Tenant.objects.get(slug="luna"), json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
