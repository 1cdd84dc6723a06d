"""Platform keys are rotated while everything goes on."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django import Settings

from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential, TenantKey
from platform_admin.credentials.queries import secret_in_clear, tenant_fernet_keys
from platform_admin.credentials.rotation import Rotated, rotate_keys, under_which_keys
from platform_admin.errors import NotAllowedError
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

FIELD = "connectors.llm.api_key"
NEW = Fernet.generate_key().decode()


@pytest.fixture
def stored(luna: Tenant, sol: Tenant, settings: Settings) -> tuple[str, ...]:
    """Two secrets and two tenant keys under the old keys, and a new key in front of those."""
    for tenant in (luna, sol):
        set_credential(tenant=tenant, field=FIELD, value=f"secret of {tenant.slug}", by=COMMAND)
    old: tuple[str, ...] = settings.FERNET_KEYS
    settings.FERNET_KEYS = (NEW, *old)
    return old


def test_afterwards_the_newest_key_alone_opens_everything(
    stored: tuple[str, ...], luna: Tenant, sol: Tenant, settings: Settings
) -> None:
    before = tenant_fernet_keys(luna)
    assert under_which_keys() == (0, 4, ())
    assert rotate_keys(by=COMMAND) == Rotated(renewed=4, current=0, unreadable=())
    settings.FERNET_KEYS = (NEW,)
    assert [secret_in_clear(tenant, FIELD) for tenant in (luna, sol)] == ["secret of luna", "secret of sol"]
    assert tenant_fernet_keys(luna) == before
    assert under_which_keys() == (4, 0, ())


def test_a_run_that_was_stopped_goes_on_where_it_was(stored: tuple[str, ...]) -> None:
    rows = Credential.objects.across_tenants("this test").order_by("pk")
    old = dict(rows.values_list("pk", "ciphertext"))
    rotate_keys(by=COMMAND)
    last = max(old)
    rows.filter(pk=last).update(ciphertext=old[last])  # as if it had ended before the last one
    assert rotate_keys(by=COMMAND) == Rotated(renewed=1, current=3, unreadable=())
    assert rotate_keys(by=COMMAND) == Rotated(renewed=0, current=4, unreadable=())


def test_what_no_key_opens_is_named_and_left_as_it_is(stored: tuple[str, ...], luna: Tenant) -> None:
    TenantKey.objects.for_tenant(luna).update(ciphertext=Fernet(Fernet.generate_key()).encrypt(b"x").decode())
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("rotate_keys", "--json", stdout=out)
    assert ended.value.returncode == 1
    assert json.loads(out.getvalue()) == {"renewed": 3, "current": 0, "unreadable": ["luna tenant_key"]}


def test_a_secret_copied_to_another_tenant_does_not_become_theirs(
    stored: tuple[str, ...], luna: Tenant, sol: Tenant
) -> None:
    stolen = Credential.objects.for_tenant(luna).get().ciphertext
    Credential.objects.for_tenant(sol).update(ciphertext=stolen)
    assert rotate_keys(by=COMMAND).unreadable == (f"sol {FIELD}",)
    assert Credential.objects.for_tenant(sol).get().ciphertext == stolen


def test_a_trial_changes_nothing(stored: tuple[str, ...]) -> None:
    rows = Credential.objects.across_tenants("this test")
    before = set(rows.values_list("ciphertext", flat=True))
    call_command("rotate_keys", "--dry-run", stdout=StringIO())
    assert set(rows.all().values_list("ciphertext", flat=True)) == before


def test_only_operators_rotate(stored: tuple[str, ...], people: dict[str, User]) -> None:
    with pytest.raises(NotAllowedError):
        rotate_keys(by=people["owner"])
    assert under_which_keys() == (0, 4, ())
