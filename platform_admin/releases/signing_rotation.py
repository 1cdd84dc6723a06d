"""Rotating the signing key: what has to hold before each step, and releases signed anew."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.errors import ConflictError
from platform_admin.releases.actions import rollback
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release
from platform_admin.releases.signing_key import activate_key, platform_signing_key, prepare_key, retire_key
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import Tenant


def prepare(*, by: Actor) -> str:
    """The name of a fresh key. Runtimes have to get the public keys before it is activated."""
    require_operator(by)
    keyid = prepare_key().keyid
    audit.record(by=by, verb="prepared signing key", subject=keyid)
    return keyid


def activate(*, by: Actor) -> str:
    """The prepared key signs from now on."""
    require_operator(by)
    keyid = activate_key().keyid
    audit.record(by=by, verb="activated signing key", subject=keyid)
    return keyid


def sign_live_again(*, by: Actor) -> tuple[Release, ...]:
    """Every live release that another key signed goes out again under the present one."""
    require_operator(by)
    return tuple(
        rollback(tenant=old.tenant, to_serial=old.serial, by=by, note="Signed with the new key")
        for old in signed_by_another_key()
    )


def retire(*, by: Actor) -> str:
    """The previous key is trusted no longer. Raises ``ConflictError`` while something signed by it is live."""
    require_operator(by)
    if left := signed_by_another_key():
        names = ", ".join(release.tenant.slug for release in left)
        raise ConflictError(
            _("Still live under the previous key: %(names)s. Sign those again first.") % {"names": names}
        )
    keyid = retire_key().keyid
    audit.record(by=by, verb="retired signing key", subject=keyid)
    return keyid


def signed_by_another_key() -> tuple[Release, ...]:
    """Live releases whose signature is not that of the key in use."""
    keyid = platform_signing_key().public_key.keyid
    live = (live_release(tenant) for tenant in Tenant.objects.exclude(status=Tenant.Status.DELETED))
    return tuple(release for release in live if release is not None and release.keyid != keyid)
