"""The drill of docs/operations.md, Keys: made, backed up, leaked, replaced, lost and put back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from flow_engine.bundle import BundleError, open_bundle, read_public_keys
from flow_engine.bundle.signing import SigningKey
from platform_admin.audit.anchoring import anchor
from platform_admin.audit.checkpoints import anchors
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import ContactExport
from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.queries import secret_in_clear, tenant_fernet_keys
from platform_admin.errors import KeyMaterialError
from platform_admin.privacy.exports import opened, take_export
from platform_admin.releases.actions import publish
from platform_admin.releases.queries import live_release
from platform_admin.releases.signing_key import public_keys_file
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, KNOWLEDGE, sources

pytestmark = pytest.mark.django_db

SECRETS = {f"connectors.c{number}.api_key": f"secret number {number}" for number in range(6)}


class Killed(BaseException):
    """The process ended here."""


@pytest.fixture
def old(luna: Tenant, settings: Settings) -> str:
    """One master over six credentials, the tenant's own key and an archive."""
    master = Fernet.generate_key().decode()
    settings.FERNET_KEYS = (master, *settings.FERNET_KEYS)
    call_command("rotate_keys", stdout=StringIO())
    settings.FERNET_KEYS = (master,)
    for field, value in SECRETS.items():
        set_credential(tenant=luna, field=field, value=value, by=COMMAND)
    command = queue_command(tenant=luna, kind=CommandKind.EXPORT_CONTACT, payload={"contact": "c-1"}, by=COMMAND)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.json", "{}")
    take_export(tenant=luna, command_id=command.public_id, content=buffer.getvalue(), now=timezone.now())
    return master


def everything_opens(tenant: Tenant) -> bool:
    try:
        stored = {field: secret_in_clear(tenant, field) for field in SECRETS}
        tenant_fernet_keys(tenant)
        archives = [opened(export) for export in ContactExport.objects.for_tenant(tenant)]
    except KeyMaterialError:
        return False
    return stored == SECRETS and all(archive.startswith(b"PK") for archive in archives)


def killed_after(writes: int) -> Callable[..., Any]:
    """Lets so many rows be sealed anew and ends the process at the next one."""
    left = [writes]

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and '"ciphertext"' in sql:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
        return execute(sql, params, many, context)

    return wrapper


def test_a_leaked_master_is_replaced_while_everything_goes_on_and_a_kill_half_way_costs_nothing(
    old: str, luna: Tenant, settings: Settings
) -> None:
    fresh = Fernet.generate_key().decode()
    settings.FERNET_KEYS = (fresh, old)
    assert everything_opens(luna), "at once: the old one still opens"
    with connection.execute_wrapper(killed_after(3)), pytest.raises(Killed):
        call_command("rotate_keys", stdout=StringIO())
    assert everything_opens(luna), "half of it under each"
    set_credential(tenant=luna, field="connectors.late.api_key", value="entered meanwhile", by=COMMAND)
    out = StringIO()
    call_command("rotate_keys", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["renewed"], told["current"], told["unreadable"]) == (len(SECRETS) + 2 - 3, 3 + 1, [])
    settings.FERNET_KEYS = (fresh,)
    assert everything_opens(luna), "the old one is not needed any more"
    settings.FERNET_KEYS = (old,)
    assert not everything_opens(luna), "and is worth nothing to whoever has it"


ASKS = "channels: [{type: http_dev}]\nllm: {enabled: true}\nconnectors: {llm: {type: anthropic}}\n"


def test_a_lost_master_is_named_by_doctor_and_its_backup_mends_it(
    old: str, luna: Tenant, sol: Tenant, settings: Settings
) -> None:
    set_credential(tenant=sol, field="connectors.llm.api_key", value="sk-of-sol", by=COMMAND)
    publish(tenant=sol, by=COMMAND, sources=sources(knowledge=KNOWLEDGE, settings=ASKS))
    settings.FERNET_KEYS = (Fernet.generate_key().decode(),)
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("doctor", "--json", "--offline", stdout=out)
    (finding,) = [line for line in json.loads(out.getvalue())["findings"] if line["check"] == "stored secrets"]
    assert (ended.value.returncode, finding["verdict"]) == (4, "bad")
    assert "luna tenant_key" in finding["says"]
    assert "FERNET_KEYS" in finding["remedy"]
    with pytest.raises(KeyMaterialError):
        publish(tenant=sol, by=COMMAND)
    live = live_release(sol)
    assert live is not None
    assert live.serial == 1, "what was live stays live: a runtime needs no master"
    settings.FERNET_KEYS = (*settings.FERNET_KEYS, old)
    assert everything_opens(luna)
    assert publish(tenant=sol, by=COMMAND).serial == 2


def test_a_leaked_signing_key_is_out_of_trust_after_four_steps_without_a_gap(
    luna: Tenant, sol: Tenant, settings: Settings, tmp_path: Path
) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key.pem"
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchor.jsonl"
    leaked = SigningKey.from_seed(b"the first key of this test......")
    settings.SIGNING_KEY_FILE.write_bytes(leaked.to_pem())
    for tenant in (luna, sol):
        publish(tenant=tenant, by=COMMAND, sources=sources())
    now = timezone.now()
    anchor(now=now)
    pinned = public_keys_file()
    for step in ("prepare", "activate", "sign-live", "retire"):
        call_command("rotate_signing_key", step, stdout=StringIO())
        for tenant in (luna, sol):
            release = live_release(tenant)
            assert release is not None
            takes = [_opens(release.envelope, tenant.slug, keys) for keys in (pinned, public_keys_file())]
            assert any(takes), (step, tenant.slug)
        pinned = public_keys_file()  # handed out, as the runbook says, after every step
    assert leaked.public_key.keyid not in pinned
    assert anchors([settings.AUDIT_ANCHOR_FILE]).trusted == ()
    anchor(now=now + timedelta(hours=1))
    vouched = {item.chain for item in anchors([settings.AUDIT_ANCHOR_FILE]).trusted}
    assert {"*", "luna", "sol"} <= vouched, "the worker signs the heads of the trail anew within the hour"


def _opens(envelope: bytes | memoryview, slug: str, pinned: str) -> bool:
    try:
        open_bundle(
            bytes(envelope), public_keys=read_public_keys(pinned), tenant=slug, floor_serial=0, floor_digest=None
        )
    except BundleError:
        return False
    return True
