"""Another e-mail address: asked for, confirmed from the new one, told to the old one."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from platform_admin.errors import LinkNotGoodError
from platform_admin.people.actions.links import find_link, use_link
from platform_admin.people.models import OneTimeLink
from platform_admin.people.posting import post
from platform_admin.tenants import audit
from platform_admin.tenants.models import User


@transaction.atomic
def ask_for_address(*, user: User, email: str, now: datetime) -> None:
    """Send the new address a link. Whether somebody else has that address is found out by the worker, and not told."""
    post("new_address", now=now, user=user.pk, email=email.strip().lower())
    audit.record(by=user, verb="asked for another address", subject=user.email)


@transaction.atomic
def confirm_address(*, token: str, now: datetime) -> User:
    """Take the new address. Raises ``LinkNotGoodError``, also when somebody else has it by now."""
    link = find_link(token, OneTimeLink.Purpose.NEW_ADDRESS, now=now, lock=True)
    user, old = link.user, link.user.email
    user.email = link.email
    try:
        user.full_clean()
    except ValidationError as error:
        raise LinkNotGoodError(_("This address cannot be taken. Ask for a new link.")) from error
    user.save(update_fields=["email"])
    use_link(link, now=now)
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=now)
    post("address_changed", now=now, user=user.pk, email=old)
    audit.record(by=user, verb="changed address", subject=user.email, before=old, after=user.email)
    return user
