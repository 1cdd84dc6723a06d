"""What a person is called."""

from __future__ import annotations

from django.db import transaction

from platform_admin.tenants import audit
from platform_admin.tenants.models import User


@transaction.atomic
def rename(*, user: User, name: str) -> User:
    before, user.name = user.name, name
    user.full_clean()
    user.save(update_fields=["name"])
    audit.record(by=user, verb="changed name", subject=user.email, before=before, after=name)
    return user
