"""One saves a secret by itself, another one changes what it belongs to: the second waits, and neither is ended."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections

from platform_admin.connect.actions import connect, disconnect
from platform_admin.credentials.actions import set_credential
from platform_admin.tenants.models import AuditEntry, Tenant
from platform_admin.whatsapp.connecting import connect_number
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.waiting import HANGS_SECONDS, until_somebody_waits

pytestmark = pytest.mark.postgres

NUMBER = "1055512345"
OF_A_NUMBER = {"access_token": "EAAG-of-the-tests", "app_secret": "of-the-test"}


def enter_number(tenant: Tenant) -> None:
    connect_number(tenant=tenant, phone_number_id=NUMBER, waba_id="2222222222", secrets=OF_A_NUMBER, by=COMMAND)


type Change = Callable[[Tenant], object]

CHANGES: dict[str, tuple[str, Change]] = {
    "disconnecting": (
        "connectors.notification.secret",
        lambda tenant: disconnect(tenant=tenant, category="notification", by=COMMAND),
    ),
    "connecting anew": (
        "connectors.notification.secret",
        lambda tenant: connect(
            tenant=tenant,
            category="notification",
            block={"type": "webhook", "url": "https://after.example.org/"},
            secrets={"secret": "whsec_" + "QUFB" * 8},
            by=COMMAND,
        ),
    ),
    "entering the number anew": ("channels.1.app_secret", enter_number),
}


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    assert connection.vendor == "postgresql"
    tenant = provisioned("luna").tenant
    block = {"type": "webhook", "url": "https://before.example.org/"}
    connect(
        tenant=tenant, category="notification", block={**block}, secrets={"secret": "whsec_" + "QkJC" * 8}, by=COMMAND
    )
    connect_number(tenant=tenant, phone_number_id=NUMBER, waba_id="1111111111", secrets=OF_A_NUMBER, by=COMMAND)
    return tenant


@pytest.mark.parametrize(("field", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_who_changes_more_than_a_secret_waits_for_who_saves_it(field: str, change: Change, tenant: Tenant) -> None:
    before = AuditEntry.objects.filter(verb="set credential", subject=field).count()
    begun: list[Future[object]] = []

    def hang_up_after() -> object:
        try:
            return change(tenant)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:

        def between[T](execute: Callable[..., T], sql: str, *rest: object) -> T:
            """The other one begins when the secret is stored and the trail does not know of it yet."""
            if not begun and sql.startswith("SELECT") and "tenants_auditchain" in sql:
                begun.append(pool.submit(hang_up_after))
                until_somebody_waits()
            return execute(sql, *rest)

        with connection.execute_wrapper(between):
            set_credential(tenant=tenant, field=field, value="whsec_" + "Q0ND" * 8, by=COMMAND)
        (other,) = begun
        other.result(HANGS_SECONDS)
    entries = AuditEntry.objects.filter(tenant=tenant).order_by("-number")
    (own,) = entries.filter(verb="set credential", subject=field, after__last4="Q0ND")
    assert before == 1
    assert entries[0] != own, "the other one's change came after it"
