"""The settings as they are stored, to change a part of them and save the whole."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import HasFaultsError
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant


def stored_settings(tenant: Tenant) -> JSONObject:
    """For ``save_settings``, without the business part, which is kept and versioned on its own.

    Within the transaction that saves: nobody else changes them from here until it ends. Raises ``HasFaultsError`` while
    they have faults: saving them would lose what could not be read.
    """
    # Every business has its row from the day it is provisioned.
    TenantSettings.objects.for_tenant(tenant).select_for_update().first()
    reading = settings_of(tenant)
    if reading.document is None:
        raise HasFaultsError(reading.faults)
    document: JSONObject = reading.document.model_dump(mode="json", exclude_unset=True)
    document.pop("business", None)
    return document
