"""Two businesses with a trail each."""

from __future__ import annotations

import pytest

from platform_admin.tenants import audit
from platform_admin.tenants.models import AuditChain, Tenant
from tests.platform_admin.business import COMMAND

CONTACT = "c-5f1c0a9be2d4-41"


@pytest.fixture
def trail(luna: Tenant, sol: Tenant) -> Tenant:
    """Ten entries in luna's chain, some about a customer, with a value before and after."""
    present = AuditChain.objects.get(name="luna").number
    for number in range(present, 10):
        audit.record(
            by=COMMAND, verb="did", subject=f"object {number}", tenant=luna, details={"n": number},
            contact=CONTACT if number % 2 else "", before={"name": "Ana"}, after={"name": "Eva", "share": 0.5},
        )  # fmt: skip
    return luna
