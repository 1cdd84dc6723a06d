"""500 tenants with a past: turns by COPY, everything around them by the ORM in bulk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from django.db import connection

from bench.figure import Figure, figure
from platform_admin.observability.models import (
    Conversation,
    DailyCount,
    HourlyCount,
    Notice,
    RuntimeSighting,
    Turn,
    UnansweredQuestion,
)
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.provisioning import provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actions import token_digest
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import AuditEntry, RuntimeToken, Tenant, every_scope

TENANTS = 500
BY = CommandActor("bench")
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

_TURNS_OF_A_CONVERSATION = 20
_ROWS_A_BLOCK = 20_000
_COLUMNS = (
    "tenant_id, turn_id, conversation, contact, channel, at, serial, heard, said, state_before, state_after, trace"
)
_FLOW = """\
id: greeting
initial_state: MENU
states:
  MENU:
    on_enter: [{action: send_text, text: "Hola"}]
    fallback: MENU
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How long the turns took, and a token of each tenant by its slug."""

    figure: Figure
    tokens: dict[str, str]


def seed(*, turns: int) -> Seeded:
    tenants = _tenants()
    tokens = {tenant.slug: f"fdrt_bench_{tenant.slug}_{'x' * 32}" for tenant in tenants}
    RuntimeToken.objects.bulk_create(
        RuntimeToken(tenant=tenant, digest=token_digest(tokens[tenant.slug]), prefix="fdrt_bench", scopes=every_scope())
        for tenant in tenants
    )
    started = time.perf_counter()
    _copy_turns(tenants, turns)
    took = time.perf_counter() - started
    for tenant in tenants:
        _around(tenant, max(turns // TENANTS // _TURNS_OF_A_CONVERSATION, 1))
    AuditEntry.objects.bulk_create(
        (AuditEntry(actor_label="bench", verb="saved flow draft", subject="main") for _ in range(50_000)),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Seeded(
        figure("admin.seed_s", [took], unit="s", against=f"<= 180 s for 5,000,000 turns; {turns:,} here"), tokens
    )


def _tenants() -> list[Tenant]:
    """One that is provisioned and published as always; the others share its versions' content."""
    first, _ = provision(slug="t000", name="Peluquería 000", language="es", timezone="Europe/Madrid",
                         channel="http_dev", by=BY)  # fmt: skip
    release = publish(tenant=first, by=BY, sources=Sources(flow=SourceText(_FLOW, "flow.yaml"), knowledge="# FAQ\n\nx"))
    others = Tenant.objects.bulk_create(
        Tenant(slug=f"t{n:03d}", name=f"Peluquería {n:03d}", language="es", timezone="Europe/Madrid")
        for n in range(1, TENANTS)
    )
    Release.objects.bulk_create(
        Release(
            tenant=tenant, serial=1, flow_version=release.flow_version, settings=release.settings,
            envelope=bytes(release.envelope), digest=release.digest, etag=release.etag, keyid=release.keyid,
            created_at=release.created_at,
        )
        for tenant in others
    )  # fmt: skip
    return [first, *others]


def _copy_turns(tenants: list[Tenant], count: int) -> None:
    """Indexes are taken away first and made again after, as one does with five million rows."""
    table = Turn._meta.db_table  # noqa: SLF001 - Django documents it
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)", [table],
        )  # fmt: skip
        indexes = list(cursor.fetchall())
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
            for block in batched(_turn_rows(tenants, count), _ROWS_A_BLOCK):
                copy.write("".join(block))
        for _, definition in indexes:
            cursor.execute(definition)


def _turn_rows(tenants: list[Tenant], count: int) -> Iterator[str]:
    """Tab-separated, newest last; every tenant gets its share in turn."""
    step = timedelta(days=30) / max(count, 1)
    start = NOW - timedelta(days=30)
    trace = '{"entries": [{"kind": "state_entered", "state": "MENU", "because": "fallback"}], "duration_ms": 3}'
    tail = f'1\thola, ¿tenéis hora mañana?\t["¡Hola! ¿En qué te ayudo?"]\tMENU\tMENU\t{trace}\n'
    ids = [tenant.pk for tenant in tenants]
    many = len(ids)
    for number in range(count):
        tenant = ids[number % many]
        talk = number // many // _TURNS_OF_A_CONVERSATION
        at = (start + step * number).isoformat()
        yield f"{tenant}\t{number}\tc{talk}\tc-{talk:012x}-41\twhatsapp:1\t{at}\t{tail}"


def _around(tenant: Tenant, conversations: int) -> None:
    RuntimeSighting.objects.create(
        tenant=tenant, serial=1, ready=True, last_report_at=NOW, last_inbound_at=NOW,
        gauges={"quota": {"month": f"{NOW:%Y-%m}", "tokens": tenant.pk * 997, "limit": 500_000}, "dead_letters": 0},
    )  # fmt: skip
    Conversation.objects.bulk_create(
        (
            Conversation(
                tenant=tenant, conversation=f"c{n}", contact=f"c-{n:012x}-41", channel="whatsapp:1", turns=20,
                first_at=NOW, last_at=NOW - timedelta(minutes=n), state="MENU", last_heard="hola",
            )
            for n in range(conversations)
        ),
        batch_size=5_000,
    )  # fmt: skip
    names = ("messages_in", "turns", "fallbacks", "errors")
    HourlyCount.objects.bulk_create(
        HourlyCount(tenant=tenant, hour=NOW - timedelta(hours=hour), name=name, count=hour % 23 + 1)
        for hour in range(14 * 24)
        for name in names
    )
    DailyCount.objects.bulk_create(
        DailyCount(
            tenant=tenant, day=(NOW - timedelta(days=day)).date(), name=name, count=9, labels=f'{{"state":"S{label}"}}'
        )
        for day in range(60)
        for name in ("messages_in", "state_entered", "llm_tokens")
        for label in range(10)
    )
    UnansweredQuestion.objects.bulk_create(
        UnansweredQuestion(tenant=tenant, question_id=str(n), question=f"¿Tenéis cosa{n % 60} hoy?", at=NOW)
        for n in range(200)
    )
    Notice.objects.bulk_create(
        Notice(tenant=tenant, notice_id=str(n), kind="task_missed", at=NOW - timedelta(days=n)) for n in range(50)
    )
