from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, FLOW, provisioned, sources

PUBLISHERS = 4


def publish_and_hang_up(tenant: Tenant, note: str) -> int:
    try:
        return publish(tenant=tenant, by=COMMAND, sources=sources(FLOW + f"# {note}\n"), note=note).serial
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_publishing_at_the_same_moment_gives_each_a_serial_of_its_own() -> None:
    tenant = provisioned("luna").tenant
    notes = [f"publisher {number}" for number in range(PUBLISHERS)]
    if connection.vendor == "postgresql":
        with ThreadPoolExecutor(PUBLISHERS) as pool:
            serials = list(pool.map(lambda note: publish_and_hang_up(tenant, note), notes))
    else:
        # SQLite in memory belongs to one connection, so the publishers follow each other there.
        serials = [publish(tenant=tenant, by=COMMAND, sources=sources(), note=note).serial for note in notes]
    assert sorted(serials) == [1, 2, 3, 4]
    stored = Release.objects.for_tenant(tenant)
    assert sorted(stored.values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert sorted(stored.values_list("note", flat=True)) == notes
