"""Secrets of tenants, encrypted. No clear value is ever in a column, and no page or API shows one again."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from platform_admin.credentials.sealed import Sealed
from platform_admin.credentials.vault import TENANT_KEY_FIELD
from platform_admin.tenants.models import User
from platform_admin.tenants.scoping import TenantOwned

FIELD_PATTERN = r"^(channels\.[0-9]{1,2}|connectors\.[a-z][a-z0-9_]{0,39})\.[a-z][a-z0-9_]{0,39}\Z"
"""A key of one channel or connector: ``channels.0.access_token``, ``connectors.calendar.service_account``."""

_PLATFORM_KEYS = "the platform's keys lie over every tenant's secrets"


class Credential(Sealed, TenantOwned):
    """One secret value of one tenant, and the place in the bundle it belongs to."""

    field = models.CharField(
        max_length=120,
        validators=[RegexValidator(FIELD_PATTERN, "A path such as channels.0.access_token or connectors.llm.api_key.")],
        help_text="Where the value belongs, for example channels.0.access_token or connectors.llm.api_key.",
    )
    last4 = models.CharField(max_length=4, editable=False, blank=True)
    expires_on = models.DateField("the provider ends it on", null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["tenant", "field"]
        constraints = [models.UniqueConstraint(fields=["tenant", "field"], name="one_credential_per_field")]

    def __str__(self) -> str:
        return f"{self.field} ••••{self.last4}"

    @property
    def bound_to(self) -> tuple[str, str]:
        return self.tenant.slug, self.field

    @classmethod
    def all_sealed(cls) -> models.QuerySet[Any]:
        return cls.objects.across_tenants(_PLATFORM_KEYS).select_related("tenant")


class TenantKey(Sealed, TenantOwned):
    """One of a tenant's own Fernet keys, encrypted under the platform's. The newest encrypts, all decrypt.

    One that ``waits`` is handed out to the runtime and encrypts nothing yet. ``first_serial`` is the release that was
    made anew under it, ``None`` where there was none to make.
    """

    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    waits = models.BooleanField(default=False, db_default=False, editable=False)
    first_serial = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"key of {self.created_at:%Y-%m-%d}"

    @property
    def bound_to(self) -> tuple[str, str]:
        return self.tenant.slug, TENANT_KEY_FIELD

    @classmethod
    def all_sealed(cls) -> models.QuerySet[Any]:
        return cls.objects.across_tenants(_PLATFORM_KEYS).select_related("tenant")


USES_KEPT_DAYS = 180
"""Of the use log. A leak is looked into within months, and a credential seldom lives for longer."""


class UseOfCredential(TenantOwned):
    """One line of the use log: who had one secret opened on a day, and what for. Never anything of its value.

    ``who`` is named as in the audit trail. The same again on the same day only moves ``at``, so that what comes by the
    hour is one line a day.
    """

    field = models.CharField(max_length=120)
    purpose = models.CharField(max_length=20)
    about = models.CharField(max_length=80, blank=True)
    who = models.CharField(max_length=254)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "field", "purpose", "about", "who", "day"], name="one_line_a_day_per_use"
            )
        ]
        indexes = [models.Index(fields=["at"], name="use_of_credential_age")]

    def __str__(self) -> str:
        return f"{self.field} for {self.purpose}"


class CredentialUse(TenantOwned):
    """The last time one secret was opened for one purpose.

    Written by processes of the version before alone, while they are replaced; nobody reads it. It goes with the next.
    """

    field = models.CharField(max_length=120)
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "field", "purpose"], name="one_use_per_purpose")]

    def __str__(self) -> str:
        return f"{self.field} for {self.purpose}"
