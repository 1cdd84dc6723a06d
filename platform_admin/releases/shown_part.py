"""A part of a tenant's settings as a form showed it: whoever saves over another one is told, and sees both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON
from platform_admin.credentials.holding import hold_credentials
from platform_admin.credentials.models import Credential
from platform_admin.documents.conflict import BY_COMMAND
from platform_admin.documents.json_field import Indented
from platform_admin.errors import EditConflictError
from platform_admin.releases.last_change import last_change
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_part import part_at
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class ShownPart:
    """``path`` leads to it: ``connectors.calendar``, ``channels.0``. Other parts may be saved meanwhile.

    What may be shown of its secrets belongs to it: their last characters, and when they end.
    """

    tenant: Tenant
    path: str

    @property
    def mark(self) -> str:
        """Equal for equal content; a form sends back the one that it was made with."""
        secrets = [
            [one.field, one.last4, str(one.expires_on), one.updated_at.isoformat()] for one in self._credentials()
        ]
        return hashlib.sha256(json.dumps([self._stored(), secrets], sort_keys=True).encode()).hexdigest()

    @property
    def text(self) -> str:
        """What is stored, to be read."""
        stored = json.dumps(self._stored(), ensure_ascii=False, cls=Indented)
        return "\n".join([stored, *(_said(one) for one in self._credentials())])

    def now(self, shown: str | None) -> tuple[str, str]:
        """The mark for a form that is shown again, and what is stored if that is no longer what the form showed."""
        mark = self.mark
        return mark, "" if shown in {None, mark} else self.text

    def differs_from(self, shown: str | None) -> bool:
        """``None`` is a form that does not say what it showed, and does not care."""
        return shown is not None and shown != self.mark

    @transaction.atomic
    def refuse_if_changed(self, shown: str | None) -> None:
        """Raises ``EditConflictError``. Within the transaction that saves: nobody else does until it ends."""
        row = TenantSettings.objects.for_tenant(self.tenant).select_for_update().first()
        # Held as well: the admin's page of one secret saves it without the settings.
        hold_credentials(self.tenant, f"{self.path}.")
        if row is not None and self.differs_from(shown):
            change = last_change(self.tenant, self.path)
            raise EditConflictError(
                who="" if change is None else str(change.actor or BY_COMMAND),
                at=row.updated_at if change is None else change.at,
                theirs=self._stored(),
                revision=row.revision,
            )

    def _stored(self) -> JSON:
        first = self.path.partition(".")[0]
        row = TenantSettings.objects.for_tenant(self.tenant).first()
        return None if row is None else part_at({first: getattr(row, first)}, self.path)

    def _credentials(self) -> models.QuerySet[Credential]:
        return Credential.objects.for_tenant(self.tenant).filter(field__startswith=f"{self.path}.").order_by("field")


def _said(one: Credential) -> str:
    words = {"key": one.field.rpartition(".")[2], "mask": f"••••{one.last4}", "day": one.expires_on}
    return (_("%(key)s: %(mask)s, ends on %(day)s") if one.expires_on else "%(key)s: %(mask)s") % words
