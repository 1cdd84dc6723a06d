"""People as operators see them: made, renamed, let in or not, made operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import AlreadyThereError, ConflictError
from platform_admin.people.actions.links import issue_link
from platform_admin.people.last_owner import keep_an_owner, lock_tenants, owned_by
from platform_admin.people.models import OneTimeLink
from platform_admin.people.posting import post
from platform_admin.people.sessions import end_all
from platform_admin.people.standing import ask_anew
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import User


@transaction.atomic
def create_first_operator(*, email: str, password: str | None, by: Actor) -> User:
    """The platform's first operator; without a password they can come in by a link alone (``set_up_link``).

    Asked again for the same address while that person has no password yet, it is them once more. Raises
    ``AlreadyThereError`` when there is another operator, ``ValidationError`` for a bad address or a weak password.
    """
    user = User(email=email, is_staff=True, is_superuser=True)
    user.clean()
    present = User.objects.filter(is_superuser=True).first()
    if present is not None and (present.email != user.email or present.has_usable_password()):
        raise AlreadyThereError(_("There is an operator already; they can invite others."))
    user = present or user
    if password is not None:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    audit.record(by=by, verb="created operator", subject=user.email)
    return user


@transaction.atomic
def add_operator(*, email: str, name: str, by: Actor, now: datetime) -> User:
    """Another operator, told by mail how to set their account up. Raises ``ValidationError``."""
    require_operator(by)
    user = User(email=email, name=name, is_staff=True, is_superuser=True)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    audit.record(by=by, verb="created operator", subject=user.email)
    post("set_up", now=now, user=user.pk)
    return user


@transaction.atomic
def set_up_link(*, user: User, by: Actor, now: datetime) -> str:
    """A link, for a terminal, that sets a password once."""
    require_operator(by)
    audit.record(by=by, verb="made a link to set the account up", subject=user.email)
    return issue_link(user=user, purpose=OneTimeLink.Purpose.SET_UP, now=now)


@transaction.atomic
def renew_password(*, user: User, password: str, by: Actor) -> User:
    """Set a password by somebody with a shell (a demo's); ends the person's sessions."""
    require_operator(by)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_all(user)
    audit.record(by=by, verb="renewed password", subject=user.email)
    return user


@transaction.atomic
def save_user(*, user: User, changed: Sequence[str], by: Actor) -> User:
    """Store an edited person; ``changed`` names the edited fields for the trail.

    Raises ``ValidationError``, and ``ConflictError`` when a tenant would lose its last active owner or the platform
    its last operator.
    """
    require_operator(by)
    lock_tenants(*owned_by(user))
    before = User.objects.select_for_update().get(pk=user.pk)
    if before.is_active and not user.is_active:
        for tenant in owned_by(user):
            keep_an_owner(tenant, without=user)
    if before.is_superuser and not (user.is_superuser and user.is_active):
        _keep_an_operator(without=user)
    user.is_staff = user.is_superuser  # the admin is the operators'
    user.full_clean()
    user.save()
    audit.record(
        by=by, verb="changed user", subject=user.email, details={"fields": list(changed)},
        before=_told(before, changed), after=_told(user, changed),
    )  # fmt: skip
    if not user.is_active:
        end_all(user)
    elif user.is_superuser != before.is_superuser:
        ask_anew(user)
    return user


@transaction.atomic
def sign_out_everywhere(*, user: User, by: Actor) -> int:
    """End every session of somebody else; how many there were."""
    require_operator(by)
    ended = end_all(user)
    audit.record(by=by, verb="signed out everywhere", subject=user.email, details={"sessions": ended})
    return ended


def _told(user: User, names: Sequence[str]) -> JSONObject:
    """The values of these fields for the trail; of what relates to other rows and of the password, nothing."""
    plain = {field.name for field in user._meta.concrete_fields if not field.is_relation} - {"password"}  # noqa: SLF001 - Django documents _meta
    return {name: getattr(user, name) for name in names if name in plain}


def _keep_an_operator(*, without: User) -> None:
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    if {user.pk for user in others} == {without.pk}:
        raise ConflictError(_("The platform would have no operator left. Make somebody else one first."))
