from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from flow_engine.bundle import read_public_keys
from platform_admin.observability.models import RuntimeSighting
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.tenants.actions import issue_runtime_token, revoke_runtime_token
from platform_admin.tenants.api import RuntimeThrottle
from platform_admin.tenants.models import RuntimeToken, Scope, Tenant
from tests.platform_admin.business import COMMAND, FLOW, sources

pytestmark = pytest.mark.django_db

URL = "/api/runtime/v1/tenants/luna/bundle"


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


@pytest.fixture
def release(luna: Tenant) -> Release:
    return publish(tenant=luna, by=COMMAND, sources=sources())


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", **headers}


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.dsse+json", "text/html", ""])
def test_a_runtime_gets_its_signed_bundle_to_the_byte(
    accept: str, client: Client, token: str, release: Release
) -> None:
    answer = client.get(URL, headers=bearer(token, Accept=accept))
    assert answer.status_code == 200
    assert answer.content == bytes(release.envelope)
    assert answer["Content-Type"] == "application/vnd.dsse+json"
    assert answer["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("validator", "status"),
    [
        ('"{etag}"', 304),
        ('W/"{etag}"', 304),
        ('"other", "{etag}"', 304),
        ("*", 304),
        ('"other"', 200),
        ("{etag}", 200),
        ("", 200),
    ],
)
def test_a_runtime_that_has_it_already_is_told_so(
    validator: str, status: int, client: Client, token: str, release: Release
) -> None:
    answer = client.get(URL, headers=bearer(token, **{"If-None-Match": validator.format(etag=release.etag)}))
    assert answer.status_code == status
    assert (answer.content == b"") is (status == 304)
    assert answer["ETag"] == f'"{release.etag}"'


def test_a_new_release_changes_the_etag(client: Client, token: str, luna: Tenant, release: Release) -> None:
    newer = publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n"))
    answer = client.get(URL, headers=bearer(token, **{"If-None-Match": f'"{release.etag}"'}))
    assert (answer.status_code, answer.content) == (200, bytes(newer.envelope))


def test_a_token_that_is_not_taken_is_refused_with_a_reason_for_machines(
    client: Client, luna: Tenant, release: Release
) -> None:
    revoked = issue_runtime_token(tenant=luna, by=COMMAND)
    revoke_runtime_token(token=revoked.row, by=COMMAND)
    expired = issue_runtime_token(tenant=luna, by=COMMAND, expires_at=timezone.now())
    cases: dict[str, tuple[dict[str, str], str, str]] = {
        "no header": ({}, "invalid_token", "missing"),
        "another scheme": ({"Authorization": f"Basic {revoked.clear}"}, "invalid_token", "missing"),
        "an empty token": ({"Authorization": "Bearer"}, "invalid_token", "malformed"),
        "two tokens": ({"Authorization": "Bearer a b"}, "invalid_token", "malformed"),
        "an unknown token": (bearer("fdrt_unknown"), "invalid_token", "unknown"),
        "the stored hash": (bearer(revoked.row.digest), "invalid_token", "unknown"),
        "bytes that are no text": (bearer("\xff\xfe"), "invalid_token", "unknown"),
        "a token of 100 kB": (bearer("x" * 100_000), "invalid_token", "unknown"),
        "a revoked token": (bearer(revoked.clear), "revoked_token", "revoked"),
        "an expired token": (bearer(expired.clear), "expired_token", "expired"),
    }
    for case, (headers, error, reason) in cases.items():
        answer = client.get(URL, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"error": error, "reason": reason}), case
        assert answer["WWW-Authenticate"] == 'Bearer realm="frontdesk"', case
    assert not RuntimeSighting.objects.for_tenant(luna).exists()


def test_a_token_opens_only_the_doors_it_was_made_for(client: Client, luna: Tenant, release: Release) -> None:
    narrow = issue_runtime_token(tenant=luna, by=COMMAND, scopes=[Scope.REPORT]).clear
    answer = client.get(URL, headers=bearer(narrow))
    assert (answer.status_code, answer.json()) == (403, {"error": "insufficient_scope", "reason": "scope"})
    assert not RuntimeSighting.objects.for_tenant(luna).exists()


