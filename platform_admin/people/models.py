"""Invitations, one-time links, second factors, sessions, and how often somebody tried. No secret is in clear."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from platform_admin.credentials.sealed import Sealed
from platform_admin.tenants.models import Role, User
from platform_admin.tenants.scoping import TenantOwned

_SHA256_HEX_DIGITS = 64


class Invitation(TenantOwned):
    """A person asked by e-mail to join a tenant. One is open for an address at a time."""

    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=16, choices=Role, default=Role.VIEWER)
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS, unique=True, null=True, editable=False)  # noqa: DJ001 - none must not equal none
    """Of the token in the newest mail; none until the first one is written."""
    invited_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {Role(self.role).label.lower()}"


class OneTimeLink(models.Model):
    """A link in a mail or on an operator's terminal. The newest of a purpose replaces the ones before it."""

    class Purpose(models.TextChoices):
        SET_UP = "set_up", "Set an account up"
        NEW_PASSWORD = "new_password", "Set a new password"
        NEW_ADDRESS = "new_address", "Confirm a new address"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_links")
    purpose = models.CharField(max_length=16, choices=Purpose)
    digest = models.CharField(max_length=_SHA256_HEX_DIGITS, unique=True)
    email = models.EmailField(blank=True)
    """The new address, where that is the purpose."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "purpose"], name="one_link_per_purpose")]

    def __str__(self) -> str:
        return f"{self.Purpose(self.purpose).label}: {self.user}"


class Authenticator(Sealed):
    """The secret that a person's authenticator app shares with us (RFC 6238). In use once a code was shown."""

    FIELD = "authenticator"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    """The 30-second step of the last code that was taken: it and older ones are not taken again."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Authenticator of {self.user}"

    @property
    def bound_to(self) -> tuple[str, str]:
        return owner_name(self.user_id), self.FIELD

    @classmethod
    def all_sealed(cls) -> models.QuerySet[Any]:
        return cls.objects.all()


class RecoveryCode(models.Model):
    """One of ten codes for the day the phone is gone. ``locator`` is its first group, the rest is hashed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    locator = models.CharField(max_length=4)
    hashed = models.CharField(max_length=128)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "locator"], name="one_code_per_locator")]

    def __str__(self) -> str:
        return f"{self.locator}-…"


class Attempts(models.Model):
    """How often one door was tried under one name, and until when it stays closed for that name."""

    door = models.CharField(max_length=24)
    name = models.CharField(max_length=_SHA256_HEX_DIGITS)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)
    closures = models.PositiveSmallIntegerField(default=0)
    told = models.BooleanField(default=False)
    """Whether the trail knows of the present closure."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "name"], name="one_count_per_door_and_name")]
        indexes = [models.Index(fields=["since"], name="attempts_by_age")]

    def __str__(self) -> str:
        return f"{self.count} at {self.door}"


class PersonSession(AbstractBaseSession):
    """A session with whose it is, so that a person can see and end their own."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=45, blank=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


def owner_name(user_id: int) -> str:
    """What a person's secrets are bound to; no tenant's slug looks so."""
    return f"user:{user_id}"
