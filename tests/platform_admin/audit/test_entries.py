"""What an entry keeps of a value, and how entries that are written at once stand in line."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.audit.verifying import verify
from platform_admin.releases.sealing import lock
from platform_admin.tenants import audit
from platform_admin.tenants.audit_digest import bounded, plain
from platform_admin.tenants.models import AuditChain, AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, provisioned

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_entries_written_at_the_same_moment_get_a_place_each() -> None:
    tenant = provisioned("luna").tenant
    before = AuditChain.objects.get(name="luna").number

    def write(number: int) -> None:
        try:
            audit.record(by=COMMAND, verb="did", subject=str(number), tenant=tenant)
        finally:
            connections.close_all()

    if connection.vendor == "postgresql":
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(40)))
    else:  # SQLite in memory belongs to one connection
        for number in range(40):
            audit.record(by=COMMAND, verb="did", subject=str(number), tenant=tenant)
    assert AuditChain.objects.get(name="luna").number == before + 40
    assert verify("luna").problems == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_entry_does_not_wait_for_whoever_holds_the_tenant_and_they_do_not_meet_in_a_deadlock() -> None:
    """Publishing holds the tenant's row while others act on the same tenant; both write entries."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock, so nobody can hold another")
    tenant = provisioned("luna").tenant
    holds, written = threading.Event(), threading.Event()

    def publish_slowly() -> None:
        try:
            with transaction.atomic():
                lock(tenant)
                holds.set()
                assert written.wait(20), "the other entry had to wait"
                audit.record(by=COMMAND, verb="published", subject="x", tenant=tenant)
        finally:
            connections.close_all()

    def act() -> None:
        try:
            assert holds.wait(20)
            audit.record(by=COMMAND, verb="acted", subject="x", tenant=tenant)
            written.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(publish_slowly), pool.submit(act)]:
            done.result()
    verbs = AuditEntry.objects.filter(chain="luna").order_by("-number").values_list("verb", flat=True)
    assert list(verbs[:2]) == ["published", "acted"]
    assert verify("luna").problems == []


ODD = [
    "nul \0 in a text", "half \ud800 of a pair", {"a": float("nan")}, {"a": float("inf")}, 2**70, -(2**70), 1e300,
    1e16, 1.0, 0.1, {"k\0": 1}, {1: 2}, (1, 2), {"set": {1}},
    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
]  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=[str(index) for index in range(len(ODD))])
def test_an_odd_value_is_kept_as_something_and_never_the_reason_that_an_action_fails(trail: Tenant, value: Any) -> None:
    audit.record(by=COMMAND, verb="did", subject="odd", tenant=trail, details={"value": value}, before=value)
    assert verify("luna").problems == []


def test_a_long_value_is_kept_as_its_digest(trail: Tenant) -> None:
    row = audit.record(by=COMMAND, verb="did", subject="x", tenant=trail, after="x" * 70_000)
    assert row.after == bounded("x" * 70_000)
    assert isinstance(row.after, dict)
    assert set(row.after) == {"bytes", "sha256"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_is_plain_already(value: Any) -> None:
    assert plain(plain(value)) == plain(value)
    json.dumps(plain(value), allow_nan=False)
