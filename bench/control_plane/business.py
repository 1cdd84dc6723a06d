"""A business with something on every page, made by the verbs that make it in life."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from connectors.whatsapp.template_definition import APPROVED, TemplateDefinition
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.sharing.links import share
from platform_admin.business import actions as business
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.credentials.actions import set_credential
from platform_admin.fleet.actions import deploy
from platform_admin.fleet.queries import deployment_of
from platform_admin.flows import actions as flows
from platform_admin.flows.queries import main_flow
from platform_admin.jobs.models import Job
from platform_admin.knowledge import actions as knowledge
from platform_admin.message_templates.actions import replace_templates
from platform_admin.observability.models import Incident
from platform_admin.observability.report_reading import read_report
from platform_admin.observability.taking_in import take_in
from platform_admin.people.actions.invitations import invite
from platform_admin.privacy.actions import ask_to_erase
from platform_admin.privacy.exports import take_export
from platform_admin.releases.actions import publish, save_settings, stage
from platform_admin.releases.proposals import propose, withdraw
from platform_admin.releases.queries import open_proposal
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Membership, Role, Tenant, User
from platform_admin.whatsapp.models import AppDelivery, SetUpCheck

_FLOW: Final = """\
id: greeting
initial_state: MENU
states:
  MENU:
    on_enter: [{action: send_text, text: "Hola %d"}]
    fallback: MENU
