"""Passwords: set by a link, changed by their owner."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from platform_admin.people.actions.links import find_link, use_link
from platform_admin.people.doors import SIGN_IN_ACCOUNT, forget_name
from platform_admin.people.models import OneTimeLink
from platform_admin.people.posting import post
from platform_admin.people.sessions import end_all
from platform_admin.tenants import audit
from platform_admin.tenants.models import User

BY_LINK = (OneTimeLink.Purpose.SET_UP, OneTimeLink.Purpose.NEW_PASSWORD)


@transaction.atomic
def set_password_by_link(*, token: str, password: str, now: datetime) -> User:
    """Use a link up: the new password stands, every session ends, and the account's owner is told by mail.

    Raises ``LinkNotGoodError``, or ``ValidationError`` for a weak password (the link stays good).
    """
    link = find_link(token, *BY_LINK, now=now, lock=True)
    _set(link.user, password)
    use_link(link, now=now)
    end_all(link.user)
    forget_name(SIGN_IN_ACCOUNT, link.user.email)
    audit.record(by=link.user, verb="set a password by link", subject=link.user.email)
    post("password_changed", now=now, user=link.user.pk)
    return link.user


@transaction.atomic
def change_password(*, user: User, password: str, present_session: str | None, now: datetime) -> None:
    """Every other session ends, links that were sent are good no longer. Raises ``ValidationError``."""
    _set(user, password)
    end_all(user, but=present_session)
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=now)
    audit.record(by=user, verb="changed password", subject=user.email)
    post("password_changed", now=now, user=user.pk)


def _set(user: User, password: str) -> None:
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
