"""Who there is: tenants, people, and what each may do where."""

from __future__ import annotations

import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

SLUG_PATTERN = r"^[a-z0-9](-?[a-z0-9]){0,38}\Z"
"""Safe as a folder, a container name and a DNS label (reliability rule 22)."""

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z]{2})?\Z"
"""The part of BCP 47 that businesses use: ``es``, ``en-GB``."""


def validate_timezone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("This is no IANA time zone such as Europe/Madrid.", code="timezone")


class Role(models.TextChoices):
    """Each role may do what the ones before it may."""

    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    PUBLISHER = "publisher", "Publisher"
    OWNER = "owner", "Owner"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A platform operator: sees every tenant."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an email address. ``is_superuser`` marks a platform operator."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField("may open the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()


class Tenant(models.Model):
    """One business. The slug names it everywhere and never changes."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        DELETED = "deleted", "Deleted"

    slug = models.CharField(
        max_length=77,  # 1 + 38 pairs of "-x", the longest text SLUG_PATTERN allows
        unique=True,
        validators=[RegexValidator(SLUG_PATTERN, "Small letters and digits, single hyphens between them.")],
    )
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=6, default="en", validators=[RegexValidator(LANGUAGE_PATTERN)])
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_timezone])
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    delete_after = models.DateTimeField(null=True, blank=True, editable=False)
    # Set by the lifecycle alone, when the rows are gone: only then may the runtime's volume go as well.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    needs_second_person = models.BooleanField("releases need two people", default=False)
    # The database has the default as well: processes of the version before do not know the column.
    second_factor_required = models.BooleanField(
        "its people sign in with a second factor", default=False, db_default=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name or self.slug


class Membership(models.Model):
    """What one person may do in one tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_person_and_tenant")]

    def __str__(self) -> str:
        return f"{self.user} in {self.tenant}: {Role(self.role).label}"
