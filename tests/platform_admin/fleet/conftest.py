"""A business for each name that a test of the fleet asks for."""

from __future__ import annotations

import pytest

from platform_admin.releases.provisioning import provision
from platform_admin.tenants.models import Tenant
from tests.platform_admin.fleet.passes import SHELL, MakeTenant


@pytest.fixture
def tenant_of(db: None) -> MakeTenant:
    def make(slug: str) -> Tenant:
        tenant, _ = provision(slug=slug, name=slug.title(), language="es", timezone="UTC", channel=None, by=SHELL)
        return tenant

    return make
