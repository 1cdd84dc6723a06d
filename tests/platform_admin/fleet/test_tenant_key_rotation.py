"""Another key for a tenant's secrets: handed out, then used, then alone; stopped anywhere it goes on."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from flow_engine.bundle import open_bundle
from platform_admin.connect.actions import connect
from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential, TenantKey
from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.credentials.vault import Vault, platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.tenant_key_rotation import HANDED_OUT_WITHIN
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.observability.report_document import Heartbeat
from platform_admin.observability.report_reading import read_report
from platform_admin.observability.taking_in import take_in
from platform_admin.releases.actions import publish, stage
from platform_admin.releases.failed_activation import go_back_if_refused
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, sources
from tests.platform_admin.reports import HEARTBEAT, report

pytestmark = pytest.mark.django_db

FIELD = "connectors.notification.secret"
SECRET = "whsec_b25lLW9mLXRoZS1yb3RhdGlvbi10ZXN0cy0hISE="
CONFIGURATION = FleetConfiguration(control_plane_url="http://ingress:8001", image="runtime:1")
WAITS = 3


@pytest.fixture
def published(luna: Tenant) -> Tenant:
    """Release 1 has a secret in it."""
    webhook = {"type": "webhook", "url": "https://desk.example.org/notices"}
    connect(tenant=luna, category="notification", block={**webhook}, secrets={"secret": SECRET}, by=COMMAND)
    publish(tenant=luna, by=COMMAND, sources=sources())
    return luna


def rotate(*arguments: str) -> tuple[int, dict[str, Any]]:
    out, code = StringIO(), 0
    try:
        call_command("rotate_tenant_key", "luna", "--json", *arguments, stdout=out)
    except CommandError as ended:
        code = ended.returncode
    return code, json.loads(out.getvalue() or "{}")


def key_of(release: Release | None, tenant: Tenant) -> str:
    """The one key that opens the secret in it."""
    assert release is not None
    keys = [platform_signing_key().public_key]
    bundle = open_bundle(bytes(release.envelope), public_keys=keys, tenant="luna", floor_serial=0, floor_digest=None)
    found = []
    for row in TenantKey.objects.for_tenant(tenant):
        clear = platform_vault().open(row.ciphertext, tenant="luna", field="tenant_key")
        try:
            assert Vault([clear]).open(bundle.secrets[FIELD], tenant="luna", field=FIELD) == SECRET
        except KeyMaterialError:
            continue
        found.append(clear)
    (only,) = found
    return only


def file_of_fleet(tenant: Tenant) -> tuple[str, ...]:
    deployment = Deployment.objects.for_tenant(tenant).select_related("tenant").get()
    secrets = wanted_runtime(deployment, CONFIGURATION, by=COMMAND).secrets
    return tuple(next(one.content for one in secrets if one.variable == "TENANT_FERNET_KEYS_FILE").split())


def reported(tenant: Tenant, serial: int, staged: int | None = None) -> None:
    told = report(heartbeat={**HEARTBEAT, "serial": serial, "staged_serial": staged})
    take_in(tenant=tenant, report=read_report(json.dumps(told).encode()), now=timezone.now())


def orchestrator_was_there(tenant: Tenant) -> None:
    """Some minutes ago the key was made; since then the orchestrator has seen the runtime ready."""
    TenantKey.objects.for_tenant(tenant).update(created_at=F("created_at") - HANDED_OUT_WITHIN)
    Deployment.objects.for_tenant(tenant).update(seen_at=timezone.now(), ready=True)


def everything(tenant: Tenant) -> tuple[object, ...]:
    keys = list(TenantKey.objects.for_tenant(tenant).values_list("pk", "waits", "first_serial", "retired_at"))
    return keys, Release.objects.for_tenant(tenant).count(), AuditEntry.objects.count()


def test_a_runtime_of_the_fleet_goes_to_another_key_step_by_step(published: Tenant) -> None:
    deploy(tenant=published, by=COMMAND, port=9001)
    (old,) = tenant_fernet_keys(published)

    code, told = rotate()
    assert (code, told["step"], told["serial"]) == (0, "prepared", None)
    first, new = tenant_fernet_keys(published)
    assert (first, file_of_fleet(published)) == (old, (old, new))
    assert key_of(publish(tenant=published, by=COMMAND), published) == old, "what goes out meanwhile can be opened"

    before = everything(published)
    assert rotate()[0] == WAITS
    assert everything(published) == before

    orchestrator_was_there(published)
    code, told = rotate()
    assert (code, told["step"], told["serial"]) == (0, "issued", 3)
    assert key_of(live_release(published), published) == new
    assert file_of_fleet(published) == (new, old), "the old one opens what the runtime still has"

    for serial in (None, 2):
        if serial:
            reported(published, serial)
        before = everything(published)
        code, told = rotate()
        assert (code, told["step"]) == (WAITS, "issued")
        assert "report release 3" in told["waits_for"]
        assert everything(published) == before

    reported(published, 3)
    code, told = rotate()
    assert (code, told["step"]) == (0, "done")
    assert file_of_fleet(published) == (new,)
    verbs = ["created tenant key", "put tenant key to use", "retired tenant keys"]
    assert [entry.verb for entry in AuditEntry.objects.filter(verb__in=verbs).order_by("pk")][1:] == verbs
    entry = AuditEntry.objects.get(verb="put tenant key to use")
    assert (entry.before, entry.after) == (
        {"waits": True, "first_serial": None},
        {"waits": False, "first_serial": 3},
    )
    assert old not in str([entry.details for entry in AuditEntry.objects.all()])


def test_a_runtime_elsewhere_gets_its_file_by_hand(published: Tenant, tmp_path: Path) -> None:
    (old,) = tenant_fernet_keys(published)
    file = tmp_path / "keys"
    code, told = rotate("--output-file", str(file))
    assert (code, told["step"], told["file"]) == (0, "prepared", str(file))
    assert "--handed-out" in told["waits_for"]
    assert tuple(file.read_text().split()) == tenant_fernet_keys(published)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert rotate()[0] == WAITS
    code, told = rotate("--handed-out")
    assert (code, told["step"]) == (0, "issued")
    reported(published, 2)
    assert rotate("--output-file", str(file))[1]["step"] == "done"
    (new,) = file.read_text().split()
    assert new not in {old, ""}
    assert key_of(live_release(published), published) == new


def test_a_leaked_key_is_dropped_at_once(published: Tenant) -> None:
    (old,) = tenant_fernet_keys(published)
    code, told = rotate("--retire")
    assert (code, told["step"], told["serial"]) == (0, "done", 2)
    (new,) = tenant_fernet_keys(published)
    assert new != old
    assert key_of(live_release(published), published) == new


def test_a_key_that_nothing_opens_any_more_is_replaced(published: Tenant) -> None:
    """The platform's keys are lost, and the credentials were entered again."""
    gone = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
    TenantKey.objects.for_tenant(published).update(ciphertext=gone)
    assert rotate("--retire")[1]["step"] == "done"
    (new,) = tenant_fernet_keys(published)
    TenantKey.objects.for_tenant(published).filter(ciphertext=gone).delete()
    assert key_of(live_release(published), published) == new