def test_the_next_token_bounds_how_long_the_ones_before_it_live(luna: Tenant) -> None:
    moment = timezone.now()
    long, short = (
        issue_runtime_token(tenant=luna, by=COMMAND, expires_at=moment + timedelta(hours=hours)).row
        for hours in (48, 1)
    )
    monitor = issue_runtime_token(tenant=luna, by=COMMAND, scopes=[Scope.BUNDLE]).row
    fresh = issue_runtime_token(tenant=luna, by=COMMAND, others_end_at=moment + timedelta(hours=24)).row
    ends = {row.pk: row.expires_at for row in RuntimeToken.objects.for_tenant(luna)}
    assert ends[long.pk] == moment + timedelta(hours=24)
    assert ends[short.pk] == moment + timedelta(hours=1)
    assert (ends[monitor.pk], ends[fresh.pk]) == (None, None)


def test_the_signing_keys_can_be_looked_up(client: Client, token: str) -> None:
    answer = client.get("/api/runtime/v1/tenants/luna/keys", headers=bearer(token))
    (key,) = read_public_keys(answer.content)
    assert key == platform_signing_key().public_key


@pytest.mark.parametrize("slug", ["sol", "nobody", "luna2", "LUNA"])
def test_another_tenants_bundle_is_not_there(
    slug: str, client: Client, token: str, sol: Tenant, release: Release
) -> None:
    publish(tenant=sol, by=COMMAND, sources=sources())
    answer = client.get(f"/api/runtime/v1/tenants/{slug}/bundle", headers=bearer(token))
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    assert not RuntimeSighting.objects.for_tenant(sol).exists()


def test_before_the_first_release_there_is_none_and_the_runtime_was_seen(
    client: Client, token: str, luna: Tenant
) -> None:
    answer = client.get(URL, headers=bearer(token))
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
    seen = sighting_of(luna)
    assert seen is not None
    assert seen.serial is None


def test_each_pull_is_noted_with_the_serial_it_ends_with(
    client: Client, token: str, luna: Tenant, release: Release
) -> None:
    before = timezone.now()
    client.get(URL, headers=bearer(token))
    client.get(URL, headers=bearer(token, **{"If-None-Match": f'"{release.etag}"'}))
    seen = RuntimeSighting.objects.for_tenant(luna).get()
    assert seen.serial == 1
    assert seen.last_pull_at is not None
    assert seen.last_pull_at >= before
    used = RuntimeToken.objects.for_tenant(luna).exclude(last_used_at=None).get()
    assert used.last_used_at is not None
    assert used.last_used_at - before < timedelta(minutes=5)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_bundle_cannot_be_written(method: str, client: Client, token: str, release: Release) -> None:
    answer = getattr(client, method)(URL, headers=bearer(token))
    assert (answer.status_code, answer.json()) == (405, {"error": "method_not_allowed"})
    assert Release.objects.across_tenants("this test").count() == 1


def test_a_runtime_that_runs_wild_is_slowed_down_and_its_neighbour_is_not(
    client: Client, token: str, luna: Tenant, sol: Tenant, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {RuntimeThrottle.scope: "2/min"})
    publish(tenant=sol, by=COMMAND, sources=sources())
    neighbour = issue_runtime_token(tenant=sol, by=COMMAND).clear
    statuses = [client.get(URL, headers=bearer(token)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    slowed = client.get(URL, headers=bearer(token))
    assert slowed.json() == {"error": "throttled"}
    assert int(slowed["Retry-After"]) <= 60
    assert client.get("/api/runtime/v1/tenants/sol/bundle", headers=bearer(neighbour)).status_code == 200


def test_a_304_does_not_read_the_envelope(client: Client, token: str, release: Release) -> None:
    client.get(URL, headers=bearer(token))
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, headers=bearer(token, **{"If-None-Match": f'"{release.etag}"'}))
    statements = [query["sql"] for query in queries]
    assert len([sql for sql in statements if "releases_release" in sql]) == 1
    assert not [sql for sql in statements if '"envelope"' in sql]
