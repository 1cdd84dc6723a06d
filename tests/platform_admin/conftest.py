"""Django for the tests of the control plane, and a few people and businesses to act on."""

from __future__ import annotations

import os

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_admin.config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402 - needs the settings
from django.core.cache import cache  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from platform_admin.tenants.models import Membership, Role, Tenant, User  # noqa: E402
from tests.platform_admin.business import provisioned  # noqa: E402


@pytest.fixture(autouse=True)
def _nothing_left_over() -> None:
    """No throttle, and no language that a request of an earlier test chose."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("operator@example.com", "a long enough password")


@pytest.fixture
def luna(db: None) -> Tenant:
    """A business with a key, settings and one http_dev channel, nothing published."""
    return provisioned("luna", name="Peluquería Luna").tenant


@pytest.fixture
def sol(db: None) -> Tenant:
    """Another business, for everything that must not be seen or changed."""
    return provisioned("sol", name="Taller Sol").tenant


@pytest.fixture
def people(luna: Tenant) -> dict[str, User]:
    """One person per role in luna, by the role's name, and a stranger with none."""
    members = {}
    for role in Role:
        members[role.value] = User.objects.create_user(f"{role.value}@example.com", "a long enough password")
        Membership.objects.create(tenant=luna, user=members[role.value], role=role)
    return {**members, "stranger": User.objects.create_user("stranger@example.com", "a long enough password")}


@pytest.fixture
def as_operator(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client
