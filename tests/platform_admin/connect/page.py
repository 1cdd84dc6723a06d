"""The page *Connections* of the business luna, as its tests open it."""

from __future__ import annotations

from django.test import Client

from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import Tenant, User

URL = "/admin/connect/luna/"
ANTHROPIC = f"{URL}llm/anthropic/"
SECRET = "sk-canary-0123456789-tail"


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def connectors_of(tenant: Tenant) -> dict[str, object]:
    return dict(TenantSettings.objects.for_tenant(tenant).get().connectors)
