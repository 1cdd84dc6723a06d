"""Inviting somebody into a tenant: asked, sent again, withdrawn, accepted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import AlreadyThereError, LimitReachedError, LinkNotGoodError, NotThereError
from platform_admin.people.last_owner import lock_tenants
from platform_admin.people.models import Invitation
from platform_admin.people.one_time import digest_of, fresh_token, link_to
from platform_admin.people.posting import post
from platform_admin.people.standing import ask_anew
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Membership, Role, Tenant, User

LIVES: Final = timedelta(days=7)

MOST_OPEN: Final = 50
"""Open at a time in one tenant: more people than any of these businesses has; a bound on mail sent to strangers."""

_REASON: Final = "the token itself says which tenant it belongs to"


@transaction.atomic
def invite(*, tenant: Tenant, email: str, role: Role, by: Actor, now: datetime, by_mail: bool = True) -> Invitation:
    """Ask somebody to join. An open invitation for the address is renewed, with the new role.

    Raises ``NotAllowedError`` below owner, ``ValidationError`` for a bad address, ``AlreadyThereError`` for a member,
    ``LimitReachedError``. Whether the address has an account elsewhere makes no difference.
    """
    lock_tenants(tenant)
    require_role(by, tenant=tenant, role=Role.OWNER)
    email = email.strip().lower()
    if Membership.objects.filter(tenant=tenant, user__email=email).exists():
        raise AlreadyThereError(
            _("%(person)s belongs to %(business)s already.") % {"person": email, "business": tenant.name}
        )
    open_ones = Invitation.objects.for_tenant(tenant).filter(accepted_at=None, revoked_at=None)
    row = open_ones.filter(email=email).first()
    if row is None and open_ones.filter(expires_at__gt=now).count() >= MOST_OPEN:
        raise LimitReachedError(_("%(count)d invitations are open. Withdraw some first.") % {"count": MOST_OPEN})
    row = row or Invitation(tenant=tenant, email=email)
    row.role, row.expires_at = role, now + LIVES
    row.invited_by = None if isinstance(by, CommandActor) else by
    row.digest = None  # whatever was sent before is good no longer
    row.full_clean()
    row.save()
    details: JSONObject = {"role": str(role), "expires_at": row.expires_at.isoformat()}
    audit.record(by=by, verb="invited", subject=email, tenant=tenant, details=details)
    if by_mail:
        post("invitation", now=now, language=tenant.language, invitation=row.pk)
    return row


@transaction.atomic
def send_again(*, tenant: Tenant, pk: int, by: Actor, now: datetime) -> Invitation:
    """A fresh mail with a fresh link and seven more days. Raises ``NotThereError`` for one that is not open."""
    require_role(by, tenant=tenant, role=Role.OWNER)
    row = _open_one(tenant, pk)
    return invite(tenant=tenant, email=row.email, role=Role(row.role), by=by, now=now)


@transaction.atomic
def withdraw(*, tenant: Tenant, pk: int, by: Actor, now: datetime) -> Invitation:
    """Its link is good no longer. Raises ``NotThereError`` for one that is not open."""
    require_role(by, tenant=tenant, role=Role.OWNER)
    row = _open_one(tenant, pk)
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    audit.record(by=by, verb="withdrew invitation", subject=row.email, tenant=tenant, before=str(row.role))
    return row


@transaction.atomic
def invitation_to_send(*, pk: int, now: datetime) -> tuple[Invitation, str] | None:
    """The open invitation with a fresh link in clear, for its mail; ``None`` for one that was withdrawn meanwhile."""
    rows = Invitation.objects.across_tenants("the worker sends for all tenants").select_related("tenant", "invited_by")
    good = Q(accepted_at=None, revoked_at=None, expires_at__gt=now)
    row = rows.select_for_update(of=("self",)).filter(good, pk=pk).first()
    if row is None:
        return None
    token = fresh_token()
    row.digest, row.sent_at = digest_of(token), now
    row.save(update_fields=["digest", "sent_at"])
    return row, link_to("invitation_link", token)


def find_invitation(token: str, *, now: datetime, lock: bool = False) -> Invitation:
    """The good invitation behind a token. Raises ``LinkNotGoodError``, without saying what is wrong with it."""
    rows = Invitation.objects.across_tenants(_REASON).select_related("tenant")
    if lock:
        rows = rows.select_for_update(of=("self",))
    good = Q(accepted_at=None, revoked_at=None, expires_at__gt=now)
    row = rows.filter(good, digest=digest_of(token)).exclude(tenant__status=Tenant.Status.DELETED).first()
    if row is None:
        raise LinkNotGoodError(_("This invitation is used up, withdrawn or past its time. Ask for a new one."))
    return row


@transaction.atomic
def accept_as(*, token: str, user: User, present_session: str | None, now: datetime) -> Membership:
    """Join as the person who is signed in. Raises ``LinkNotGoodError``, also for somebody else's invitation."""
    invitation = find_invitation(token, now=now, lock=True)
    if user.email != invitation.email or not user.is_active:
        raise LinkNotGoodError(_("This invitation is for another address."))
    membership = _join(invitation, user, now)
    ask_anew(user, but=present_session)
    return membership


@transaction.atomic
def accept_as_new(*, token: str, name: str, password: str, now: datetime) -> tuple[User, Membership]:
    """Make the account the invitation asks for, and join.

    Raises ``LinkNotGoodError``, also when the address has an account by now (they sign in instead);
    ``ValidationError`` for a bad name or a weak password (the link stays good).
    """
    invitation = find_invitation(token, now=now, lock=True)
    if User.objects.filter(email=invitation.email).exists():
        raise LinkNotGoodError(_("This address has an account. Sign in to accept."))
    user = User(email=invitation.email, name=name)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user, _join(invitation, user, now)


def _join(invitation: Invitation, user: User, now: datetime) -> Membership:
    """A role that somebody has already is never lowered by accepting."""
    tenant, role = invitation.tenant, Role(invitation.role)
    lock_tenants(tenant)
    membership = Membership.objects.filter(tenant=tenant, user=user).first()
    if membership is None:
        membership = Membership.objects.create(tenant=tenant, user=user, role=role)
    elif Role(membership.role).rank < role.rank:
        membership.role = role
        membership.save(update_fields=["role"])
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    details: JSONObject = {"role": membership.role}
    audit.record(by=user, verb="accepted invitation", subject=user.email, tenant=tenant, details=details)
    return membership


def _open_one(tenant: Tenant, pk: int) -> Invitation:
    row = Invitation.objects.for_tenant(tenant).filter(pk=pk, accepted_at=None, revoked_at=None).first()
    if row is None:
        raise NotThereError(_("This invitation is not open any more."))
    return row
