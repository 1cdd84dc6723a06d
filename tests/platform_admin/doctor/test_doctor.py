from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from flow_engine.bundle.signing import SigningKey
from platform_admin.credentials.actions import set_credential
from platform_admin.doctor.checks import PLATFORM_CHECKS, TENANT_CHECKS
from platform_admin.jobs.actions import lead
from platform_admin.observability.models import Incident, RuntimeSighting
from platform_admin.observability.watch import watch
from platform_admin.privacy.models import Erasure
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import RuntimeToken, Tenant
from tests.platform_admin.business import COMMAND, sources
from tests.platform_admin.sight.seeded import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Settings) -> Path:
    file = tmp_path / "signing_key.pem"
    file.write_bytes(SigningKey.from_seed(b"the first key of this test......").to_pem())
    file.chmod(0o600)
    settings.SIGNING_KEY_FILE = file
    return file


def look(*arguments: str) -> tuple[int, dict[tuple[str, str], list[dict[str, str]]]]:
    """The exit code, and the findings by tenant and check."""
    out, code = StringIO(), 0
    try:
        call_command("doctor", "--json", "--offline", *arguments, stdout=out)
    except CommandError as error:
        code = error.returncode
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for line in json.loads(out.getvalue())["findings"]:
        found.setdefault((line["tenant"], line["check"]), []).append(line)
    return code, found


@pytest.fixture
def well(luna: Tenant) -> Tenant:
    publish(tenant=luna, by=COMMAND, sources=sources())
    now = timezone.now()
    RuntimeSighting.objects.create(
        tenant=luna, serial=1, ready=True, last_report_at=now, last_inbound_at=now, clock_ahead_ms=12
    )
    lead(holder="worker", now=now)
    return luna


def test_a_platform_that_is_well_ends_with_nought(well: Tenant) -> None:
    code, found = look()
    assert (code, {line["verdict"] for lines in found.values() for line in lines}) == (0, {"good"})
    assert {check for tenant, check in found if not tenant} == set(PLATFORM_CHECKS)
    assert {check for tenant, check in found if tenant} <= set(TENANT_CHECKS)


def test_whatever_is_wrong_comes_with_what_to_do(well: Tenant, key_file: Path) -> None:
    key_file.chmod(0o644)
    RuntimeToken.objects.for_tenant(well).update(revoked_at=timezone.now())
    RuntimeSighting.objects.for_tenant(well).update(
        serial=None, refusal_code="compile", refusal_reason="No such state.", clock_ahead_ms=-90_000,
        gauges={"quota": {"month": f"{timezone.now():%Y-%m}", "tokens": 100, "limit": 100}},
    )  # fmt: skip
    code, found = look()
    assert code == 4
    bad = {key for key, lines in found.items() if any(line["verdict"] == "bad" for line in lines)}
    assert bad == {
        ("", "signing key"), ("luna", "bundle"), ("luna", "clock"), ("luna", "quota"), ("luna", "tokens"),
    }  # fmt: skip
    assert all(line["remedy"] for key in bad for line in found[key] if line["verdict"] == "bad")


def test_something_to_look_at_has_its_own_exit_code(well: Tenant) -> None:
    RuntimeSighting.objects.for_tenant(well).update(last_inbound_at=timezone.now() - timedelta(days=3))
    code, found = look("luna")
    assert (code, found["luna", "last message"][0]["verdict"]) == (3, "look")
    assert not [key for key in found if not key[0]]


def test_metrics_are_for_who_has_the_token(client: Client, luna: Tenant, sol: Tenant, settings: Settings) -> None:
    seed(luna)
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer \u00fc"}):
        answer = client.get("/metrics", headers=header)
        assert (answer.status_code, answer.content) == (401, b"")
    page = client.get("/metrics", headers={"Authorization": "Bearer tests-metrics-token"})
    assert page["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = page.content.decode().splitlines()
    assert 'frontdesk_release_live{tenant="luna"} 2' in lines
    assert 'frontdesk_tenants{status="active"} 2' in lines
    assert "frontdesk_worker_leads 0" in lines
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_an_erasure_that_waits_or_failed_is_named_until_it_is_done(well: Tenant) -> None:
    now = timezone.now()
    contact = "c-5f1c0a9be2d4-41"
    waiting = Erasure.objects.create(tenant=well, contact=contact, requested_at=now - timedelta(days=2))
    assert look()[0] == 0
    Erasure.objects.for_tenant(well).update(requested_at=now - timedelta(days=4))
    code, found = look()
    assert (code, found["", "erasures"][0]["verdict"]) == (4, "bad")
    assert "luna" in found["", "erasures"][0]["says"]
    Erasure.objects.for_tenant(well).filter(pk=waiting.pk).update(state="failed", finished_at=now)
    assert look()[0] == 4
    Erasure.objects.create(
        tenant=well, contact=contact, requested_at=now, state="done", finished_at=now + timedelta(minutes=1)
    )
    assert look()[0] == 0


@pytest.mark.parametrize(
    ("days", "code", "verdict", "kinds"),
    [
        (-1, 4, "bad", ["credential_ended"]),
        (0, 3, "look", ["credential_ends_1"]),
        (1, 3, "look", ["credential_ends_1"]),
        (2, 3, "look", ["credential_ends_7"]),
        (7, 3, "look", ["credential_ends_7"]),
        (8, 3, "look", ["credential_ends_30"]),
        (30, 3, "look", ["credential_ends_30"]),
        (31, 0, "", []),
        (None, 0, "", []),
    ],
)
def test_a_credential_that_ends_is_told_in_time(
    days: int | None, code: int, verdict: str, kinds: list[str], well: Tenant
) -> None:
    now = timezone.now()
    ends = None if days is None else now.date() + timedelta(days=days)
    set_credential(tenant=well, field="connectors.llm.api_key", value="x" * 20, by=COMMAND, expires_on=ends)
    set_credential(tenant=well, field="connectors.other.api_key", value="x" * 20, by=COMMAND)
    ended_with, found = look("luna")
    told = found.get(("luna", "credentials"), [])
    assert (ended_with, [line["verdict"] for line in told]) == (code, [verdict] if verdict else [])
    watch(now=now)
    incidents = Incident.objects.for_tenant(well).filter(ended_at=None)
    assert [incident.kind for incident in incidents] == kinds
    assert all("connectors.llm.api_key" in incident.detail for incident in incidents)
    set_credential(tenant=well, field="connectors.llm.api_key", value="y" * 20, by=COMMAND)
    watch(now=now)
    assert not Incident.objects.for_tenant(well).filter(ended_at=None).exists()
