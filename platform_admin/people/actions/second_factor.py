"""The second factor: set up, shown at sign-in, its recovery codes, taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_admin.credentials.vault import platform_vault
from platform_admin.errors import ConflictError
from platform_admin.people.authenticator_app import fresh_key, step_of
from platform_admin.people.models import Authenticator, RecoveryCode, owner_name
from platform_admin.people.posting import post
from platform_admin.people.recovery import fresh_codes, looks_like_one, use_code
from platform_admin.people.sessions import end_all
from platform_admin.people.standing import ask_anew
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator, require_role
from platform_admin.tenants.models import Membership, Role, Tenant, User


@transaction.atomic
def key_to_set_up(*, user: User) -> str:
    """The key that the set-up page shows, the same until it is confirmed. Raises ``ConflictError`` afterwards."""
    row = Authenticator.objects.select_for_update().filter(user=user).first()
    if row is None:
        key = fresh_key()
        owner = owner_name(user.pk)
        sealed = platform_vault().seal(tenant=owner, field=Authenticator.FIELD, value=key)
        Authenticator.objects.create(user=user, ciphertext=sealed)
        return key
    if row.confirmed_at is not None:
        raise ConflictError(_("A second step is set up already."))
    return _key_of(row)


@transaction.atomic
def confirm(*, user: User, code: str, present_session: str | None, now: datetime) -> list[str] | None:
    """Begin to use the second factor, by a first code from the app. The recovery codes, or nothing for a wrong code.

    Every other session ends: they came in without it. Raises ``ConflictError`` when there is nothing to confirm.
    """
    row = Authenticator.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    if row is None:
        raise ConflictError(_("There is nothing to confirm. Begin anew."))
    step = step_of(code, key=_key_of(row), now=now, after=row.last_step)
    if step is None:
        return None
    row.confirmed_at, row.last_step = now, step
    row.save(update_fields=["confirmed_at", "last_step"])
    codes = fresh_codes(user)
    end_all(user, but=present_session)
    audit.record(by=user, verb="set up second factor", subject=user.email)
    post("second_factor_changed", now=now, user=user.pk, is_on=True)
    return codes


@transaction.atomic
def show(*, user: User, code: str, now: datetime) -> bool:
    """Whether this is the app's code of this moment, not shown before, or one of the recovery codes left."""
    row = Authenticator.objects.select_for_update().filter(user=user).exclude(confirmed_at=None).first()
    if row is None:
        return False
    step = step_of(code, key=_key_of(row), now=now, after=row.last_step)
    if step is not None:
        row.last_step = step
        row.save(update_fields=["last_step"])
        return True
    if not looks_like_one(code) or not use_code(user, code, now=now):
        return False
    audit.record(by=user, verb="used a recovery code", subject=user.email)
    return True


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the old ones are good no longer."""
    if not Authenticator.objects.filter(user=user).exclude(confirmed_at=None).exists():
        raise ConflictError(_("Set a second step up first."))
    audit.record(by=user, verb="made new recovery codes", subject=user.email)
    return fresh_codes(user)


@transaction.atomic
def remove(*, user: User, present_session: str | None, now: datetime) -> None:
    """By the person, after their password. Every other session ends."""
    _forget(user)
    end_all(user, but=present_session)
    audit.record(by=user, verb="removed second factor", subject=user.email)
    post("second_factor_changed", now=now, user=user.pk, is_on=False)


@transaction.atomic
def reset(*, user: User, by: Actor, now: datetime) -> None:
    """By an operator, for somebody who lost phone and codes. They are told, and signed out everywhere."""
    require_operator(by)
    _forget(user)
    end_all(user)
    audit.record(by=by, verb="removed second factor", subject=user.email)
    post("second_factor_changed", now=now, user=user.pk, is_on=False)


@transaction.atomic
def require_for_tenant(*, tenant: Tenant, required: bool, by: Actor, present_session: str | None = None) -> None:
    """Whether the people of a tenant need one. Those without sign in again and are led to set it up."""
    require_role(by, tenant=tenant, role=Role.OWNER)
    rows = Tenant.objects.filter(pk=tenant.pk)
    before = rows.values_list("second_factor_required", flat=True).get()
    rows.update(second_factor_required=required)
    audit.record(
        by=by, verb="required second factor", subject=tenant.slug, tenant=tenant, details={"on": required},
        before=before, after=required,
    )  # fmt: skip
    if required:
        for membership in Membership.objects.filter(tenant=tenant).select_related("user"):
            ask_anew(membership.user, but=present_session)


def _forget(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _key_of(row: Authenticator) -> str:
    owner, field = row.bound_to
    return platform_vault().open(row.ciphertext, tenant=owner, field=field)
