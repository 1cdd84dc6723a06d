"""A business with something on every page, as its runtime would report it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from platform_admin.observability.report_reading import read_report
from platform_admin.observability.taking_in import take_in
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, FLOW, sources
from tests.platform_admin.reports import HEARTBEAT, report

CONTACT = "c-5f1c0a9be2d4-41"
QUESTIONS = ["¿Tenéis parking?", "hay parking cerca", "¿Hacéis manicura?", "Do you take cards?"]


def seed(tenant: Tenant, *, mark: str = "") -> None:
    """``mark`` is put into every text, so that a test can look for it where it must not be."""
    publish(tenant=tenant, by=COMMAND, sources=sources())
    written = json.dumps(f"¡Hola! ¿Qué le hacemos? {mark}", ensure_ascii=False)
    publish(tenant=tenant, by=COMMAND, sources=sources(FLOW.replace('"¡Hola! ¿Qué desea?"', written)))
    read = read_report(json.dumps(_report(mark)).encode())
    assert read.refused == ()
    take_in(tenant=tenant, report=read, now=timezone.now())


def _report(mark: str) -> dict[str, Any]:
    now = timezone.now()

    def ago(hours: float) -> str:
        return (now - timedelta(hours=hours)).isoformat()

    counters = [
        {"name": "messages_in", "labels": {"channel": "wa"}, "hour": ago(hour), "count": (hour * 7) % 23 + 2}
        for hour in range(0, 24 * 12, 2)
    ]
    for state, count in (("MENU", 120), ("HOURS", 84), (f"CONFIRM{mark}", 40)):
        counters.append({"name": "state_entered", "labels": {"state": state}, "hour": ago(3), "count": count})
    counters += [
        {"name": "transition", "labels": {"from": "MENU", "to": "HOURS"}, "hour": ago(3), "count": 84},
        {"name": "transition", "labels": {"from": "HOURS", "to": "CONFIRM"}, "hour": ago(3), "count": 30},
        {"name": "outcome", "labels": {"outcome": f"booked{mark}"}, "hour": ago(3), "count": 31},
        {"name": "turns", "labels": {}, "hour": ago(1), "count": 300},
        {"name": "errors", "labels": {"kind": "timeout"}, "hour": ago(1), "count": 3},
        {"name": "fallbacks", "labels": {"state": "MENU"}, "hour": ago(1), "count": 12},
        {"name": "llm_tokens", "labels": {}, "hour": ago(30), "count": 700},
        {"name": "llm_tokens", "labels": {"kind": "input"}, "hour": ago(5), "count": 4200},
        {"name": "llm_tokens", "labels": {"kind": "output"}, "hour": ago(5), "count": 310},
        {"name": "llm_answers", "labels": {}, "hour": ago(5), "count": 41},
        {"name": "llm_refusals", "labels": {}, "hour": ago(5), "count": 6},
    ]
    trace = {
        "entries": [
            {"kind": "transitions_tried", "state": "MENU", "verdicts": ["matched"]},
            {"kind": "state_entered", "state": "HOURS", "because": "transition"},
            {"kind": "from_the_future", "x": 1},
        ]
    }
    who = {"contact": CONTACT, "channel": "whatsapp:1"}
    turn = {"conversation": f"conv{mark}", **who, "serial": 2}
    return report(
        heartbeat={**HEARTBEAT, "at": ago(0), "serial": 2, "last_inbound_at": ago(0.2), "degraded": [f"slow {mark}"]},
        gauges={
            "open_conversations": [{"state": "MENU", "serial": 2, "count": 3}],
            "breakers": [{"connector": f"calendar{mark}", "state": "open"}],
            "connector_latency": [
                {"connector": "calendar", "operation": f"book{mark}", "count": 41, "p50_ms": 120, "p95_ms": 900}
            ],
            "dead_letters": 1, "outbox_waiting": 0, "inbox_waiting": 2,
            "quota": {"month": f"{now:%Y-%m}", "tokens": 410_000, "limit": 500_000},
        },
        counters=counters,
        turns=[
            {**turn, "id": f"t1{mark}", "at": ago(1), "heard": f"hola {mark}", "said": ["¡Hola! ¿Qué le hacemos?"],
             "state_before": "", "state_after": "MENU", "trace": {"entries": []}, "error": None},
            {**turn, "id": f"t2{mark}", "at": ago(0.5), "heard": "Horario", "said": [{"text": f"De 10 a 20. {mark}"}],
             "state_before": "MENU", "state_after": f"HOURS{mark}", "trace": trace,
             "error": {"kind": "timeout", "detail": f"the calendar {mark}"}},
        ],
        hand_offs=[
            {"id": f"h1{mark}", "conversation": f"conv{mark}", **who, "at": ago(0.4),
             "reason": f"asked for a person {mark}", "open": True,
             "messages": [{"from": "customer", "text": f"¿Me puede llamar alguien? {mark}", "at": ago(0.4)}]},
            {"id": f"h2{mark}", "conversation": f"conv{mark}", **who, "at": ago(9),
             "reason": f"over {mark}", "open": False, "messages": []},
        ],
        unanswered=[
            {"id": f"q{index}{mark}", "question": f"{text} {mark}".strip(), "language": "es", "reason": "not_found",
             "at": ago(index)}
            for index, text in enumerate(QUESTIONS)
        ],
        scheduled_tasks=[
            {"id": f"k1{mark}", "task": f"reminder{mark}", **who, "due_at": ago(-20), "state": "scheduled"},
            {"id": f"k2{mark}", "task": f"followup{mark}", "contact": CONTACT, "due_at": ago(4), "state": "missed"},
        ],
        dead_letters=[
            {"id": f"outbound:1{mark}", "kind": "outbound", "error": f"131047 window closed {mark}", "at": ago(2),
             "contact": CONTACT}
        ],
        notices=[{"id": f"n1{mark}", "kind": "task_missed", "at": ago(4), "detail": f"followup {mark}"}],
    )  # fmt: skip