"""
_CASE: Final = "description: case %d\nsteps:\n  - say: hola\n    state: MENU\n"


_ARCHIVE: Final = b"PK\x05\x06" + bytes(18)
"""A zip without files."""


def fill(tenant: Tenant, numbers: Sequence[int], *, by: User) -> None:
    """One more of everything for each of ``numbers``, which must go on from those of the last time.

    Of what a business has one alone, such as the list of what is planned, that of ``numbers`` up to now stays.
    """
    for number in numbers:
        _connect(tenant, range(number + 1), by)
        _write(tenant, number, by)
        _let_in(tenant, number, by)
        _ask(tenant, number, by)
    _hear(tenant, range(max(numbers) + 1))
    stage(tenant=tenant, contacts=["34600111222"], by=by)
    if deployment_of(tenant) is None:
        deploy(tenant=tenant, by=by)


def _connect(tenant: Tenant, numbers: Iterable[int], by: User) -> None:
    channels: list[JSON] = [
        {"type": "whatsapp", "phone_number_id": f"{tenant.pk:05d}{n:02d}", "waba_id": f"{tenant.pk:05d}9{n}"}
        for n in numbers
    ]
    own: JSONObject = {f"desk{n}": {"type": "http", "base_url": "https://desk.example.org", "operations": {
        "look": {"summary": "Looks.", "path": "/look"}}} for n in numbers}  # fmt: skip
    webhook: JSON = {"type": "webhook", "url": "https://desk.example.org/notices"}
    connectors: JSONObject = {
        "calendar": {"type": "mock_calendar"}, "llm": {"type": "mock_llm"}, "notification": webhook, **own,
    }  # fmt: skip
    document: JSONObject = {"channels": channels, "connectors": connectors, "llm": {"enabled": True}}
    save_settings(tenant=tenant, document=document, by=by)
    secret = "whsec_bWFkZS11cC1mb3ItdGhlLWJlbmNobWFyay0wMDAw"  # noqa: S105 - made up
    set_credential(tenant=tenant, field="connectors.notification.secret", value=secret, by=by)
    for place in range(len(channels)):
        for key in ("access_token", "app_secret", "verify_token"):
            set_credential(tenant=tenant, field=f"channels.{place}.{key}", value=f"made-up-{key}-{place}", by=by)


def _write(tenant: Tenant, number: int, by: User) -> None:
    opens = f"{8 + number:02d}:00-20:00"
    business.save_draft(tenant=tenant, document={"hours": {"mon": [opens]}, "name": f"Luna {number}"}, by=by)
    written = Sources(
        flow=SourceText(_FLOW % number, "flow.yaml"), knowledge=f"# Luna\n\nAbrimos a las {8 + number}.\n"
    )
    publish(tenant=tenant, by=by, sources=written)
    flow = main_flow(tenant)
    assert flow is not None
    flows.save_case(flow=flow, name=f"case{number}.yaml", text=_CASE % number, by=by)
    flows.save_draft(flow=flow, text=_FLOW % (100 + number), by=by)
    waiting = open_proposal(tenant)
    if waiting is not None:
        withdraw(proposal=waiting, by=by)
    propose(tenant=tenant, by=by)
    knowledge.expect(tenant=tenant, question=f"¿Hay bar {number}?", heading="", by=by)


def _let_in(tenant: Tenant, number: int, by: User) -> None:
    now = timezone.now()
    member = User.objects.create_user(f"member{number}@{tenant.slug}.example.com", "not used, nobody signs in")
    Membership.objects.create(tenant=tenant, user=member, role=Role.OWNER)
    invite(tenant=tenant, email=f"guest{number}@{tenant.slug}.example.com", role=Role.EDITOR, by=by, now=now)
    issue_runtime_token(tenant=tenant, by=by, label=f"monitor {number}")
    share(tenant=tenant, by=by, now=now)


def _ask(tenant: Tenant, number: int, by: User) -> None:
    """What waits for somebody else: the runtime, Meta, the worker."""
    now, contact = timezone.now(), f"c-{number:012x}-41"
    queue_command(
        tenant=tenant, kind=CommandKind.PAUSE_CONTACT, payload={"contact": contact, "channel": "whatsapp:1"}, by=by
    )
    payload: JSONObject = {"contact": f"c-{number:012x}-41"}
    asked = queue_command(tenant=tenant, kind=CommandKind.EXPORT_CONTACT, payload=payload, by=by)
    take_export(tenant=tenant, command_id=asked.public_id, content=_ARCHIVE, now=now)
    ask_to_erase(tenant=tenant, contact=f"c-{number:012x}-42", by=by)
    template = TemplateDefinition("reminder", "es", "UTILITY", APPROVED, 1, None, ())
    replace_templates(tenant=tenant, waba_id=f"{tenant.pk:05d}9{number}", definitions=[template], at=now)
    SetUpCheck.objects.create(
        tenant=tenant, phone_number_id=f"{tenant.pk:05d}{number:02d}", code="token", state=SetUpCheck.State.GOOD, at=now
    )
    Incident.objects.create(tenant=tenant, kind="silent", started_at=now, ended_at=now, notified_at=now)
    mark = uuid.uuid4().hex
    AppDelivery.objects.create(digest=mark * 2, body=b"{}", received_at=now, state=AppDelivery.State.DONE)
    Job.objects.create(kind="letter", key=mark, due_at=now, state=Job.State.FAILED)


def _hear(tenant: Tenant, numbers: Sequence[int]) -> None:
    """A report of its runtime that tells of everything; what is told again is not new."""
    report = read_report(json.dumps(_report(numbers, timezone.now())).encode())
    assert report.refused == (), report.refused
    take_in(tenant=tenant, report=report, now=timezone.now())


def _report(numbers: Sequence[int], now: datetime) -> JSONObject:
    at = (now - timedelta(minutes=30)).isoformat()
    who: list[dict[str, JSON]] = [
        {"conversation": f"conv{n}", "contact": f"c-{n:012x}-41", "channel": "whatsapp:1", "at": at} for n in numbers
    ]
    turn: JSONObject = {
        "serial": 1, "heard": "hola", "said": ["Hola"], "state_before": "", "state_after": "MENU",
        "trace": {"entries": [{"kind": "state_entered", "state": "MENU", "because": "transition"}]},
        "error": {"kind": "timeout", "detail": "the calendar"},
    }  # fmt: skip
    return {
        "format": 1, "report_id": str(uuid.uuid4()), "runtime": {"version": "0.1.0", "formats": {"bundle": [1]}},
        "heartbeat": {"at": now.isoformat(), "serial": 1, "ready": True, "degraded": [f"slow {n}" for n in numbers]},
        "gauges": _gauges(numbers, now),
        "counters": _counters(numbers, at),
        "turns": [{"id": f"t{n}", **who[n], **turn} for n in numbers],
        "hand_offs": [
            {"id": f"h{n}", **who[n], "reason": "asked", "open": True, "messages": [
                {"from": "customer", "text": "¿Me llaman?", "at": at}]}
            for n in numbers
        ],
        "unanswered": [{"id": f"q{n}", "question": f"¿Tenéis cosa{n}?", "language": "es", "at": at} for n in numbers],
        "scheduled_tasks": [
            {"id": f"k{n}", "task": "reminder", **who[n], "due_at": (now + timedelta(hours=20)).isoformat()}
            for n in numbers
        ],
        "dead_letters": [{"id": f"outbound:{n}", "kind": "outbound", "error": "131047", "at": at} for n in numbers],
        "notices": [{"id": f"n{n}", "kind": "task_missed", "at": at} for n in numbers],
    }  # fmt: skip


def _gauges(numbers: Sequence[int], now: datetime) -> JSONObject:
    return {
        "open_conversations": [{"state": f"S{n}", "serial": 1, "count": 3} for n in numbers],
        "breakers": [{"connector": f"desk{n}", "state": "open"} for n in numbers],
        "connector_latency": [
            {"connector": f"desk{n}", "operation": "look", "count": 41, "p50_ms": 120, "p95_ms": 900}
            for n in numbers
        ],
        "dead_letters": len(numbers), "quota": {"month": f"{now:%Y-%m}", "tokens": 410_000, "limit": 500_000},
    }  # fmt: skip


def _counters(numbers: Sequence[int], at: str) -> list[JSON]:
    counted: list[tuple[str, dict[str, JSON]]] = [
        ("messages_in", {"channel": "wa"}),
        ("turns", {}),
        ("errors", {"kind": "timeout"}),
        ("llm_answers", {}),
    ]
    for n in numbers:
        counted += [
            ("state_entered", {"state": f"S{n}"}),
            ("outcome", {"outcome": f"booked{n}"}),
            ("transition", {"from": "MENU", "to": f"S{n}"}),
            ("llm_tokens", {"kind": f"kind{n}"}),
        ]
    return [{"name": name, "labels": labels, "hour": at, "count": 30} for name, labels in counted]