@pytest.mark.parametrize("steps", [(), ("prepared",), ("prepared", "issued")], ids=["none", "one", "two"])
def test_a_trial_of_any_step_changes_nothing(steps: tuple[str, ...], published: Tenant, tmp_path: Path) -> None:
    for _ in steps:
        rotate("--handed-out")
    before, file = everything(published), tmp_path / "keys"
    code, told = rotate("--retire", "--dry-run", "--output-file", str(file))
    assert (code, told["step"], told["dry_run"]) == (0, "done", True)
    assert (everything(published), file.exists()) == (before, False)


def test_a_file_that_cannot_be_written_leaves_the_key_in_use(published: Tenant, tmp_path: Path) -> None:
    before = everything(published)
    code, _told = rotate("--output-file", str(tmp_path / "nowhere" / "keys"))
    assert (code, everything(published)) == (1, before)


def test_what_is_staged_goes_along_and_is_waited_for(published: Tenant) -> None:
    stage(tenant=published, contacts=["34600111222"], by=COMMAND)
    rotate()
    rotate("--handed-out")
    (new, _old), staged = tenant_fernet_keys(published), staged_release(published)
    assert key_of(staged, published) == key_of(live_release(published), published) == new
    assert staged is not None
    assert staged.staged_for == ["34600111222"]
    reported(published, 3)
    assert rotate()[0] == WAITS
    reported(published, 3, staged=staged.serial)
    assert rotate()[1]["step"] == "done"


def test_a_stopped_runtime_of_the_fleet_is_not_waited_for_twice(published: Tenant) -> None:
    deployment = deploy(tenant=published, by=COMMAND, port=9001)
    suspend(deployment=deployment, by=COMMAND)
    rotate()
    assert rotate()[1]["step"] == "issued", "it starts with the files of then"
    assert rotate()[0] == WAITS


def test_where_nothing_is_live_nothing_is_waited_for(luna: Tenant) -> None:
    (old,) = tenant_fernet_keys(luna)
    rotate()
    assert rotate("--handed-out")[1]["step"] == "done"
    (new,) = tenant_fernet_keys(luna)
    assert new != old


def test_what_no_longer_fits_together_stops_it_before_anything_is_changed(published: Tenant) -> None:
    rotate()
    Credential.objects.for_tenant(published).delete()
    before = everything(published)
    code, told = rotate("--handed-out")
    assert (code, bool(told["faults"])) == (1, True)
    assert everything(published) == before
    set_credential(tenant=published, field=FIELD, value=SECRET, by=COMMAND)
    assert rotate("--handed-out")[1]["step"] == "issued"


def test_a_runtime_that_has_no_new_key_yet_brings_about_no_way_back(published: Tenant) -> None:
    rotate("--retire")
    refusal = {"code": "secret_unreadable", "reason": "It opens with none of the keys.", "serial": 2}
    beat = Heartbeat.model_validate({"at": timezone.now(), "serial": 1, "refusal": refusal})
    assert go_back_if_refused(tenant=published, beat=beat, now=timezone.now() + timedelta(minutes=1)) is None
    assert Release.objects.for_tenant(published).count() == 2
