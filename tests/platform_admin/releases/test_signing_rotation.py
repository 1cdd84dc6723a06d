"""Another key signs, and no runtime ever meets a release that it cannot verify."""

from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from flow_engine.bundle import BundleError, open_bundle, read_public_keys
from flow_engine.bundle.signing import SigningKey
from platform_admin.releases.actions import publish
from platform_admin.releases.queries import live_release
from platform_admin.releases.signing_key import public_keys_file, verifying_keys
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Settings) -> Path:
    file = tmp_path / "signing_key.pem"
    file.write_bytes(SigningKey.from_seed(b"the first key of this test......").to_pem())
    settings.SIGNING_KEY_FILE = file
    return file


def run(step: str, *more: str) -> dict[str, object]:
    out = StringIO()
    call_command("rotate_signing_key", step, "--json", *more, stdout=out)
    told: dict[str, object] = json.loads(out.getvalue())
    return told


def opens(tenant: Tenant, pinned: str) -> bool:
    """Whether a runtime with these public keys takes what is live."""
    live = live_release(tenant)
    assert live is not None
    keys = read_public_keys(pinned)
    try:
        open_bundle(bytes(live.envelope), public_keys=keys, tenant=tenant.slug, floor_serial=0, floor_digest=None)
    except BundleError:
        return False
    return True


def test_at_every_step_a_runtime_with_the_keys_of_then_takes_what_is_live(luna: Tenant, sol: Tenant) -> None:
    for tenant in (luna, sol):
        publish(tenant=tenant, by=COMMAND, sources=sources())
    first = public_keys_file()
    assert opens(luna, first)
    run("prepare")
    both = public_keys_file()
    publish(tenant=luna, by=COMMAND)
    assert opens(luna, first)  # a runtime that has not got the new list yet
    assert opens(luna, both)
    run("activate")
    publish(tenant=luna, by=COMMAND)
    assert opens(luna, both)
    assert opens(sol, both)
    with pytest.raises(CommandError, match="Still live under the previous key: sol"):
        run("retire")
    run("sign-live")
    assert opens(sol, both)
    run("retire")
    last = public_keys_file()
    assert opens(luna, last)
    assert opens(sol, last)
    assert not opens(luna, first)
    assert len(read_public_keys(last)) == 1
    verbs = AuditEntry.objects.filter(verb__contains="signing key").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["prepared signing key", "activated signing key", "retired signing key"]


def test_key_files_are_for_their_owner_only(key_file: Path) -> None:
    run("prepare")
    run("activate")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in key_file.parent.iterdir()}
    assert modes["signing_key.pem"] == 0o600
    assert modes["signing_key.pem.previous"] == 0o600


def test_a_step_out_of_order_is_refused_and_changes_nothing(key_file: Path) -> None:
    before = key_file.read_bytes()
    for step in ("activate", "retire"):
        with pytest.raises(CommandError):
            run(step)
    run("prepare")
    with pytest.raises(CommandError, match="prepared already"):
        run("prepare")
    run("activate")
    run("prepare")
    with pytest.raises(CommandError, match="Retire it first"):
        run("activate")
    assert key_file.read_bytes() != before
    assert len(verifying_keys()) == 3


def test_a_trial_touches_no_file(key_file: Path) -> None:
    run("prepare", "--dry-run")
    assert [file.name for file in key_file.parent.iterdir()] == ["signing_key.pem"]


def test_the_api_names_the_keys_to_trust(client: Client, luna: Tenant) -> None:
    run("prepare")
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    answer = client.get("/api/runtime/v1/tenants/luna/keys", headers={"Authorization": f"Bearer {token}"})
    assert read_public_keys(answer.content) == verifying_keys()
